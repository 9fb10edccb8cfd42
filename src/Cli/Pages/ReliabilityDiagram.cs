using LdNetGpu.Train.Metrics;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace LdNetGpu.Cli.Pages;

/// <summary>Confidence against the share that is correct, a bar a bin, beside the diagonal.</summary>
static class ReliabilityDiagram
{
    // Of the largest bin's count: what is less is drawn lighter.
    const double Few = 0.05;

    /// <param name="reliability">Its bins of equal width are drawn.</param>
    /// <param name="what">What was predicted, in the plural.</param>
    public static string Svg(Reliability reliability, string what)
    {
        var plot = new PlotModel { Background = OxyColors.White };
        plot.Axes.Add(Axis(AxisPosition.Bottom, $"confidence of {what}"));
        plot.Axes.Add(Axis(AxisPosition.Left, "share correct"));
        var most = reliability.EqualWidth.Max(bin => bin.Count);
        foreach (var bin in reliability.EqualWidth.Where(bin => bin.Count > 0))
        {
            plot.Annotations.Add(new RectangleAnnotation
            {
                MinimumX = bin.Lower, MaximumX = bin.Upper, MinimumY = 0, MaximumY = bin.Accuracy,
                Fill = OxyColor.FromAColor((byte)(bin.Count < Few * most ? 70 : 190), OxyColors.SteelBlue),
                Stroke = OxyColors.White, StrokeThickness = 1,
            });
            var tick = new LineSeries { Color = OxyColors.Firebrick, StrokeThickness = 2 };
            tick.Points.Add(new(bin.Confidence, Math.Max(0, bin.Accuracy - 0.02)));
            tick.Points.Add(new(bin.Confidence, Math.Min(1, bin.Accuracy + 0.02)));
            plot.Series.Add(tick);
        }
        var diagonal = new LineSeries { Color = OxyColors.Gray, LineStyle = LineStyle.Dash };
        diagonal.Points.Add(new(0, 0));
        diagonal.Points.Add(new(1, 1));
        plot.Series.Add(diagonal);
        return new SvgExporter { Width = 480, Height = 440, UseVerticalTextAlignmentWorkaround = true }
            .ExportToString(plot);
    }

    static LinearAxis Axis(AxisPosition position, string title) => new()
    {
        Position = position, Title = title, Minimum = 0, Maximum = 1, MajorStep = 0.2,
        MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColors.LightGray, AxisTitleDistance = 18,
    };
}
