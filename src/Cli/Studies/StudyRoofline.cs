using LdNetGpu.Autograd;
using LdNetGpu.Devices.Gpu;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace LdNetGpu.Cli.Studies;

/// <summary>
/// FLOPs a byte moved against FLOP/s, both by powers of ten: a roof for each published GPU, and both implementations
/// where their floors, and times where there are some, put them.
/// </summary>
static class StudyRoofline
{
    const double LeftEdge = 1e-2, RightEdge = 1e3, LowerEdge = 1e7, UpperEdge = 2e14;

    // For fonts that are wider than the exporter reckons with: a legend cuts them off.
    static readonly string Room = new('\u00a0', 24);

    static readonly OxyColor[] Roofs =
        [OxyColors.SteelBlue, OxyColors.DarkOrange, OxyColors.SeaGreen, OxyColors.Gray, OxyColors.MediumPurple];

    /// <summary>The plot as SVG.</summary>
    public static string Svg(StudyResult study)
    {
        var plot = new PlotModel { Background = OxyColors.White };
        plot.Axes.Add(Axis(AxisPosition.Bottom, "FLOPs a byte moved", LeftEdge, RightEdge));
        plot.Axes.Add(Axis(AxisPosition.Left, "FLOP/s", LowerEdge, UpperEdge));
        plot.Legends.Add(new Legend
        {
            LegendPosition = LegendPosition.BottomRight, LegendBackground = OxyColors.White, LegendLineSpacing = 4,
        });
        foreach (var (gpu, color) in PublishedGpu.All.Zip(Roofs))
        {
            var roof = new LineSeries { Title = gpu.Name, Color = color };
            roof.Points.Add(new(LeftEdge, LeftEdge * gpu.BytesPerSecond));
            roof.Points.Add(new(gpu.FlopsPerSecond / gpu.BytesPerSecond, gpu.FlopsPerSecond));
            roof.Points.Add(new(RightEdge, gpu.FlopsPerSecond));
            plot.Series.Add(roof);
        }
        var (first, second) = (study.Comparison.First.Name, study.Comparison.Second.Name);
        plot.Series.Add(Floors(first, study.First, MarkerType.Circle));
        plot.Series.Add(Floors(second, study.Second, MarkerType.Square));
        if (study.Times is var (warm, _))
        {
            plot.Series.Add(Measured(first, study.First, warm.First, MarkerType.Cross));
            plot.Series.Add(Measured(second, study.Second, warm.Second, MarkerType.Plus));
        }
        return new SvgExporter { Width = 860, Height = 480, UseVerticalTextAlignmentWorkaround = true }
            .ExportToString(plot);
    }

    static LogarithmicAxis Axis(AxisPosition position, string title, double least, double most) => new()
    {
        Position = position, Title = title, Minimum = least, Maximum = most, MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = OxyColors.LightGray, LabelFormatter = Power, AxisTitleDistance = 18,
    };

    // Powers of ten alone: what lies between has a line and no label.
    static string Power(double value)
    {
        var exponent = Math.Log10(value);
        return Math.Abs(exponent - Math.Round(exponent)) > 1e-6 ? ""
            : exponent is > -3 and < 4 ? value.ToString("0.###") : $"1e{Math.Round(exponent)}";
    }

    static ScatterSeries Floors(string name, ImplementationCounts counts, MarkerType marker)
    {
        var points = new ScatterSeries
        {
            Title = name + Room, MarkerType = marker, MarkerSize = 4, MarkerFill = OxyColors.Transparent,
            MarkerStroke = OxyColors.Black, MarkerStrokeThickness = 1.5,
        };
        foreach (var gpu in PublishedGpu.All)
            points.Points.Add(new(counts.Intensity, counts.Operations.Flops / counts.FloorSeconds(gpu)));
        return points;
    }

    static ScatterSeries Measured(string name, ImplementationCounts counts, IReadOnlyList<double> seconds,
        MarkerType marker)
    {
        var point = new ScatterSeries
        {
            Title = $"{name}, warm{Room}", MarkerType = marker, MarkerSize = 5, MarkerStroke = OxyColors.Red,
            MarkerStrokeThickness = 1.5,
        };
        point.Points.Add(new(counts.Intensity, counts.Operations.Flops / SpeedComparison.Median(seconds)));
        return point;
    }
}
