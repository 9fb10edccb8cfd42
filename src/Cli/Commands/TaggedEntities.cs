using LdNetGpu.Train.Data;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// Writes the names in a text, each with its place: as a JSON array, a name a line, with the keys of Hugging Face's
/// pipelines, or as a table of columns with TABs between.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="isJson">Whether as JSON.</param>
/// <param name="unit">What places are counted in.</param>
sealed class TaggedEntities(TextWriter output, bool isJson, OffsetUnit unit)
{
    bool any;

    public void Write(TaggedSentence sentence)
    {
        foreach (var entity in sentence.Entities)
        {
            if (isJson) output.Write(any ? "," + output.NewLine : "[" + output.NewLine);
            else if (!any) output.WriteLine("start\tend\ttype\tscore\ttext");
            any = true;
            if (isJson) output.Write(TaggedJson.Text(json => EntityJson.Write(json, entity, unit)));
            else
                output.WriteLine(string.Join('\t', unit.Of(entity.Slice.Start), unit.Of(entity.Slice.End), entity.Type,
                    entity.Confidence?.ToString(ConfidenceColumn.Format), Escaped(entity.Slice.Text)));
        }
    }

    /// <summary>Ends the array; of a text without names it is an empty one, and a table has its head.</summary>
    public void End()
    {
        if (isJson) output.WriteLine(any ? output.NewLine + "]" : "[]");
        else if (!any) output.WriteLine("start\tend\ttype\tscore\ttext");
    }

    // A cell is on one line: what would end it or the line is written as in C.
    static string Escaped(string text) => text.Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace("\t", @"\t", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)
        .Replace("\r", @"\r", StringComparison.Ordinal);
}
