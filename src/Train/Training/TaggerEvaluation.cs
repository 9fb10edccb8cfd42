using LdNetGpu.Model;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Train.Training;

/// <summary>Scores a tagger on a labelled file. Tags that the model never saw are scored like any others.</summary>
sealed class TaggerEvaluation(TaggerVocabularies vocabularies, LabelledFile file)
{
    /// <summary>Words a batch, padding counted.</summary>
    public const int WordBudget = 2560;

    readonly EncodedSentence[] sentences = [.. file.Sentences.Select(vocabularies.Encode)];

    public SpanReport Score(Tagger<float> tagger, Action<long>? advance = null)
    {
        var score = new SpanScore();
        var predicted = Predict(tagger, advance);
        for (var i = 0; i < sentences.Length; i++) score.Add(file.Sentences[i].Tags!, predicted[i]);
        return score.Report();
    }

    /// <summary>Predicted tags of every sentence, in the file's order.</summary>
    public string[][] Predict(Tagger<float> tagger, Action<long>? advance = null)
    {
        var batches = SentenceBatches.ByWordBudget(Array.ConvertAll(sentences, sentence => sentence.Length), WordBudget);
        return SentenceBatches.InOrder(batches, batches.SelectMany(numbers =>
        {
            var batch = new TaggerBatch([.. numbers.Select(i => sentences[i])], vocabularies.BackwardEnd);
            var tags = tagger.Decode(batch);
            advance?.Invoke(batch.RealWords);
            return tags.Select(sentence => Array.ConvertAll(sentence, tag => vocabularies.Tags[tag]));
        }));
    }
}
