using System.Diagnostics.CodeAnalysis;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>Scores a tagger on a labelled file. Tags that the model never saw are scored like any others.</summary>
/// <param name="vocabularies">Of the taggers to be scored.</param>
/// <param name="file">With gold tags.</param>
public sealed class TaggerEvaluation(TaggerVocabularies vocabularies, LabelledFile file)
{
    /// <summary>Words a batch, padding counted.</summary>
    internal const int WordBudget = 2560;

    readonly TaggerVocabularies vocabularies =
        vocabularies ?? throw new ArgumentNullException(nameof(vocabularies));
    readonly LabelledFile file = (file ?? throw new ArgumentNullException(nameof(file)))
        .RequireSentences("text to be scored");
    readonly EncodedSentence[] sentences = [.. file.Sentences.Select(vocabularies.Encode)];
    readonly Lazy<int[]?[]> goldTags = new(() => KnownTags(vocabularies, file));

    /// <summary>Score of the tagger in a folder.</summary>
    /// <param name="backend">Where the tagger is to live.</param>
    /// <param name="folder">What a run wrote.</param>
    /// <param name="file">With gold tags.</param>
    /// <param name="progress">Told of every batch.</param>
    /// <param name="cancellation">Looked at after every batch.</param>
    /// <exception cref="Devices.UserException">
    /// The folder holds no tagger, or a damaged one, or the file no sentence.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled between two batches.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    public static SpanReport Score(DeviceBackend<float> backend, string folder, LabelledFile file,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(file);
        using var loaded = TaggerFolder.Load(backend, folder);
        return new TaggerEvaluation(loaded.Vocabularies, file).Score(loaded.Tagger, progress, cancellation);
    }

    /// <summary>Whether the model knows all tags of a sentence: without one there is no loss.</summary>
    internal bool HasLoss => goldTags.Value.Any(tags => tags is not null);

    /// <summary>Spans as conlleval counts them.</summary>
    /// <param name="tagger">With the vocabularies of this evaluation.</param>
    /// <param name="progress">Told of every batch.</param>
    /// <param name="cancellation">Looked at after every batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled between two batches.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    [SuppressMessage("ApiDesign", "RS0027", Justification = "Required parameters tell the overloads apart.")]
    public SpanReport Score(Tagger<float> tagger, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tagger);
        return Compare(Predict(tagger, progress, cancellation));
    }

    /// <summary>
    /// Spans as conlleval counts them, and the mean negative log-likelihood in nats of the sentences whose tags the
    /// model knows; null where it knows those of none.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled between two batches.</exception>
    internal (SpanReport Report, double? Loss) Measure(Tagger<float> tagger, RankGroup? ranks = null,
        CancellationToken cancellation = default)
    {
        var losses = new double[sentences.Length];
        var outside = Math.Max(0, vocabularies.Tags.Vocabulary.Id(Tag.Outside));
        var predicted = InBatches(numbers =>
        {
            // Tags that the model has no ids for have no likelihood: any others stand in, and what comes of them is
            // left out below.
            var (tags, own) = tagger.DecodeWithLosses(Batch(numbers, i => sentences[i] with
            {
                Tags = goldTags.Value[i] ?? Enumerable.Repeat(outside, sentences[i].Length).ToArray(),
            }));
            cancellation.ThrowIfCancellationRequested();
            for (var b = 0; b < numbers.Length; b++) losses[numbers[b]] = own[b];
            return tags;
        }, ranks);
        if (ranks is not null)
            losses = [.. ranks.Gather<double>(losses).Aggregate((sum, part) =>
                [.. sum.Zip(part, (one, other) => one + other)])];
        var known = Enumerable.Range(0, losses.Length).Where(i => goldTags.Value[i] is not null).ToArray();
        return (Compare(predicted), known.Length == 0 ? null : known.Sum(i => losses[i]) / known.Length);
    }

    /// <summary>Predicted tags of every sentence, in the file's order.</summary>
    /// <param name="tagger">With the vocabularies of this evaluation.</param>
    /// <param name="progress">Told of every batch.</param>
    /// <param name="cancellation">Looked at after every batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled between two batches.</exception>
    /// <returns>Tags in the tagger's scheme, one a word.</returns>
    public string[][] Predict(Tagger<float> tagger, IProgress<WorkProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(tagger);
        var reporter = new WorkReporter(progress, "tagging", file.WordCount, "words");
        reporter.Advance(0);
        return InBatches(numbers =>
        {
            var batch = Batch(numbers, i => sentences[i]);
            var tags = tagger.Decode(batch);
            cancellation.ThrowIfCancellationRequested();
            reporter.Advance(batch.RealWords);
            return tags;
        });
    }

    TaggerBatch Batch(int[] numbers, Func<int, EncodedSentence> sentence) =>
        new([.. numbers.Select(sentence)], vocabularies.BackwardEnd);

    string[][] InBatches(Func<int[], int[][]> decode, RankGroup? ranks = null)
    {
        var batches = SentenceBatches.ByWordBudget(Array.ConvertAll(sentences, sentence => sentence.Length),
            WordBudget);
        var tags = ranks is null ? batches.SelectMany(decode) : Divided(batches, decode, ranks);
        return SentenceBatches.InOrder(batches,
            tags.Select(sentence => Array.ConvertAll(sentence, tag => vocabularies.Tags[tag])));
    }

    /// <summary>Each rank decodes some of the batches, and all get the tags of all.</summary>
    IEnumerable<int[]> Divided(List<int[]> batches, Func<int[], int[][]> decode, RankGroup ranks)
    {
        var mine = batches.Where((_, i) => i % ranks.Size == ranks.Rank).SelectMany(decode);
        var all = ranks.Gather<int>([.. mine.SelectMany(tags => tags)]);
        var next = new int[ranks.Size];
        for (var i = 0; i < batches.Count; i++)
            foreach (var sentence in batches[i])
            {
                var (rank, length) = (i % ranks.Size, sentences[sentence].Length);
                yield return all[rank][next[rank]..(next[rank] += length)];
            }
    }

    SpanReport Compare(string[][] predicted)
    {
        var score = new SpanScore();
        for (var i = 0; i < sentences.Length; i++) score.Add(file.Sentences[i].Tags!, predicted[i]);
        return score.Report();
    }

    static int[]?[] KnownTags(TaggerVocabularies vocabularies, LabelledFile file)
    {
        var types = SpanTypes.Of(vocabularies.Tags);
        return [.. file.Sentences.Select(sentence => SpanTypes.Of([sentence]).IsSubsetOf(types)
            ? vocabularies.EncodeLabelled(sentence, file.Name).Tags : null)];
    }
}
