namespace LdNetGpu.Cli;

/// <summary>A table for people: columns as wide as they must be, numbers to the right, no frame.</summary>
public sealed class TextTable(params string[] headers)
{
    readonly List<string[]> rows = [];

    /// <summary>Adds a row of as many cells as there are headers.</summary>
    public TextTable Add(params string[] cells)
    {
        if (cells.Length != headers.Length)
            throw new ArgumentException($"TextTable: {cells.Length} cells for {headers.Length} columns.");
        rows.Add(Array.ConvertAll(cells, Printable.OnOneLine));
        return this;
    }

    /// <summary>Writes header, rule and rows, each line with <paramref name="indent"/> before it.</summary>
    public void WriteTo(TextWriter output, string indent = "")
    {
        var widths = headers.Select(
            (header, column) => rows.Select(row => row[column].Length).Append(header.Length).Max()).ToArray();
        var numeric = headers.Select((_, column) => rows.Count > 0 && rows.All(row => IsNumber(row[column]))).ToArray();
        void Line(string[] cells) => output.WriteLine((indent + string.Join("  ",
            cells.Select((cell, column) => numeric[column]
                ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])))).TrimEnd());
        Line(headers);
        Line(widths.Select(width => new string('-', width)).ToArray());
        foreach (var row in rows) Line(row);
    }

    static bool IsNumber(string cell) => cell.Length == 0 || char.IsAsciiDigit(cell[0])
        || (cell.Length > 1 && cell[0] is '-' or '+' && char.IsAsciiDigit(cell[1]));
}
