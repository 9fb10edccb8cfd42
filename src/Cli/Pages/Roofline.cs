using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace LdNetGpu.Cli.Pages;

/// <summary>FLOPs a byte moved against FLOP/s, both by powers of ten, under roofs.</summary>
sealed class Roofline
{
    const double LeftEdge = 1e-2, RightEdge = 1e3;

    readonly PlotModel plot = new() { Background = OxyColors.White };
    int roofs;

    /// <param name="least">FLOP/s at the lower edge.</param>
    /// <param name="most">FLOP/s at the upper edge.</param>
    public Roofline(double least, double most)
    {
        plot.Axes.Add(Axis(AxisPosition.Bottom, "FLOPs a byte moved", LeftEdge, RightEdge));
        plot.Axes.Add(Axis(AxisPosition.Left, "FLOP/s", least, most));
        plot.Legends.Add(PlotStyle.Legend(LegendPosition.BottomRight));
    }

    /// <summary>What a device can do: memory's slope, then the level of its arithmetic.</summary>
    /// <returns>The roof's colour.</returns>
    public OxyColor Roof(string name, double bytesPerSecond, double flopsPerSecond)
    {
        var color = PlotStyle.Color(roofs++);
        var roof = new LineSeries { Title = name + PlotStyle.Room, Color = color };
        roof.Points.Add(new(LeftEdge, LeftEdge * bytesPerSecond));
        roof.Points.Add(new(flopsPerSecond / bytesPerSecond, flopsPerSecond));
        roof.Points.Add(new(RightEdge, flopsPerSecond));
        plot.Series.Add(roof);
        return color;
    }

    /// <summary>Pieces of work by their FLOPs a byte and FLOP/s.</summary>
    /// <param name="name">In the legend; null for none.</param>
    public void Points(string? name, MarkerType marker, OxyColor color,
        IEnumerable<(double Intensity, double Rate)> work)
    {
        var points = new ScatterSeries
        {
            Title = name is null ? null : name + PlotStyle.Room, MarkerType = marker, MarkerSize = 4,
            MarkerFill = OxyColors.Transparent, MarkerStroke = color, MarkerStrokeThickness = 1.5,
        };
        foreach (var (intensity, rate) in work) points.Points.Add(new(intensity, rate));
        plot.Series.Add(points);
    }

    /// <summary>The plot as SVG.</summary>
    public string Svg() => PlotStyle.Svg(plot);

    static LogarithmicAxis Axis(AxisPosition position, string title, double least, double most) =>
        PlotStyle.Ruled(new LogarithmicAxis
        {
            Position = position, Title = title, Minimum = least, Maximum = most, LabelFormatter = Power,
        });

    // Powers of ten alone: what lies between has a line and no label.
    static string Power(double value)
    {
        var exponent = Math.Log10(value);
        return Math.Abs(exponent - Math.Round(exponent)) > 1e-6 ? ""
            : exponent is > -3 and < 4 ? value.ToString("0.###") : $"1e{Math.Round(exponent)}";
    }
}
