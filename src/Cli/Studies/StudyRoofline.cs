using LdNetGpu.Autograd;
using LdNetGpu.Cli.Pages;
using LdNetGpu.Devices.Gpu;
using OxyPlot;

namespace LdNetGpu.Cli.Studies;

/// <summary>
/// A roof for each published GPU, and both implementations of a study where their floors, and times where there are
/// some, put them.
/// </summary>
static class StudyRoofline
{
    const double LowerEdge = 1e7, UpperEdge = 2e14;

    /// <summary>The plot as SVG.</summary>
    public static string Svg(StudyResult study)
    {
        var plot = new Roofline(LowerEdge, UpperEdge);
        foreach (var gpu in PublishedGpu.All) plot.Roof(gpu.Name, gpu.BytesPerSecond, gpu.FlopsPerSecond);
        var (first, second) = (study.Comparison.First.Name, study.Comparison.Second.Name);
        plot.Points(first, MarkerType.Circle, OxyColors.Black, Floors(study.First));
        plot.Points(second, MarkerType.Square, OxyColors.Black, Floors(study.Second));
        if (study.Times is var (warm, _))
        {
            plot.Points(first + ", warm", MarkerType.Cross, OxyColors.Red, [Measured(study.First, warm.First)]);
            plot.Points(second + ", warm", MarkerType.Plus, OxyColors.Red, [Measured(study.Second, warm.Second)]);
        }
        return plot.Svg();
    }

    static IEnumerable<(double, double)> Floors(ImplementationCounts counts) =>
        PublishedGpu.All.Select(gpu => (counts.Intensity, counts.Operations.Flops / counts.FloorSeconds(gpu)));

    static (double, double) Measured(ImplementationCounts counts, IReadOnlyList<double> seconds) =>
        (counts.Intensity, counts.Operations.Flops / SpeedComparison.Median(seconds));
}
