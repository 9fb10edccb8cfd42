using System.Text.Json.Nodes;
using LdNetGpu.Cli.Commands;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;

namespace LdNetGpu.Cli.Reports;

/// <summary>Runs side by side: what they were, how they learned, and what taggers make of labelled text.</summary>
/// <param name="Runs">In the order in which they were named.</param>
/// <param name="Data">Null where none was given.</param>
/// <param name="Scored">The taggers, on <paramref name="Data"/>.</param>
/// <param name="Samples">Draws of the bootstrap and of the randomisation.</param>
sealed record RunReport(IReadOnlyList<ReportedRun> Runs, LabelledFile? Data, IReadOnlyList<ScoredRun> Scored,
    int Samples)
{
    /// <summary>Adds intervals, and how sure each is to differ from the first.</summary>
    public static IReadOnlyList<ScoredRun> Resampled(IReadOnlyList<ScoredRun> scored, int samples, ulong seed) =>
    [
        .. scored.Select((run, i) => run with
        {
            Interval = F1Resampling.Interval(run.Counts, samples, seed),
            Significance = i == 0 ? null : F1Resampling.Significance(scored[0].Counts, run.Counts, samples, seed),
        }),
    ];

    /// <summary>Settings in which the runs of one kind differ, by name; where one has none it is empty.</summary>
    public static IEnumerable<string[]> DifferingSettings(IReadOnlyList<ReportedRun> runs) => runs
        .SelectMany(run => run.Settings.Keys).Distinct().Order(StringComparer.Ordinal)
        .Select(name => (string[])[name, .. runs.Select(run => run.Settings.GetValueOrDefault(name, ""))])
        .Where(row => row.Skip(1).Distinct().Count() > 1);

    /// <summary>Runs of several seeds: those in folders seed-N of one folder, and what their F1 comes to.</summary>
    public IEnumerable<(string Folder, MeanAndDeviation F1)> Seeds() => Scored
        .Where(run => Path.GetFileName(run.Run.Name).StartsWith("seed-", StringComparison.Ordinal))
        .GroupBy(run => Path.GetDirectoryName(run.Run.Name) ?? "").Where(group => group.Count() > 1)
        .Select(group => (group.Key, MeanAndDeviation.Of([.. group.Select(run => run.Score.F1)])));

    public JsonObject ToJson() => new()
    {
        ["data"] = Data?.Name,
        ["samples"] = Samples,
        ["runs"] = new JsonArray([.. Runs.Select(run => (JsonNode)Json(run))]),
        ["seeds"] = new JsonArray([.. Seeds().Select(group => (JsonNode)new JsonObject
        {
            ["folder"] = group.Folder, ["f1_mean"] = group.F1.Mean, ["f1_deviation"] = group.F1.StandardDeviation,
            ["runs"] = group.F1.Count,
        })]),
    };

    JsonObject Json(ReportedRun run)
    {
        var json = new JsonObject
        {
            ["name"] = run.Name, ["kind"] = run.Kind, ["seed"] = run.Seed,
            ["settings"] = new JsonObject(run.Settings.Select(setting =>
                KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value))),
            ["metrics"] = new JsonArray([.. run.Metrics.Select(line => line.DeepClone())]),
        };
        if (Scored.FirstOrDefault(scored => scored.Run == run) is not { } score) return json;
        json["score"] = ScoreCommand.ToJson(score.Score);
        json["f1_interval"] = new JsonArray(score.Interval.Low, score.Interval.High);
        json["p_against_first"] = score.Significance;
        json["words_per_second"] = Math.Round(score.WordsPerSecond, 1);
        json["multiply_adds_per_word"] = score.Cost;
        json["outcomes"] = new JsonObject(score.Aligned.SelectMany(sentence => sentence)
            .GroupBy(pair => pair.Outcome).OrderBy(group => group.Key)
            .Select(group => KeyValuePair.Create(OutcomeWords.Key(group.Key), (JsonNode?)group.Count())));
        return json;
    }

    public void Write(TextWriter output)
    {
        var kinds = new TextTable("run", "kind", "seed", "passes", "last figure");
        foreach (var run in Runs)
            kinds.Add(run.Name, run.Work, run.Seed?.ToString() ?? "", $"{run.Metrics.Count}",
                Last(run));
        kinds.WriteTo(output);
        if (Scored.Count == 0) return;
        output.WriteLine();
        var scores = new TextTable(ScoreHeaders);
        foreach (var run in Scored) scores.Add(ScoreCells(run));
        scores.WriteTo(output);
        foreach (var (folder, f1) in Seeds()) output.WriteLine($"{folder}, {f1.Count} seeds: F1 {f1}");
    }

    static string Last(ReportedRun run)
    {
        var (metric, words) = run.IsTagger ? ("dev_f1", "dev F1") : ("valid_perplexity", "perplexity");
        return run.Of(metric) is [.., var (_, figure)] ? $"{words} {figure:F2}" : "";
    }

    /// <summary>Of the table of scores.</summary>
    public static readonly string[] ScoreHeaders =
        ["tagger", "precision", "recall", "F1", "95 %", "p", "multiply-adds/word", "words/s"];

    /// <summary>A tagger's cells under <see cref="ScoreHeaders"/>.</summary>
    public static string[] ScoreCells(ScoredRun run) =>
    [
        run.Run.Name, $"{run.Score.Overall.Precision:F2}", $"{run.Score.Overall.Recall:F2}", $"{run.Score.F1:F2}",
        $"{run.Interval.Low:F2} to {run.Interval.High:F2}",
        run.Significance is { } p ? p < 0.001 ? "< 0.001" : $"{p:F3}" : "", $"{run.Cost:N0}",
        $"{run.WordsPerSecond:N0}",
    ];
}
