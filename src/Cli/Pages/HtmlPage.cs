using System.Net;
using System.Text;

namespace LdNetGpu.Cli.Pages;

/// <summary>One HTML page that needs nothing else: headings, paragraphs, tables, drawings.</summary>
sealed class HtmlPage
{
    const string Style = "body{font:15px/1.5 sans-serif;max-width:76em;margin:2em auto;padding:0 1em}"
        + "div{overflow-x:auto}table{border-collapse:collapse;margin:1em 0}td,th{padding:.2em .8em;"
        + "border-bottom:1px solid #ccc;text-align:right}.figures td,th{white-space:nowrap}"
        + "td:first-child,th:first-child{text-align:left}img{max-width:100%}"
        + ".better{background:#dff0d8}.worse{background:#f8dcd8}";

    readonly StringBuilder text = new("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">");

    public HtmlPage(string title) =>
        text.Append($"<title>{Escape(title)}</title><style>{Style}</style></head>\n<body>\n<h1>{Escape(title)}</h1>\n");

    public void Heading(string words) => text.Append($"<h2>{Escape(words)}</h2>\n");

    public void Paragraph(string words) => text.Append($"<p>{Escape(words)}</p>\n");

    /// <summary>A table whose cells may be sentences.</summary>
    public void Table(string[] headers, IEnumerable<string[]> rows) =>
        Table("", headers, rows.Select(row => row.Select(cell => new Cell(cell))));

    /// <summary>A table whose cells stay on one line.</summary>
    public void Figures(string[] headers, IEnumerable<IEnumerable<Cell>> rows) =>
        Table(" class=\"figures\"", headers, rows);

    /// <summary>As an image of its own, for drawings in one page would share their names of clipped regions.</summary>
    /// <param name="description">What it shows, for those who do not see it.</param>
    public void Drawing(string svg, string description) =>
        text.Append($"<img alt=\"{Escape(description)}\" src=\"data:image/svg+xml;base64,"
            + $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\">\n");

    public string End() => text.Append("</body>\n</html>\n").ToString();

    void Table(string attributes, string[] headers, IEnumerable<IEnumerable<Cell>> rows)
    {
        var head = string.Concat(headers.Select(cell => $"<th>{Escape(cell)}</th>"));
        text.Append($"<div><table{attributes}>\n<tr>{head}</tr>\n");
        foreach (var row in rows)
            text.Append($"<tr>{string.Concat(row.Select(cell => cell.Html))}</tr>\n");
        text.Append("</table></div>\n");
    }

    static string Escape(string words) => WebUtility.HtmlEncode(words);

    /// <summary>What stands in a table.</summary>
    /// <param name="IsBetter">Whether it is good news; null for neither good nor bad.</param>
    public readonly record struct Cell(string Words, bool? IsBetter = null)
    {
        public string Html => IsBetter is { } isBetter
            ? $"<td class=\"{(isBetter ? "better" : "worse")}\">{Escape(Words)}</td>" : $"<td>{Escape(Words)}</td>";
    }
}
