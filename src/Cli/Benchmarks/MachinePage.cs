using LdNetGpu.Autograd;
using LdNetGpu.Cli.Pages;
using OxyPlot;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>
/// Machines side by side as one HTML page: what they are, their rooflines, every row with its verdict.
/// </summary>
static class MachinePage
{
    static readonly MarkerType[] Markers =
        [MarkerType.Circle, MarkerType.Square, MarkerType.Triangle, MarkerType.Diamond, MarkerType.Cross];

    static readonly (string Name, string Key)[] Parts =
    [
        ("device", "device"), ("driver", "driver"), ("processor", "processor"), ("cores", "cores"), ("os", "os"),
        ("runtime", "runtime"), ("program", "program"), ("measured", "time"),
    ];

    public static string Of(MachineComparison comparison)
    {
        var page = new HtmlPage($"Kernels on {string.Join(", ", comparison.Runs.Select(run => run.Name))}");
        page.Table(["", .. comparison.Runs.Select(run => run.Name)], Machines(comparison.Runs));
        if (comparison.Runs.All(run => run is { IsOfSpeed: true, CopyRate: not null, ProductRate: not null }))
        {
            page.Heading("Rooflines");
            page.Paragraph("A roof is what copies and matrix products of the same run reached. Points are rows with "
                + "matrix products, under the roof of their machine where caches do not help.");
            page.Drawing(Svg(comparison), "FLOPs a byte against FLOP/s, with the roof of each machine");
        }
        page.Heading(comparison.IsCold ? "Every row, caches cold" : "Every row, caches warm");
        page.Figures(comparison.Headers(), comparison.Rows.Select(row => Cells(comparison, row)));
        foreach (var note in comparison.Notes()) page.Paragraph(note);
        return page.End();
    }

    static IEnumerable<HtmlPage.Cell> Cells(MachineComparison comparison, MachineComparison.ComparedRow row)
    {
        const int Verdict = 3;
        yield return new(row.Name);
        foreach (var (cell, run) in row.Cells.Select((cell, run) => (cell, run)))
            foreach (var (words, column) in comparison.Words(cell, run).Select((words, column) => (words, column)))
                yield return new(words, column == Verdict ? News(cell) : null);
    }

    static bool? News(MachineComparison.ComparedCell cell) => cell.Speed?.Verdict switch
    {
        SpeedVerdict.Faster => true,
        SpeedVerdict.Slower => false,
        _ => null,
    };

    static IEnumerable<string[]> Machines(IReadOnlyList<MachineRun> runs)
    {
        foreach (var (name, key) in Parts)
            yield return [name, .. runs.Select(run => run.System[key]?.ToString() ?? "")];
        yield return ["numbers", .. runs.Select(run => run.Precision)];
        yield return ["products", .. runs.Select(run => run.Math)];
        yield return ["copies, GB/s", .. runs.Select(run => Figure.Of(run.CopyRate ?? double.NaN))];
        yield return ["products, TFLOP/s", .. runs.Select(run => Figure.Of(run.ProductRate ?? double.NaN))];
    }

    static string Svg(MachineComparison comparison)
    {
        const double Giga = 1e9, Tera = 1e12, Micro = 1e-6;
        var rates = comparison.Runs.Select(run => run.ProductRate!.Value * Tera).ToList();
        var plot = new Roofline(rates.Min() * 1e-5, rates.Max() * 3);
        foreach (var (run, i) in comparison.Runs.Select((run, i) => (run, i)))
        {
            var color = plot.Roof(run.Name, run.CopyRate!.Value * Giga, run.ProductRate!.Value * Tera);
            plot.Points(null, Markers[i % Markers.Length], color,
                comparison.Rows.Select(row => row.Cells[i])
                    .Where(cell => cell is { Row: { Flops: > 0, Bytes: > 0 }, Times: not null })
                    .Select(cell => (cell.Row!.Flops / cell.Row.Bytes,
                        cell.Row.Flops / (cell.Times!.Median * Micro))));
        }
        return plot.Svg();
    }
}
