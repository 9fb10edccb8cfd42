using LdNetGpu.Autograd;
using LdNetGpu.Cli.Pages;

namespace LdNetGpu.Cli.Studies;

/// <summary>Studies as one HTML page: tables, rooflines, histograms.</summary>
static class StudyPage
{
    public static string Of(StudyReport report)
    {
        var page = new HtmlPage($"Studies of kernels{report.OfBatch}");
        page.Paragraph("Counts are exact, of a run on the managed device; floors are published bandwidths and rates "
            + "over them, without the cost of launches.");
        foreach (var study in report.Studies)
        {
            page.Heading(study.Study.Name);
            page.Paragraph(study.Study.Question);
            page.Table(["", study.Comparison.First.Name, study.Comparison.Second.Name, "second/first"],
                report.Figures(study).Select(row => new[] { row.Name, row.First, row.Second, row.Ratio }));
            foreach (var note in report.Notes(study)) page.Paragraph(note);
            if (!study.LosesOperations && !study.IsInDouble)
                page.Drawing(StudyRoofline.Svg(study), "FLOPs a byte against FLOP/s, with the roofs of GPUs");
            Histogram(page, study);
        }
        return page.End();
    }

    static void Histogram(HtmlPage page, StudyResult study)
    {
        UlpHistogram[] all = [study.Results.Between, study.Results.First, study.Results.Second];
        var longest = all.MaxBy(one => one.Buckets.Count)!;
        page.Table(
            ["units in the last place", "from each other", $"{study.Comparison.First.Name} from double",
                $"{study.Comparison.Second.Name} from double"],
            StudyReport.Buckets(longest).Select((bucket, i) => (string[])[bucket.Apart,
                .. all.Select(one => (i == 0 ? one.Exact : one.Buckets.ElementAtOrDefault(i - 1)).ToString("N0"))]));
    }
}
