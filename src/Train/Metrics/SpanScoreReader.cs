using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Metrics;

/// <summary>How to read a file for <see cref="SpanScoreReader"/>.</summary>
public sealed record SpanScoreOptions
{
    /// <summary>
    /// One character between columns; null: TAB if the first line with a word has one, else runs of spaces.
    /// </summary>
    public char? Delimiter { get; init; }

    /// <summary>Tags are bare types, one word a span (conlleval -r): X counts as B-X.</summary>
    public bool Raw { get; init; }

    /// <summary>The tag that stands for no span under <see cref="Raw"/> (conlleval -o).</summary>
    public string OutsideTag { get; init; } = Tag.Outside;
}

/// <summary>
/// conlleval's job on a file: the last two columns are the gold and the predicted tag. As in conlleval, an empty line
/// or one whose first column is <c>-X-</c> ends a sentence, and a <c>-DOCSTART-</c> line is a word like any other.
/// Streams.
/// </summary>
public static class SpanScoreReader
{
    const string Boundary = "-X-";

    /// <summary>Scores the lines of a file.</summary>
    /// <param name="lines">Of columns, the gold and the predicted tag last.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="options">Separator and kind of tags.</param>
    /// <exception cref="UserException">Unreadable text, fewer than two columns, or a line with another number of
    /// columns.</exception>
    public static SpanReport Score(IEnumerable<TextLine> lines, string name, SpanScoreOptions? options = null)
    {
        options ??= new SpanScoreOptions();
        var score = new SpanScore();
        var separator = options.Delimiter;
        var (columnCount, words) = (0, 0L);
        foreach (var (text, number) in lines)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                score.EndSentence();
                continue;
            }
            separator ??= ConllReader.DetectSeparator(text);
            var columns = ConllReader.Split(text.TrimEnd(), separator.Value);
            if (columns[0] == Boundary)
            {
                score.EndSentence();
                continue;
            }
            if (columns.Length < 2)
                throw new InputException(name, number, $"{columns.Length} column in \"{text}\"; " +
                    "the gold and the predicted tag are expected last. Name the delimiter.");
            if (columnCount == 0) columnCount = columns.Length;
            if (columns.Length != columnCount)
                throw new InputException(name, number,
                    $"{columns.Length} columns in \"{text}\"; the lines before have {columnCount}.");
            score.AddWord(Clean(columns[^2], options), Clean(columns[^1], options));
            words++;
        }
        score.EndSentence();
        if (words == 0)
            throw new UserException(
                $"{name}: holds no words. Lines that end with a gold and a predicted tag are expected.");
        return score.Report();
    }

    static string Clean(string tag, SpanScoreOptions options) =>
        !options.Raw ? tag : tag == options.OutsideTag ? Tag.Outside : $"B-{tag}";
}
