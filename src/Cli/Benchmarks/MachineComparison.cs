using System.Text.Json.Nodes;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>Runs of <c>bench kernels</c> side by side, each row of the others held against the first's.</summary>
sealed class MachineComparison
{
    readonly bool isCold;

    /// <param name="runs">One at least; the first is what the others are held against.</param>
    /// <param name="isCold">Times with cold caches, else with warm ones.</param>
    /// <param name="margin">How far from 1 a ratio may be that counts as the same.</param>
    /// <exception cref="UserException">Runs of different sizes, or without cold times that are asked for.</exception>
    public MachineComparison(IReadOnlyList<MachineRun> runs, bool isCold, double margin)
    {
        (Runs, this.isCold) = (Distinct(runs), isCold);
        foreach (var run in Runs)
        {
            if (run.Sizes != Runs[0].Sizes)
                throw new UserException($"{Runs[0].Name} has {Runs[0].Sizes} sizes and {run.Name} {run.Sizes} ones: "
                    + "rows of one name are not the same work. Measure both with the same --sizes.");
            if (isCold && run.Rows.All(row => row.Cold is null))
                throw new UserException($"{run.Name} has no times with cold caches. Measure it with --cold.");
        }
        var names = Runs.SelectMany(run => run.Rows).Select(row => row.Name).Distinct();
        Rows = [.. names.Select(name => Row(name, margin))];
    }

    public IReadOnlyList<MachineRun> Runs { get; }

    public IReadOnlyList<ComparedRow> Rows { get; }

    public bool IsCold => isCold;

    /// <summary>A piece of work in each run.</summary>
    public sealed record ComparedRow(string Name, IReadOnlyList<ComparedCell> Cells);

    /// <summary>A row of one run.</summary>
    /// <param name="Row">Null where the run has no such row.</param>
    /// <param name="Speed">Held against the first run's; null of the first, and without two times of each.</param>
    public sealed record ComparedCell(MachineRow? Row, MeasuredTimes? Times, SpeedComparison? Speed)
    {
        /// <summary>Of the floor that its own machine sets; null where there is none.</summary>
        public double? Share => Row?.Floor / Times?.Median;

        /// <summary>Ratio, where it may lie, and the verdict.</summary>
        public string Verdict => Speed is null ? ""
            : $"{Speed.Ratio:F2} ({Speed.Interval.Low:F2} to {Speed.Interval.High:F2}) "
            + Speed.Verdict.ToString().ToUpperInvariant();
    }

    public JsonObject ToJson() => new()
    {
        ["caches"] = isCold ? "cold" : "warm",
        ["runs"] = new JsonArray([.. Runs.Select(run => (JsonNode)new JsonObject
        {
            ["name"] = run.Name, ["description"] = run.Description, ["dtype"] = run.Precision, ["math"] = run.Math,
            ["sizes"] = run.Sizes, ["copy_gbs"] = run.CopyRate, ["gemm_tflops"] = run.ProductRate,
            ["system"] = run.System.DeepClone(),
        })]),
        ["rows"] = new JsonArray([.. Rows.Select(row => (JsonNode)new JsonObject
        {
            ["name"] = row.Name, ["runs"] = new JsonArray([.. row.Cells.Select(ToJson)]),
        })]),
    };

    /// <summary>What each run is, the table, and what is to be said of rows.</summary>
    public void Write(TextWriter output)
    {
        foreach (var run in Runs) output.WriteLine(Printable.OnOneLine($"{run.Name}: {run.Words}"));
        var table = new TextTable(Headers());
        foreach (var row in Rows) table.Add([row.Name, .. row.Cells.SelectMany(Words)]);
        table.WriteTo(output);
        foreach (var note in Notes()) output.WriteLine(Printable.OnOneLine(note));
    }

    public string[] Headers() =>
    [
        isCold ? "cold" : "warm",
        .. Runs.SelectMany((run, i) => i == 0 ? (string[])[$"{run.Name} µs", "±", "of floor"]
            : [$"{run.Name} µs", "±", "of floor", $"{run.Name} / {Runs[0].Name}"]),
    ];

    /// <summary>A row's cells of one run, as <see cref="Headers"/> has them.</summary>
    public string[] Words(ComparedCell cell, int run)
    {
        string[] figures = cell.Times is not { } times
            ? [cell.Row?.Problem is null ? "" : "failed", "", ""]
            : [Figure.Of(times.Median), times.Sorted.Count > 1 ? times.Noise.ToString("P1") : "",
                cell.Share?.ToString("P0") ?? ""];
        return run == 0 ? figures : [.. figures, cell.Verdict];
    }

    public IEnumerable<string> Notes()
    {
        if (Runs.Any(run => !run.IsOfSpeed))
            yield return "Tiny operands: nothing is said of speed.";
        if (Runs.Count > 1)
            yield return "Ratios are of medians, with the interval that calls of one run each allow (95 %): what "
                + "changes from run to run, as clocks do, is not in it.";
        if (Runs.FirstOrDefault(run => run.Precision != Runs[0].Precision) is { } other)
            yield return $"{Runs[0].Name} computes in {Runs[0].Precision} and {other.Name} in {other.Precision}: "
                + "rows of one name are not the same work.";
        if (Runs.FirstOrDefault(run => run.Math != Runs[0].Math) is { } products)
            yield return $"Products are {Runs[0].Math} in {Runs[0].Name} and {products.Math} in {products.Name}.";
        foreach (var run in Runs)
        {
            if (run.Rows.Where(row => row.Throttled is not null).ToList() is { Count: > 0 } slowed)
                yield return $"{run.Name}: clocks were held down ({string.Join(", ", slowed.Select(row => row.Throttled)
                    .Distinct())}) in {string.Join(", ", slowed.Select(row => row.Name))}.";
            foreach (var row in run.Rows.Where(row => row.Problem is not null))
                yield return $"{run.Name}: {row.Name} failed: {row.Problem}";
        }
    }

    ComparedRow Row(string name, double margin)
    {
        var rows = Runs.Select(run => run.Rows.FirstOrDefault(row => row.Name == name)).ToList();
        var first = rows[0]?.Times(isCold);
        return new(name,
        [
            .. rows.Select((row, i) =>
            {
                var times = row?.Times(isCold);
                var isJudged = i > 0 && first?.Sorted.Count > 1 && times?.Sorted.Count > 1;
                return new ComparedCell(row, times,
                    isJudged ? new(first!.Sorted, times!.Sorted, margin) : null);
            }),
        ]);
    }

    // Files of one name in two folders are told apart by number.
    static IReadOnlyList<MachineRun> Distinct(IReadOnlyList<MachineRun> runs) =>
    [
        .. runs.Select((run, i) => runs.Count(other => other.Name == run.Name) == 1 ? run
            : run with { Name = $"{run.Name} {runs.Take(i + 1).Count(other => other.Name == run.Name)}" }),
    ];

    static JsonNode? ToJson(ComparedCell cell) => cell.Row is null ? null : new JsonObject
    {
        ["us"] = cell.Times?.Median,
        ["noise"] = cell.Times?.Noise,
        ["share"] = cell.Share,
        ["throttled"] = cell.Row.Throttled,
        ["problem"] = cell.Row.Problem,
        ["ratio"] = cell.Speed?.Ratio,
        ["ratio_low"] = cell.Speed?.Interval.Low,
        ["ratio_high"] = cell.Speed?.Interval.High,
        ["verdict"] = cell.Speed?.Verdict.ToString().ToUpperInvariant(),
    };
}
