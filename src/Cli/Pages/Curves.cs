using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace LdNetGpu.Cli.Pages;

/// <summary>Figures over the passes of a training, a line each.</summary>
sealed class Curves
{
    readonly PlotModel plot = new() { Background = OxyColors.White };

    /// <param name="across">What is counted from left to right: <c>epoch</c>.</param>
    /// <param name="up">What the figures are: <c>F1, %</c>.</param>
    /// <param name="legend">Where no line is.</param>
    public Curves(string across, string up, LegendPosition legend = LegendPosition.RightTop)
    {
        plot.Axes.Add(PlotStyle.Ruled(new LinearAxis
        {
            Position = AxisPosition.Bottom, Title = across, MinimumMajorStep = 1, MinimumPadding = 0.02,
        }));
        plot.Axes.Add(PlotStyle.Ruled(new LinearAxis { Position = AxisPosition.Left, Title = up }));
        plot.Legends.Add(PlotStyle.Legend(legend));
    }

    /// <summary>Whether there is anything to see.</summary>
    public bool HasLines => plot.Series.Count > 0;

    /// <summary>A line; nothing where there is no figure.</summary>
    /// <param name="name">In the legend.</param>
    /// <param name="color">Its number: lines of one thing have one colour.</param>
    /// <param name="isDashed">For the second of two that belong together.</param>
    /// <param name="points">From left to right.</param>
    public void Add(string name, int color, bool isDashed, IReadOnlyList<(double Across, double Up)> points)
    {
        if (points.Count == 0) return;
        var line = new LineSeries
        {
            Title = name + PlotStyle.Room, Color = PlotStyle.Color(color),
            LineStyle = isDashed ? LineStyle.Dash : LineStyle.Solid,
            MarkerType = points.Count == 1 ? MarkerType.Circle : MarkerType.None,
        };
        foreach (var (across, up) in points) line.Points.Add(new(across, up));
        plot.Series.Add(line);
    }

    /// <summary>The plot as SVG.</summary>
    public string Svg() => PlotStyle.Svg(plot);
}
