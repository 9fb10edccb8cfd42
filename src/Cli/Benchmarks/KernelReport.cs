using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using Spectre.Console;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>The rows of a run with the machine's limits as the same run found them.</summary>
/// <param name="Precision">float or double.</param>
/// <param name="Math">How our matrix products round.</param>
/// <param name="Cut">Rows for which the time did not suffice.</param>
sealed record KernelReport(ComputeDevice Device, string Precision, ProductPrecision Math, BenchSizes Sizes,
    IReadOnlyList<KernelRow> Rows, IReadOnlyList<string> Cut)
{
    /// <summary>What the JSON calls itself, with <see cref="Version"/>.</summary>
    public const string Format = "ldnet.bench.kernels";

    /// <summary>Counted up where a reader of the JSON must know of a change.</summary>
    public const int Version = 1;

    /// <summary>How the rows were measured.</summary>
    public required KernelMeasuring Measuring { get; init; }

    /// <summary>What they were measured on.</summary>
    public required JsonObject Machine { get; init; }

    /// <summary>The GPU's clocks and temperature over the run, in words; null where nothing tells them.</summary>
    public string? Gpu { get; init; }

    /// <summary>Why nothing tells them; null where something does, and where there is no NVIDIA GPU.</summary>
    public string? NvmlProblem { get; init; }

    /// <summary>Why cuBLAS is not among the rows on CUDA.</summary>
    public string? CublasProblem { get; init; }

    // What there is a column of: by its header, a row's cell.
    IEnumerable<(string Header, Func<KernelRow, string> Cell)> Columns()
    {
        yield return ("µs", row => Figure.Of(row.Median));
        yield return ("±", row => row.Warm is { Sorted.Count: > 1 } warm ? warm.Noise.ToString("P1") : "");
        if (Measuring.Cold) yield return ("cold µs", row => Figure.Of(row.Cold?.Median ?? double.NaN));
        yield return ("GB/s", row => Figure.Of(row.Bytes / row.Median / 1e3));
        yield return ("TFLOP/s", row => row.Flops == 0 ? "" : Figure.Of(row.Flops / row.Median / 1e6));
        yield return ("floor µs", row => Figure.Of(Floor(row)));
        yield return ("of floor",
            row => double.IsFinite(Floor(row)) ? (Floor(row) / row.Median).ToString("P0") : "");
        if (Rows.Any(row => row.ByIlgpu is not null))
            yield return ("ILGPU µs", row => Figure.Of(row.ByIlgpu?.Median ?? double.NaN));
    }

    /// <summary>Bytes a second of the fastest copy.</summary>
    public double Bandwidth => Best(
        row => row.Name.StartsWith("copy", StringComparison.Ordinal)
            || row.Name.StartsWith("driver copy", StringComparison.Ordinal),
        row => row.Bytes);

    /// <summary>
    /// FLOP/s of the fastest matrix product, whoever made it; those of cuBLAS in tf32 count where ours are too.
    /// </summary>
    public double Rate => Best(
        row => row.Name.Contains("gemm.", StringComparison.Ordinal)
            && (Math == ProductPrecision.Tf32 || !row.Name.Contains("tf32", StringComparison.Ordinal)),
        row => row.Flops);

    public bool HasProblem => Rows.Any(row => row.Problem is not null);

    /// <summary>Microseconds below which the row cannot come here; NaN for sizes that say nothing of speed.</summary>
    public double Floor(KernelRow row) => Sizes == BenchSizes.Tiny
        ? double.NaN
        : System.Math.Max(row.Bytes / Bandwidth, row.Flops == 0 ? 0 : row.Flops / Rate) * 1e6;

    public JsonObject ToJson() => new()
    {
        ["format"] = Format,
        ["version"] = Version,
        ["system"] = Machine,
        ["noise"] = Measuring.Noise,
        ["device"] = Device.Name,
        ["description"] = Device.Description,
        ["dtype"] = Precision,
        ["math"] = Math.ToString().ToLowerInvariant(),
        ["sizes"] = Sizes.Name,
        ["copy_gbs"] = Number(Bandwidth / 1e9),
        ["gemm_tflops"] = Number(Rate / 1e12),
        ["cublas_problem"] = CublasProblem,
        ["cut"] = new JsonArray([.. Cut.Select(name => (JsonNode)name)]),
        ["rows"] = new JsonArray([.. Rows.Select(row => (JsonNode)new JsonObject
        {
            ["name"] = row.Name,
            ["us"] = Number(row.Median),
            ["least_us"] = row.Warm?.Least,
            ["noise"] = row.Warm?.Noise,
            ["samples_us"] = Samples(row.Warm),
            ["cold_us"] = row.Cold?.Median,
            ["cold_noise"] = row.Cold?.Noise,
            ["cold_samples_us"] = Samples(row.Cold),
            ["bytes"] = row.Bytes,
            ["flops"] = row.Flops,
            ["gbs"] = Number(row.Bytes / row.Median / 1e3),
            ["tflops"] = row.Flops == 0 ? null : Number(row.Flops / row.Median / 1e6),
            ["floor_us"] = Number(Floor(row)),
            ["share"] = Number(Floor(row) / row.Median),
            ["ilgpu_us"] = row.ByIlgpu?.Median,
            ["mhz"] = row.Gpu?.Megahertz,
            ["celsius"] = row.Gpu?.Celsius,
            ["throttled"] = row.Gpu is { Throttled: not ThrottleReasons.None } slowed
                ? slowed.Throttled.ToString() : null,
            ["problem"] = row.Problem,
        })]),
    };

    /// <summary>A framed table on a terminal, plain lines elsewhere.</summary>
    public void Write(TextWriter output)
    {
        var products = Math == ProductPrecision.Tf32 ? ", matrix products in tf32" : "";
        output.WriteLine($"{Device.Description}: {Precision}{products}, {Sizes.Name} sizes");
        output.WriteLine(Sizes == BenchSizes.Tiny
            ? "Tiny operands: every row runs, and nothing is said of speed."
            : $"Fastest copy {Figure.Of(Bandwidth / 1e9)} GB/s, "
            + $"fastest matrix product {Figure.Of(Rate / 1e12)} TFLOP/s.");
        if (Gpu is not null) output.WriteLine(Gpu);
        if (NvmlProblem is not null) output.WriteLine($"Nothing is known of the GPU's clocks: {NvmlProblem}");
        if (CublasProblem is not null) output.WriteLine($"No cuBLAS to measure beside: {CublasProblem}");
        if (output is TerminalWriter) WriteFramed();
        else WritePlain(output);
        foreach (var row in Rows.Where(row => row.Problem is not null)) output.WriteLine($"{row.Name}: {row.Problem}");
        if (Restless() is { Count: > 0 } restless)
            output.WriteLine($"Medians not known to {Measuring.Noise:P1} when the row's time was up: "
                + string.Join(", ", restless));
        if (Cut.Count > 0) output.WriteLine($"Not measured, for the time was up: {string.Join(", ", Cut)}");
    }

    // One call of the managed device says nothing of noise.
    List<string> Restless() =>
    [
        .. Rows.Where(row => row.Warm is { Sorted.Count: > 1 } warm && warm.Noise > Measuring.Noise)
            .Select(row => row.Name),
    ];

    void WritePlain(TextWriter output)
    {
        var table = new TextTable(["work", .. Columns().Select(column => column.Header)]);
        foreach (var row in Rows) table.Add(Cells(row));
        table.WriteTo(output);
    }

    void WriteFramed()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("work");
        foreach (var (header, _) in Columns())
            table.AddColumn(new TableColumn(header) { Alignment = Justify.Right });
        foreach (var row in Rows) table.AddRow([.. Cells(row).Select(cell => new Text(cell))]);
        AnsiConsole.Write(table);
    }

    string[] Cells(KernelRow row) => row.Problem is null
        ? [row.Name, .. Columns().Select(column => column.Cell(row))]
        : [row.Name, "failed", .. Columns().Skip(1).Select(_ => "")];

    double Best(Func<KernelRow, bool> counts, Func<KernelRow, double> done) =>
        Rows.Where(row => counts(row) && row.Problem is null).Select(row => done(row) / row.Median * 1e6)
            .DefaultIfEmpty(double.NaN).Max();

    // Tenths of a nanosecond.
    static JsonArray? Samples(MeasuredTimes? times) => times is null ? null
        : [.. times.Sorted.Select(time => (JsonNode)System.Math.Round(time, 4))];

    // JSON has neither NaN nor infinity.
    static double? Number(double value) => double.IsFinite(value) ? value : null;
}
