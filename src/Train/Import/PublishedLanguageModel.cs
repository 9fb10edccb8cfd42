using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Import;

/// <summary>A language model of the published code: what its tensors' sizes say of its settings.</summary>
static class PublishedLanguageModel
{
    const string Stack = "rnn.";

    /// <summary>The model with its vocabulary.</summary>
    /// <param name="backend">Where it is to live.</param>
    /// <param name="weights">Its state_dict.</param>
    /// <param name="vocabularies">With <c>w_map</c>.</param>
    /// <param name="direction">forward or backward.</param>
    /// <param name="relu">Whether it was trained with <c>--add_relu</c>.</param>
    /// <exception cref="UserException">The files do not fit each other, or are of no such model.</exception>
    public static LoadedLanguageModel Read(DeviceBackend<float> backend, TorchWeights weights,
        PublishedVocabularies vocabularies, string direction, bool relu)
    {
        var embedding = weights.Sizes("word_embed.weight", 2);
        var vocabulary = vocabularies.Of("w_map", embedding[0], end: "\n");
        ModelVocabulary.Require(vocabulary, weights.Source, Data.Vocabulary.Unknown, Data.Vocabulary.SentenceEnd);
        var options = Softmax(weights, embedding[0], Layers(weights, embedding[1]) with
        {
            EmbeddingSize = embedding[1], ProjectionRelu = relu,
            ProjectionSize = weights.Has("project.weight") ? weights.Sizes("project.weight", 2)[0] : 0,
        });
        var model = weights.Fill(() => new LanguageModel<float>(backend, options, embedding[0]));
        return new(new(LanguageModelConfig.KindName, direction, embedding[0], options), model, vocabulary);
    }

    static LanguageModelOptions Layers(TorchWeights weights, int embedding)
    {
        var hidden = weights.Hidden(Stack);
        if (hidden.Length == 0)
            throw new UserException($"{weights.Source}: a language model without recurrent layers.");
        if (hidden.Distinct().Count() > 1)
            throw new UserException($"{weights.Source}: layers of {string.Join(", ", hidden)} units: a language "
                + "model's are all of one size.");
        return new()
        {
            Layers = hidden.Length, HiddenSize = hidden[0], Unit = weights.UnitOf(TorchWeights.Layer(Stack, 0)),
            Connectivity = weights.IsDense(Stack, embedding, hidden) ? Connectivity.Dense : Connectivity.Stacked,
        };
    }

    // Cut-offs are where tails begin; in the published code they end at V or one behind it.
    static LanguageModelOptions Softmax(TorchWeights weights, int words, LanguageModelOptions options)
    {
        var head = weights.Sizes("soft_max.head.weight", 2);
        var tails = new List<int>();
        while (weights.Has(Tail(tails.Count, 1))) tails.Add(weights.Sizes(Tail(tails.Count, 1), 2)[0]);
        long border = head[0] - tails.Count;
        var cutoffs = new List<int>();
        foreach (var tail in tails)
        {
            cutoffs.Add((int)Math.Clamp(border, 0, int.MaxValue));
            border += tail;
        }
        if (border != words && border != words + 1L)
            throw new UserException(
                Invariant($"{weights.Source}: the softmax is over {border} words, and {words} have an embedding."));
        return options with
        {
            Cutoffs = cutoffs, SpareSoftmaxRow = border == words + 1L,
            TailExponentStart = tails.Count > 0 && weights.Sizes(Tail(0, 0), 2)[0] < head[1] ? 1 : 0,
        };
    }

    static string Tail(int tail, int part) => Invariant($"soft_max.tail.{tail}.{part}.weight");
}
