using LdNetGpu.Train.Data;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// Writes tagged sentences in columns. Of columns that were read every line has its own again, comments, borders and
/// blank lines among them; of text a blank line follows each sentence, so that there are as many as the text has lines.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="reader">Of the columns that were read; null for text.</param>
/// <param name="keepsColumns">Whether the line's own columns stay before the tag.</param>
/// <param name="hasConfidence">Whether a column with the tag's probability follows it.</param>
sealed class TaggedColumns(TextWriter output, ConllReader? reader, bool keepsColumns, bool hasConfidence)
{
    const string NoValue = ConfidenceColumn.NoValue;
    bool open;

    char Separator => keepsColumns && reader?.Separator is { } own ? own : '\t';

    public void Write(TaggedSentence sentence)
    {
        for (var i = 0; i < sentence.Readings.Count; i++)
        {
            // Behind another reading, or behind the part before of a sentence that was cut.
            if (open && sentence.Readings[i].Probability is not null) EndSentence();
            if (sentence.Words.Length > 0 && sentence.Readings[i].Probability is { } probability)
            {
                output.WriteLine($"# reading = {i + 1}");
                output.WriteLine($"# probability = {probability:g6}");
            }
            if (reader is null) WriteText(sentence.Words, sentence.Readings[i]);
            else WriteLines(sentence.Source!, sentence.Words, sentence.Readings[i]);
        }
    }

    /// <summary>Ends the last sentence, where nothing did.</summary>
    public void End()
    {
        if (open && !keepsColumns) EndSentence();
    }

    void WriteText(string[] words, TaggedReading reading)
    {
        for (var i = 0; i < words.Length; i++) output.WriteLine(words[i] + Added(reading, i));
        output.WriteLine();
    }

    void WriteLines(Sentence source, string[] words, TaggedReading reading)
    {
        var next = 0;
        foreach (var line in source.Source!)
        {
            var text = TextLines.WithoutMark(line.Text);
            open = false;
            if (next < words.Length && line.Number == source.LineOf(next))
            {
                output.WriteLine((keepsColumns ? Own(text) : words[next]) + Added(reading, next));
                next++;
                open = true;
            }
            else if (string.IsNullOrWhiteSpace(text) || reader!.IsComment(text)) output.WriteLine(text);
            else if (ConllReader.IsDocumentStart(text)) output.WriteLine(Border(text));
            else if (keepsColumns) output.WriteLine(Own(text) + Added(NoValue, NoValue));
        }
    }

    void EndSentence()
    {
        output.WriteLine();
        open = false;
    }

    string Own(string text) => Separator == ' ' ? text.TrimEnd() : text;

    // With a tag, as long as the border has the columns of a word: conlleval reads it as one.
    string Border(string text)
    {
        if (!keepsColumns) return $"{ConllReader.DocumentStart}\t{Tag.Outside}";
        var isWhole = ConllReader.Split(text, Separator).Length == reader!.ColumnCount;
        return isWhole ? Own(text) + Added(Tag.Outside, NoValue) : text;
    }

    string Added(TaggedReading reading, int word) =>
        Added(reading.Tags[word],
            reading.Confidence is { } values ? values[word].ToString(ConfidenceColumn.Format) : NoValue);

    string Added(string tag, string confidence) =>
        hasConfidence ? $"{Separator}{tag}{Separator}{confidence}" : $"{Separator}{tag}";
}
