using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Import;

/// <summary>
/// A tagger of the published code, whole or pruned: what its tensors' sizes and its maps say of its settings. It reads
/// a newline behind a sentence, as that code does of one sentence at a time, and knows no constraints.
/// </summary>
static class PublishedTagger
{
    // What the maps call the sentence's end.
    const string WordsEnd = "<\n>", End = "\n";

    /// <summary>The tagger with its vocabularies.</summary>
    /// <param name="backend">Where it is to live.</param>
    /// <param name="weights">Its state_dict.</param>
    /// <param name="vocabularies">With the tagger's maps.</param>
    /// <exception cref="UserException">The files do not fit each other, or are of no such model.</exception>
    public static LoadedTagger Read(DeviceBackend<float> backend, TorchWeights weights,
        PublishedVocabularies vocabularies)
    {
        var (forward, backward) = (Encoder(weights, "f_lm."), Encoder(weights, "b_lm."));
        if (forward is null != backward is null)
            throw new UserException($"{weights.Source}: one language model of two.");
        var tags = Tags(vocabularies, weights);
        var read = new TaggerVocabularies(
            vocabularies.Of("gw_map", weights.Sizes("word_embed.weight", 2)[0], WordsEnd),
            new CharacterVocabulary(vocabularies.Of("c_map", weights.Sizes("char_embed.weight", 2)[0], End)), tags,
            forward is null ? null : vocabularies.Of("flm_map", forward.Words, End),
            backward is null ? null : vocabularies.Of("blm_map", backward.Words, End))
        { Lowercase = true, SentenceEnd = SentenceEnd.Words }.RequireSentenceEnd(weights.Source);
        ModelVocabulary.Require(read.Words, weights.Source, Vocabulary.Unknown);
        foreach (var words in new[] { read.ForwardWords, read.BackwardWords }.OfType<Vocabulary>())
            ModelVocabulary.Require(words, weights.Source, Vocabulary.Unknown, Vocabulary.SentenceEnd);
        var options = Options(weights, tags, forward is not null);
        var tagger = weights.Fill(() =>
            new Tagger<float>(backend, options, TaggerFolder.ShapeOf(read, forward, backward)));
        return new(tagger, read);
    }

    static TaggerOptions Options(TorchWeights weights, TagVocabulary tags, bool hasLanguageModels)
    {
        var unit = weights.UnitOf("word_rnn.");
        foreach (var layer in new[] { "char_fw.", "char_bw." })
            if (weights.UnitOf(layer) != unit)
                throw new UserException($"{weights.Source}: '{layer}' is of another recurrent unit than 'word_rnn.'.");
        return new()
        {
            CharEmbedding = weights.Sizes("char_embed.weight", 2)[1],
            CharHidden = weights.Sizes("char_fw.weight_hh_l0", 2)[1],
            WordEmbedding = weights.Sizes("word_embed.weight", 2)[1],
            WordHidden = weights.Sizes("word_rnn.weight_hh_l0", 2)[1],
            LmProjection = hasLanguageModels ? weights.Sizes("lm_seq.weight", 2)[0] : new TaggerOptions().LmProjection,
            LmMixing = weights.Has("f_lm.rnn.gamma") ? LanguageModelMixing.Elmo : LanguageModelMixing.Concat,
            Unit = unit, Scheme = tags.Scheme == TagScheme.Iobes ? TaggerScheme.Iobes : TaggerScheme.Iob2,
            Constraints = CrfConstraints.None, SentenceEnd = SentenceEnd.Words,
        };
    }

    static TagVocabulary Tags(PublishedVocabularies vocabularies, TorchWeights weights)
    {
        var tags = new TagVocabulary(vocabularies.Of("y_map", weights.Sizes("crf.transitions", 2)[0]));
        TaggerFolder.RequireScheme(weights.Source, tags,
            tags.Scheme == TagScheme.Iobes ? TaggerScheme.Iobes : TaggerScheme.Iob2);
        return tags;
    }

    static EncoderShape? Encoder(TorchWeights weights, string name)
    {
        if (!weights.Has(name + "word_embed.weight")) return null;
        var embedding = weights.Sizes(name + "word_embed.weight", 2);
        var stack = name + "rnn.";
        var hidden = weights.Hidden(stack);
        var isMixed = weights.Has(stack + "gamma");
        var unit = hidden.Length > 0 ? weights.UnitOf(TorchWeights.Layer(stack, 0)) : weights.UnitOf("word_rnn.");
        return new(embedding[0],
            new(unit, embedding[1], hidden, weights.IsDense(stack, embedding[1], hidden)),
            Scaled: weights.Has(stack + "weight_list") && !isMixed);
    }
}
