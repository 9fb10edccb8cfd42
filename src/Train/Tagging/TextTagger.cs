using LdNetGpu.Devices;
using LdNetGpu.Model;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Train.Tagging;

/// <summary>
/// Tags text as it comes, in bounded memory: sentences are taken a window at a time, sorted by length within it, and
/// given back in their order.
/// </summary>
/// <param name="loaded">The tagger and its vocabularies; the caller disposes of it.</param>
/// <param name="options">How many readings, and what with; by default the best one alone.</param>
public sealed class TextTagger(LoadedTagger loaded, TextTaggerOptions? options = null)
{
    readonly TextTaggerOptions options = options ?? new();

    /// <summary>Tags a stream of sentences, which must be tokenised as the tagger's training text was.</summary>
    /// <param name="sentences">Read as the results are taken.</param>
    /// <returns>One for each, in their order; one without words has one reading, without tags.</returns>
    public IEnumerable<TaggedSentence> Tag(IEnumerable<Sentence> sentences) =>
        SentenceBatches.Windows(sentences, options.WindowWords).SelectMany(TagWindow);

    /// <summary>Tags one sentence.</summary>
    /// <param name="words">Tokenised as the tagger's training text was.</param>
    /// <exception cref="UserException">There is no word.</exception>
    public TaggedSentence Tag(params string[] words)
    {
        if (words.Length == 0) throw new UserException("A sentence to tag needs a word at least.");
        return TagWindow([new Sentence(words, null, 1, 0)])[0];
    }

    TaggedSentence[] TagWindow(IReadOnlyList<Sentence> window)
    {
        var nothing = new TaggedReading([], options.Readings > 1 ? 1 : null, options.WithConfidence ? [] : null);
        var tagged = window.Select(sentence => new TaggedSentence(sentence.Words, [nothing]) { Source = sentence })
            .ToArray();
        var full = Enumerable.Range(0, window.Count).Where(number => window[number].Words.Length > 0).ToArray();
        var batches = SentenceBatches.ByWordBudget(Array.ConvertAll(full, number => window[number].Words.Length),
            TaggerEvaluation.WordBudget);
        var results = SentenceBatches.InOrder(batches,
            batches.SelectMany(places => TagBatch(Array.ConvertAll(places, place => window[full[place]]))));
        for (var place = 0; place < full.Length; place++) tagged[full[place]] = results[place];
        return tagged;
    }

    IEnumerable<TaggedSentence> TagBatch(Sentence[] sentences)
    {
        var batch = new TaggerBatch([.. sentences.Select(loaded.Vocabularies.Encode)], loaded.Vocabularies.BackwardEnd);
        var readings = loaded.Tagger.Read(batch, options.Readings, options.WithConfidence);
        return sentences.Zip(readings,
            (sentence, best) => new TaggedSentence(sentence.Words, Array.ConvertAll(best, Named))
            { Source = sentence });
    }

    TaggedReading Named(TaggerReading reading) => new(
        TagConversion.Convert(Array.ConvertAll(reading.Tags, tag => loaded.Vocabularies.Tags[tag]), TagScheme.Iob2),
        reading.LogProbability is { } known ? Math.Exp(known) : null,
        reading.Confidence);
}
