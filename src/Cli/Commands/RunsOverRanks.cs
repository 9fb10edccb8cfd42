using System.Text.Json;
using System.Text.Json.Serialization;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// Several runs of a command, dealt out to the ranks: run i is trained by rank i mod N alone, to the bits of one
/// process. Every rank gets all results, rank 0 reports them.
/// </summary>
static class RunsOverRanks
{
    /// <summary>Trains one run.</summary>
    /// <param name="number">Of the run, from 0.</param>
    /// <param name="together">The ranks that train it together; null for one alone.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Asks it to leave.</param>
    public delegate RunResult Training(int number, RankGroup? together, IProgress<WorkProgress> progress,
        CancellationToken cancellation);

    /// <summary>Makes sure that all ranks would train the same, and says how runs and ranks go up.</summary>
    /// <exception cref="RankFailedException">Names the first rank that differs from rank 0, and in what.</exception>
    public static void Require(CommandContext context, RankGroup ranks, PlannedRun[] runs)
    {
        var texts = runs.Select(run => run.Files).Distinct().SelectMany(files =>
            new[] { files.Train, files.Dev, files.Test }.OfType<Train.Data.LabelledFile>()).Distinct();
        ranks.RequireSame([
            ("seed", $"{context.Seed}"),
            .. runs.Select(run => run.Settings).Distinct().SelectMany(source =>
                RunSettings.Of(source.Read<TaggerOptions>()).Select(one => ($"setting {one.Key}", one.Value))),
            .. texts.Select(text => ("text", $"CRC-32C {TextChecksum.Of(text)} of {text.Sentences.Count} sentences")),
        ]);
        if (Idle(ranks.Size, runs.Length) is { } note) context.Note(note);
    }

    /// <summary>Says that there are ranks without a run; null where there are none.</summary>
    internal static string? Idle(int ranks, int runs) => (ranks - runs) switch
    {
        <= 0 => null,
        1 => $"{ranks} ranks, {runs} runs: 1 rank has none.",
        var idle => $"{ranks} ranks, {runs} runs: {idle} ranks have none.",
    };

    /// <summary>Trains this rank's, waits for the others'.</summary>
    public static RunResults Train(CommandContext context, RankGroup ranks, PlannedRun[] runs, Training train)
    {
        // Ranks exchange when they open their devices: all at once, before each is at work alone.
        _ = context.Backend;
        var at = "";
        var told = DealtWorks.Do(ranks, runs.Length, (i, progress, cancellation) =>
        {
            at = runs[i].Title;
            var result = train(i, null, progress, cancellation);
            if (!ranks.IsFirst && result.Training is { } ended) progress.Report(Ended(runs[i], ended));
            return JsonSerializer.Serialize(
                new RunOutcome(result.Run.Seed, result.Training, result.Test, result.Diverged, result.Tags),
                RunOutcomeJson.Default.RunOutcome);
        }, error => context.FaultOf(error) is { } fault ? $"{at}: {fault}" : null, context.Progress,
            context.Cancellation);
        RunResult[] results = [.. runs.Zip(told).Where(pair => pair.Second is not null).Select(pair =>
            Read(pair.First, JsonSerializer.Deserialize(pair.Second!, RunOutcomeJson.Default.RunOutcome)!))];
        return new(results, results.Length < runs.Length || results.Any(result => result.WasInterrupted));
    }

    static WorkProgress Ended(PlannedRun run, TaggerResult training) => WorkProgress.Note(
        (training.WasInterrupted ? $"{run.Title}: interrupted in epoch {training.Epochs + 1}"
            : $"{run.Title}: ended after epoch {training.Epochs}")
        + (training.BestF1 < 0 ? "." : $", best dev F1 {training.BestF1:f2} in epoch {training.BestEpoch}."));

    static RunResult Read(PlannedRun run, RunOutcome outcome) => new(run with { Seed = outcome.Seed },
        outcome.Training, outcome.Test, outcome.Diverged) { Tags = outcome.Tags };
}

/// <summary>What a rank tells the others of a run: <see cref="RunResult"/> without what they know.</summary>
sealed record RunOutcome(ulong Seed, TaggerResult? Training, SpanReport? Test, string? Diverged, string[][]? Tags);

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(RunOutcome))]
sealed partial class RunOutcomeJson : JsonSerializerContext;
