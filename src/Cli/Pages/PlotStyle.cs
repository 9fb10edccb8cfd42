using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;

namespace LdNetGpu.Cli.Pages;

/// <summary>What all drawings look alike in.</summary>
static class PlotStyle
{
    /// <summary>For fonts that are wider than the exporter reckons with: a legend cuts them off.</summary>
    public static readonly string Room = new('\u00a0', 24);

    static readonly OxyColor[] Colors =
    [
        OxyColors.SteelBlue, OxyColors.DarkOrange, OxyColors.SeaGreen, OxyColors.Gray, OxyColors.MediumPurple,
        OxyColors.Firebrick, OxyColors.DarkCyan, OxyColors.Olive,
    ];

    /// <summary>Eight colours, over and over.</summary>
    public static OxyColor Color(int number) => Colors[number % Colors.Length];

    public static Legend Legend(LegendPosition position) => new()
    {
        LegendPosition = position, LegendBackground = OxyColors.White, LegendLineSpacing = 4,
    };

    /// <summary>Lines across, and room for the title.</summary>
    public static TAxis Ruled<TAxis>(TAxis axis) where TAxis : Axis
    {
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = OxyColors.LightGray;
        axis.AxisTitleDistance = 18;
        return axis;
    }

    public static string Svg(PlotModel plot) =>
        new SvgExporter { Width = 860, Height = 480, UseVerticalTextAlignmentWorkaround = true }.ExportToString(plot);
}
