using System.Diagnostics;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Reports;

/// <summary>A tagger's run, and what it makes of labelled text.</summary>
/// <param name="Run">Of a tagger.</param>
/// <param name="Score">As conlleval counts.</param>
/// <param name="Aligned">Gold and predicted spans, of every sentence.</param>
/// <param name="WordsPerSecond">Measured here, padding not counted.</param>
/// <param name="Cost">Multiply-adds a word.</param>
sealed record ScoredRun(ReportedRun Run, SpanReport Score, IReadOnlyList<IReadOnlyList<AlignedSpan>> Aligned,
    double WordsPerSecond, double Cost)
{
    // Sentences tagged before the clock runs.
    const int WarmUp = 64;

    /// <summary>Of every sentence.</summary>
    public IReadOnlyList<SpanCounts> Counts { get; } = [.. Aligned.Select(CountsOf)];

    /// <summary>95 %, of F1 in percent.</summary>
    public (double Low, double High) Interval { get; init; }

    /// <summary>Two-sided, of no difference from the report's first tagger; null of that.</summary>
    public double? Significance { get; init; }

    public static ScoredRun Of(CommandContext context, ReportedRun run, LabelledFile file)
    {
        using var loaded = TaggerFolder.Load(context.Backend, run.Folder.Root);
        if (SpanTypes.Warning(file, SpanTypes.Of(loaded.Vocabularies.Tags), $"{run.Name}'s tags") is { } warning)
            context.Note(warning);
        var evaluation = new TaggerEvaluation(loaded.Vocabularies, file);
        new TaggerEvaluation(loaded.Vocabularies, file with { Sentences = [.. file.Sentences.Take(WarmUp)] })
            .Predict(loaded.Tagger);
        var clock = Stopwatch.StartNew();
        var predicted = evaluation.Predict(loaded.Tagger, context.Progress, context.Cancellation);
        var seconds = clock.Elapsed.TotalSeconds;
        var score = new SpanScore();
        var aligned = new List<IReadOnlyList<AlignedSpan>>();
        for (var i = 0; i < predicted.Length; i++)
        {
            var gold = file.Sentences[i].Tags!;
            score.Add(gold, predicted[i]);
            aligned.Add(SpanAlignment.Of(TagConversion.ToSpans(gold), TagConversion.ToSpans(predicted[i])));
        }
        return new(run, score.Report(), aligned, file.WordCount / seconds, TaggerCost.PerWord(loaded.Tagger));
    }

    static SpanCounts CountsOf(IReadOnlyList<AlignedSpan> sentence) => new(
        sentence.Count(pair => pair.Gold is not null), sentence.Count(pair => pair.Predicted is not null),
        sentence.Count(pair => pair.Outcome == SpanOutcome.Correct));
}
