using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using Spectre.Console;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>The rows of a run with the machine's limits as the same run found them.</summary>
/// <param name="Precision">float or double.</param>
/// <param name="Math">How our matrix products round.</param>
/// <param name="Cut">Rows for which the time did not suffice.</param>
/// <param name="CublasProblem">Why cuBLAS is not among the rows on CUDA.</param>
sealed record KernelReport(ComputeDevice Device, string Precision, ProductPrecision Math, BenchSizes Sizes,
    IReadOnlyList<KernelRow> Rows, IReadOnlyList<string> Cut, string? CublasProblem)
{
    static readonly string[] Figures = ["work", "µs", "GB/s", "TFLOP/s", "floor µs", "of floor"];

    bool HasIlgpu => Rows.Any(row => !double.IsNaN(row.ByIlgpu));

    string[] Headers => HasIlgpu ? [.. Figures, "ILGPU µs"] : Figures;

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
            ["least_us"] = Number(row.Least),
            ["bytes"] = row.Bytes,
            ["flops"] = row.Flops,
            ["gbs"] = Number(row.Bytes / row.Median / 1e3),
            ["tflops"] = row.Flops == 0 ? null : Number(row.Flops / row.Median / 1e6),
            ["floor_us"] = Number(Floor(row)),
            ["share"] = Number(Floor(row) / row.Median),
            ["ilgpu_us"] = Number(row.ByIlgpu),
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
            : $"Fastest copy {Text(Bandwidth / 1e9)} GB/s, fastest matrix product {Text(Rate / 1e12)} TFLOP/s.");
        if (CublasProblem is not null) output.WriteLine($"No cuBLAS to measure beside: {CublasProblem}");
        if (output == Console.Out && !Console.IsOutputRedirected) WriteFramed();
        else WritePlain(output);
        foreach (var row in Rows.Where(row => row.Problem is not null)) output.WriteLine($"{row.Name}: {row.Problem}");
        if (Cut.Count > 0) output.WriteLine($"Not measured, for the time was up: {string.Join(", ", Cut)}");
    }

    void WritePlain(TextWriter output)
    {
        var table = new TextTable(Headers);
        foreach (var row in Rows) table.Add(Cells(row));
        table.WriteTo(output);
    }

    void WriteFramed()
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var header in Headers)
            table.AddColumn(
                new TableColumn(header) { Alignment = header == Headers[0] ? Justify.Left : Justify.Right });
        foreach (var row in Rows) table.AddRow([.. Cells(row).Select(cell => new Text(cell))]);
        AnsiConsole.Write(table);
    }

    string[] Cells(KernelRow row) => HasIlgpu ? [.. FiguresOf(row), Text(row.ByIlgpu)] : FiguresOf(row);

    string[] FiguresOf(KernelRow row) => row.Problem is not null
        ? [row.Name, "failed", "", "", "", ""]
        : [row.Name, Text(row.Median), Text(row.Bytes / row.Median / 1e3),
            row.Flops == 0 ? "" : Text(row.Flops / row.Median / 1e6), Text(Floor(row)),
            double.IsFinite(Floor(row)) ? (Floor(row) / row.Median).ToString("P0") : ""];

    double Best(Func<KernelRow, bool> counts, Func<KernelRow, double> done) =>
        Rows.Where(row => counts(row) && row.Problem is null).Select(row => done(row) / row.Median * 1e6)
            .DefaultIfEmpty(double.NaN).Max();

    // Three digits that count.
    static string Text(double value) => !double.IsFinite(value)
        ? ""
        : value.ToString(
            System.Math.Abs(value) switch { >= 100 => "N0", >= 10 => "F1", >= 1 => "F2", >= 0.1 => "F3", _ => "G3" });

    // JSON has neither NaN nor infinity.
    static double? Number(double value) => double.IsFinite(value) ? value : null;
}
