using System.Text;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>A file whose tags were spelled anew.</summary>
/// <param name="Text">The whole file: only tags differ from what was read, not a space or a line end.</param>
/// <param name="File">The file as read, its tags converted.</param>
/// <param name="LostBorders">
/// Borders between touching spans of one type that <see cref="TagScheme.Io"/> cannot write; 0 in every other scheme.
/// </param>
public sealed record ConvertedTags(string Text, LabelledFile File, int LostBorders);

/// <summary>
/// Spells the tag column of a CoNLL file in another scheme. Everything else stays byte for byte: other columns and what
/// separates them, comments, document borders, blank lines, line ends, byte order marks.
/// </summary>
public static class TagFileConversion
{
    /// <summary>
    /// The file with converted tags. It is read and checked whole, so that a broken file gives nothing.
    /// </summary>
    /// <param name="stream">Gzip or not; the caller closes it.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="to">The scheme wanted.</param>
    /// <param name="from">The file's scheme; <see cref="TagScheme.Auto"/> tells it.</param>
    /// <param name="lenient">Read tags that break the scheme as conlleval does.</param>
    /// <param name="options">Columns and separator.</param>
    /// <exception cref="UserException">As <see cref="LabelledFile.Load"/>.</exception>
    /// <exception cref="ArgumentException">The options name no tag column.</exception>
    public static ConvertedTags Convert(Stream stream, string name, TagScheme to, TagScheme from = TagScheme.Auto,
        bool lenient = false, ConllOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        options ??= new ConllOptions();
        if (options.TagColumn is null)
            throw new ArgumentException("Tags are converted in a tag column.", nameof(options));
        var record = new RecordingStream(InputFile.Inflate(stream, name));
        var plain = new CarriageReturnStream(record);
        var reader = new ConllReader(name, options);
        var sentences = reader.Sentences(TextLines.ReadPlain(plain, name)).ToList();
        var file = LabelledFile.Convert(name, sentences, to, from, lenient);
        var tagOfLine = new Dictionary<int, string>();
        foreach (var sentence in file.Sentences)
            for (var i = 0; i < sentence.Words.Length; i++) tagOfLine[sentence.LineOf(i)] = sentence.Tags![i];
        var text = WithTags(Encoding.UTF8.GetString(record.Bytes), plain.Replaces ? "\r\n" : "\n", tagOfLine,
            reader.Separator!.Value, reader.TagColumn!.Value);
        return new(text, file, Spans(sentences) - Spans(file.Sentences));
    }

    static int Spans(IReadOnlyList<Sentence> sentences) =>
        sentences.Sum(sentence => TagConversion.ToSpans(sentence.Tags!).Count);

    static string WithTags(string text, string lineEnds, Dictionary<int, string> tagOfLine, char separator, int column)
    {
        var converted = new StringBuilder(text.Length);
        var (copied, number) = (0, 1);
        for (var start = 0; start < text.Length; number++)
        {
            var length = text.AsSpan(start).IndexOfAny(lineEnds);
            var end = length < 0 ? text.Length : start + length;
            if (tagOfLine.TryGetValue(number, out var tag))
            {
                var (tagStart, tagEnd) = ColumnOf(text, start, end, separator, column);
                converted.Append(text, copied, tagStart - copied).Append(tag);
                copied = tagEnd;
            }
            start = end + 1;
        }
        return converted.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>Where a column of a line stands in the text, white space around it left out.</summary>
    static (int Start, int End) ColumnOf(string text, int start, int end, char separator, int column)
    {
        if (text[start] == TextLines.Mark) start++;
        if (text[end - 1] == '\r') end--;
        var columns = new List<(int Start, int End)>();
        var from = start;
        for (var i = start; i <= end; i++)
        {
            if (i < end && (separator == ' ' ? text[i] is not (' ' or '\t') : text[i] != separator)) continue;
            if (separator != ' ' || i > from) columns.Add((from, i));
            from = i + 1;
        }
        var (first, last) = columns[column < 0 ? columns.Count + column : column];
        while (first < last && char.IsWhiteSpace(text[first])) first++;
        while (last > first && char.IsWhiteSpace(text[last - 1])) last--;
        return (first, last);
    }
}
