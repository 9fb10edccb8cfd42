using System.Text.Json.Nodes;
using LdNetGpu.Cli.Pages;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary>Measurements of a tagger's probabilities, for people and for machines.</summary>
static class CalibrationText
{
    /// <summary>Bins of each measurement.</summary>
    public const int StandardBins = 10, MostBins = 1000;

    /// <summary>One line a figure, one column a measurement.</summary>
    public static void Write(TextWriter writer, params CalibrationReport[] reports)
    {
        var table = new TextTable(["", .. reports.Select(report => $"T = {report.Temperature:f3}")]);
        foreach (var (name, cells) in Rows(reports)) table.Add([name, .. cells]);
        table.WriteTo(writer);
    }

    /// <summary>The bins of equal width of the spans.</summary>
    public static void WriteBins(TextWriter writer, Reliability spans)
    {
        var table = new TextTable("confidence", "spans", "mean", "correct");
        foreach (var bin in spans.EqualWidth.Where(bin => bin.Count > 0))
            table.Add($"{bin.Lower:f2} to {bin.Upper:f2}", $"{bin.Count:N0}", $"{bin.Confidence:f3}",
                $"{bin.Accuracy:f3}");
        table.WriteTo(writer);
    }

    /// <summary>What a measurement is, unrounded.</summary>
    public static JsonObject ToJson(CalibrationReport report) => new()
    {
        ["temperature"] = report.Temperature,
        ["loss"] = report.Loss,
        ["spans"] = ToJson(report.Spans),
        ["tags"] = ToJson(report.Tags),
    };

    /// <summary>Reliability diagrams and their figures as a page.</summary>
    public static string Page(string title, params CalibrationReport[] reports)
    {
        var page = new HtmlPage(title);
        page.Paragraph("Predictions are put in bins of equal width by their confidence. Where the bars reach the "
            + "diagonal, confidence is the share that comes true; above it the tagger is not sure enough, below too "
            + "sure. Ticks mark the mean confidence of a bin, and lighter bars have few predictions.");
        page.Table(["", .. reports.Select(report => $"T = {report.Temperature:f3}")],
            Rows(reports).Select(row => (string[])[row.Name, .. row.Cells]));
        foreach (var report in reports)
        {
            page.Heading($"Temperature {report.Temperature:f3}");
            foreach (var (what, of) in new[] { ("spans", report.Spans), ("tags", report.Tags) })
                page.Drawing(ReliabilityDiagram.Svg(of, what), $"confidence of {what} against the share correct");
            page.Figures(["confidence of spans", "spans", "mean", "correct"], report.Spans.EqualWidth
                .Where(bin => bin.Count > 0).Select(bin => new HtmlPage.Cell[]
                {
                    new($"{bin.Lower:f2} to {bin.Upper:f2}"), new($"{bin.Count:N0}"), new($"{bin.Confidence:f3}"),
                    new($"{bin.Accuracy:f3}"),
                }));
        }
        return page.End();
    }

    static IEnumerable<(string Name, string[] Cells)> Rows(CalibrationReport[] reports)
    {
        yield return ("loss, nats a sentence", Cells(report => report.Loss is { } loss ? $"{loss:f4}" : "-"));
        foreach (var (what, of) in new (string, Func<CalibrationReport, Reliability>)[]
        {
            ("spans", report => report.Spans), ("tags", report => report.Tags),
        })
        {
            yield return ($"{what}: predicted", Cells(report => $"{of(report).Count:N0}"));
            yield return ($"{what}: mean confidence", Cells(report => $"{of(report).MeanConfidence:f4}"));
            yield return ($"{what}: share correct", Cells(report => $"{of(report).Accuracy:f4}"));
            yield return ($"{what}: ECE, bins of equal width", Cells(report => $"{of(report).Error:f4}"));
            yield return ($"{what}: ECE, bins of equal counts", Cells(report => $"{of(report).ErrorOfEqualCounts:f4}"));
        }

        string[] Cells(Func<CalibrationReport, string> cell) => Array.ConvertAll(reports, one => cell(one));
    }

    static JsonObject ToJson(Reliability reliability) => new()
    {
        ["predicted"] = reliability.Count,
        ["mean_confidence"] = reliability.MeanConfidence,
        ["share_correct"] = reliability.Accuracy,
        ["ece"] = reliability.Error,
        ["ece_equal_counts"] = reliability.ErrorOfEqualCounts,
        ["bins"] = new JsonArray([.. reliability.EqualWidth.Select(bin => new JsonObject
        {
            ["lower"] = bin.Lower,
            ["upper"] = bin.Upper,
            ["count"] = bin.Count,
            ["confidence"] = bin.Confidence,
            ["share_correct"] = bin.Accuracy,
        })]),
    };
}
