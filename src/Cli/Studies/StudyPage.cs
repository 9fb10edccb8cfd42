using System.Net;
using System.Text;
using LdNetGpu.Autograd;

namespace LdNetGpu.Cli.Studies;

/// <summary>Studies as one HTML page that needs nothing else: tables, rooflines, histograms.</summary>
static class StudyPage
{
    const string Style = "body{font:15px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
        + "table{border-collapse:collapse;margin:1em 0}td,th{padding:.2em .8em;border-bottom:1px solid #ccc;"
        + "text-align:right}td:first-child,th:first-child{text-align:left}img{max-width:100%}";

    public static string Of(StudyReport report)
    {
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">");
        page.Append($"<title>Studies of kernels</title><style>{Style}</style></head>\n<body>\n");
        page.Append($"<h1>Studies of kernels, batch {report.Batch}</h1>\n");
        page.Append("<p>Counts are exact, of a run on the managed device; floors are published bandwidths and rates "
            + "over them, without the cost of launches.</p>\n");
        foreach (var study in report.Studies)
        {
            page.Append($"<h2>{Text(study.Study.Name)}</h2>\n<p>{Text(study.Study.Question)}</p>\n");
            Table(page, ["", study.Comparison.First.Name, study.Comparison.Second.Name, "second/first"],
                report.Figures(study).Select(row => new[] { row.Name, row.First, row.Second, row.Ratio }));
            foreach (var note in report.Notes(study)) page.Append($"<p>{Text(note)}</p>\n");
            if (!study.LosesOperations && !study.IsInDouble) page.Append(Drawing(StudyRoofline.Svg(study)));
            Histogram(page, study);
        }
        return page.Append("</body>\n</html>\n").ToString();
    }

    // As an image of its own, for drawings in one page would share their names of clipped regions.
    static string Drawing(string svg) => "<img alt=\"FLOPs a byte against FLOP/s, with the roofs of GPUs\" "
        + $"src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\">\n";

    static void Histogram(StringBuilder page, StudyResult study)
    {
        UlpHistogram[] all = [study.Results.Between, study.Results.First, study.Results.Second];
        var longest = all.MaxBy(one => one.Buckets.Count)!;
        Table(page,
            ["units in the last place", "from each other", $"{study.Comparison.First.Name} from double",
                $"{study.Comparison.Second.Name} from double"],
            StudyReport.Buckets(longest).Select((bucket, i) => (string[])[bucket.Apart,
                .. all.Select(one => (i == 0 ? one.Exact : one.Buckets.ElementAtOrDefault(i - 1)).ToString("N0"))]));
    }

    static void Table(StringBuilder page, string[] headers, IEnumerable<string[]> rows)
    {
        page.Append($"<table>\n<tr>{string.Concat(headers.Select(cell => $"<th>{Text(cell)}</th>"))}</tr>\n");
        foreach (var row in rows)
            page.Append($"<tr>{string.Concat(row.Select(cell => $"<td>{Text(cell)}</td>"))}</tr>\n");
        page.Append("</table>\n");
    }

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
