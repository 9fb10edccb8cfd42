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
        + ".better{background:#dff0d8}.worse{background:#f8dcd8}.filtered td,.filtered th{text-align:left}"
        + "u{text-decoration:underline 2px;text-underline-offset:3px}mark{background:#ffe08a}"
        + ".filters>*{margin:0 1em .5em 0}";

    // A choice for each of the first columns and a field for words; rows that do not fit are hidden.
    const string Filters = """
        <script>
        for (const box of document.querySelectorAll(".filters")) {
          const rows = [...box.nextElementSibling.querySelectorAll("tr")].slice(1), shown = box.querySelector("output");
          const choices = [...box.querySelectorAll("select")], field = box.querySelector("input");
          choices.forEach((choice, column) => {
            for (const value of [...new Set(rows.map(row => row.cells[column].textContent))].sort())
              choice.add(new Option(value || "none", value));
          });
          const show = () => {
            const words = field.value.toLowerCase();
            let count = 0;
            for (const row of rows) {
              const fits = choices.every((choice, column) =>
                choice.selectedIndex == 0 || row.cells[column].textContent == choice.value)
                && row.textContent.toLowerCase().includes(words);
              row.hidden = !fits;
              if (fits) count++;
            }
            shown.textContent = count + " of " + rows.length;
          };
          box.addEventListener("input", show);
          show();
        }
        </script>

        """;

    bool hasFilters;
    readonly StringBuilder text = new("<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">");

    public HtmlPage(string title) =>
        text.Append($"<title>{Escape(title)}</title><style>{Style}</style></head>\n<body>\n<h1>{Escape(title)}</h1>\n");

    public void Heading(string words) => text.Append($"<h2>{Escape(words)}</h2>\n");

    public void Paragraph(string words) => text.Append($"<p>{Escape(words)}</p>\n");

    /// <summary>A table whose cells may be sentences.</summary>
    public void Table(string[] headers, IEnumerable<string[]> rows) =>
        Table("", headers, rows.Select(row => row.Select(cell => new Cell(cell).Html)));

    /// <summary>A table whose cells stay on one line.</summary>
    public void Figures(string[] headers, IEnumerable<IEnumerable<Cell>> rows) =>
        Table(" class=\"figures\"", headers, rows.Select(row => row.Select(cell => cell.Html)));

    /// <summary>A table of words with choices above it.</summary>
    /// <param name="headers">Of the columns.</param>
    /// <param name="filters">Of how many columns, the first ones, one value can be chosen.</param>
    /// <param name="rows">As many passages as headers.</param>
    public void Filtered(string[] headers, int filters, IReadOnlyList<Passage[]> rows)
    {
        var choices = string.Concat(headers.Take(filters).Select(header =>
            $"<label>{Escape(header)} <select><option>all</option></select></label>"));
        text.Append($"<div class=\"filters\">{choices}<label>words <input type=\"search\"></label><output></output>")
            .Append("</div>\n");
        Table(" class=\"filtered\"", headers, rows.Select(row => row.Select(passage => passage.Html)));
        if (!hasFilters) text.Append(Filters);
        hasFilters = true;
    }

    /// <summary>As an image of its own, for drawings in one page would share their names of clipped regions.</summary>
    /// <param name="description">What it shows, for those who do not see it.</param>
    public void Drawing(string svg, string description) =>
        text.Append($"<img alt=\"{Escape(description)}\" src=\"data:image/svg+xml;base64,"
            + $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\">\n");

    public string End() => text.Append("</body>\n</html>\n").ToString();

    void Table(string attributes, string[] headers, IEnumerable<IEnumerable<string>> rows)
    {
        var head = string.Concat(headers.Select(cell => $"<th>{Escape(cell)}</th>"));
        text.Append($"<div><table{attributes}>\n<tr>{head}</tr>\n");
        foreach (var row in rows)
            text.Append($"<tr>{string.Concat(row)}</tr>\n");
        text.Append("</table></div>\n");
    }

    /// <summary>Words of a passage, underlined or marked.</summary>
    public readonly record struct Part(string Words, bool IsUnderlined, bool IsMarked)
    {
        public string Html => (IsUnderlined, IsMarked) switch
        {
            (true, true) => $"<mark><u>{Escape(Words)}</u></mark>",
            (true, false) => $"<u>{Escape(Words)}</u>",
            (false, true) => $"<mark>{Escape(Words)}</mark>",
            _ => Escape(Words),
        };
    }

    /// <summary>A cell of text.</summary>
    public readonly record struct Passage(params Part[] Parts)
    {
        public Passage(string words) : this(new Part(words, false, false)) { }

        public string Html => $"<td>{string.Join(' ', Parts.Select(part => part.Html))}</td>";
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
