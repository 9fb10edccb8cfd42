using System.Text.Json.Nodes;
using LdNetGpu.Train.Distributed;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary>One seed's outcome.</summary>
sealed record SeedResult(ulong Seed, TaggerResult Training, SpanReport? Test)
{
    /// <param name="ranks">Those that trained it together, if any did.</param>
    public JsonObject ToJson(RankGroup? ranks = null)
    {
        var json = new JsonObject
        {
            ["seed"] = Seed,
            ["dev_f1"] = Training.BestF1 < 0 ? null : Training.BestF1,
            ["best_epoch"] = Training.BestEpoch,
            ["epochs"] = Training.Epochs,
            ["words_per_second"] = Math.Round(Training.WordsPerSecond, 1),
            ["test_f1"] = Test?.F1,
            ["interrupted"] = Training.WasInterrupted,
        };
        RankTrafficReport.AddTo(json, ranks, Training.Traffic);
        return json;
    }

    /// <summary>Result of several seeds: each, and mean ± standard deviation.</summary>
    public static void Report(CommandContext context, IReadOnlyList<SeedResult> results)
    {
        // A run that was interrupted in its first epoch has no figure.
        double[] known = [.. results.Select(result => result.Training.BestF1).Where(f1 => f1 >= 0)];
        var dev = known.Length == 0 ? null : MeanAndDeviation.Of(known);
        var test = results.Count > 0 && results.All(result => result.Test is not null)
            ? MeanAndDeviation.Of([.. results.Select(result => result.Test!.F1)])
            : null;
        var json = new JsonObject
        {
            ["seeds"] = new JsonArray([.. results.Select(result => (JsonNode)result.ToJson(context.Ranks))]),
            ["dev_f1_mean"] = dev?.Mean,
            ["dev_f1_deviation"] = dev?.Count > 1 ? dev.StandardDeviation : null,
            ["test_f1_mean"] = test?.Mean,
            ["test_f1_deviation"] = test?.Count > 1 ? test.StandardDeviation : null,
        };
        foreach (var result in results)
            RankTrafficReport.Note(context, $"tagger, seed {result.Seed}", result.Training.Traffic);
        context.Report(json, writer =>
        {
            var table = new TextTable("seed", "dev F1", "test F1", "best epoch", "epochs", "words/s");
            foreach (var (seed, training, report) in results)
                table.Add(Count(seed), training.BestF1 < 0 ? "none yet" : Figure(training.BestF1),
                    report is null ? RunTable.Untested(training) : Figure(report.F1), Count(training.BestEpoch),
                    Count(training.Epochs), training.WordsPerSecond.ToString("f0"));
            if (results.Count > 1) table.Add("mean", dev?.ToString() ?? "none yet", test?.ToString() ?? "", "", "", "");
            table.WriteTo(writer);
            if (results is [{ Test: { } only }])
                foreach (var line in SpanReportText.Lines(only)) writer.WriteLine(line);
        });
    }

    static string Count(IFormattable value) => value.ToString(null, null);

    static string Figure(double value) => value.ToString("f2");
}
