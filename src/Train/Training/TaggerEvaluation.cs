using System.Diagnostics.CodeAnalysis;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>Scores a tagger on a labelled file. Tags that the model never saw are scored like any others.</summary>
/// <param name="vocabularies">Of the taggers to be scored.</param>
/// <param name="file">With gold tags.</param>
public sealed class TaggerEvaluation(TaggerVocabularies vocabularies, LabelledFile file)
{
    /// <summary>Words a batch, padding counted.</summary>
    public const int WordBudget = 2560;

    readonly EncodedSentence[] sentences = [.. file.Sentences.Select(vocabularies.Encode)];

    /// <summary>Score of the tagger in a folder.</summary>
    /// <param name="backend">Where the tagger is to live.</param>
    /// <param name="folder">What a run wrote.</param>
    /// <param name="file">With gold tags.</param>
    /// <exception cref="Devices.UserException">The folder holds no tagger, or a damaged one.</exception>
    public static SpanReport Score(DeviceBackend<float> backend, string folder, LabelledFile file)
    {
        using var loaded = TaggerFolder.Load(backend, folder);
        return new TaggerEvaluation(loaded.Vocabularies, file).Score(loaded.Tagger);
    }

    /// <summary>Spans as conlleval counts them.</summary>
    /// <param name="tagger">With the vocabularies of this evaluation.</param>
    /// <param name="progress">Told of every batch.</param>
    /// <param name="cancellation">Looked at after every batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled between two batches.</exception>
    [SuppressMessage("ApiDesign", "RS0027", Justification = "Required parameters tell the overloads apart.")]
    public SpanReport Score(Tagger<float> tagger, IProgress<WorkProgress>? progress = null,
    CancellationToken cancellation = default)
    {
        var score = new SpanScore();
        var predicted = Predict(tagger, progress, cancellation);
        for (var i = 0; i < sentences.Length; i++) score.Add(file.Sentences[i].Tags!, predicted[i]);
        return score.Report();
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
        var reporter = new WorkReporter(progress, "tagging", file.WordCount, "words");
        var batches = SentenceBatches.ByWordBudget(Array.ConvertAll(sentences, sentence => sentence.Length),
            WordBudget);
        return SentenceBatches.InOrder(batches, batches.SelectMany(numbers =>
        {
            var batch = new TaggerBatch([.. numbers.Select(i => sentences[i])], vocabularies.BackwardEnd);
            var tags = tagger.Decode(batch);
            cancellation.ThrowIfCancellationRequested();
            reporter.Advance(batch.RealWords);
            return tags.Select(sentence => Array.ConvertAll(sentence, tag => vocabularies.Tags[tag]));
        }));
    }
}
