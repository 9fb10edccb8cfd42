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

    /// <summary>
    /// Column of the gold tag, from 0; negative counts from the last (-1). The last but one is the last but two where
    /// the last holds the probabilities that <c>tag --confidence</c> writes.
    /// </summary>
    public int GoldColumn { get; init; } = StandardGold;

    /// <summary>
    /// Column of the predicted tag, from 0; negative counts from the last (-1), before a column of probabilities.
    /// </summary>
    public int PredictedColumn { get; init; } = StandardPredicted;

    internal const int StandardGold = -2, StandardPredicted = -1;

    /// <summary>What comment lines begin with, as <see cref="ConllOptions.Comment"/> has it.</summary>
    public string? Comment { get; init; }

    /// <summary>Tags are bare types, one word a span (conlleval -r): X counts as B-X.</summary>
    public bool Raw { get; init; }

    /// <summary>The tag that stands for no span under <see cref="Raw"/> (conlleval -o).</summary>
    public string OutsideTag { get; init; } = Tag.Outside;
}

/// <summary>
/// conlleval's job on a file: the last two columns are the gold and the predicted tag. As in conlleval, an empty line
/// or one whose first column is <c>-X-</c> ends a sentence, and a <c>-DOCSTART-</c> line of all columns is a word like
/// any other. Beyond it, comment lines and CoNLL-U's lines of no word are passed over. Streams.
/// </summary>
public static class SpanScoreReader
{
    const string Boundary = "-X-", NoValue = "_";

    /// <summary>What the file's first lines tell of its columns.</summary>
    /// <param name="IsConllU">Lines begin with ids, and those of <c>2-3</c> and <c>2.1</c> are no words.</param>
    /// <param name="HasConfidence">The last column holds the predicted tags' probabilities.</param>
    readonly record struct Layout(bool IsConllU, bool HasConfidence)
    {
        public int Gold(SpanScoreOptions options) =>
            HasConfidence && options.GoldColumn == SpanScoreOptions.StandardGold
                ? options.GoldColumn - 1 : options.GoldColumn;

        public int Predicted(SpanScoreOptions options) =>
            HasConfidence && options.PredictedColumn == SpanScoreOptions.StandardPredicted
                ? options.PredictedColumn - 1 : options.PredictedColumn;
    }

    /// <summary>Scores the lines of a file.</summary>
    /// <param name="lines">Of columns, the gold and the predicted tag last.</param>
    /// <param name="name">The file, for messages.</param>
    /// <param name="options">Separator, columns and kind of tags.</param>
    /// <exception cref="UserException">Unreadable text, fewer than two columns, or a line with another number of
    /// columns.</exception>
    public static SpanReport Score(IEnumerable<TextLine> lines, string name, SpanScoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(name);
        options ??= new SpanScoreOptions();
        var score = new SpanScore();
        var separator = options.Delimiter;
        var (columnCount, words) = (0, 0L);
        UnknownTags? unknown = null;
        var layout = new Layout();
        foreach (var line in lines)
        {
            var (text, number) = (TextLines.WithoutMark(line.Text).TrimEnd(), line.Number);
            if (text.Length == 0)
            {
                score.EndSentence();
                continue;
            }
            if (IsComment(text, separator, columnCount, options)) continue;
            separator ??= ConllReader.DetectSeparator(text);
            var columns = ConllReader.Split(text, separator.Value);
            if (columns[0] == Boundary
                || columnCount > 0 && columns.Length != columnCount && ConllReader.IsDocumentStart(text))
            {
                score.EndSentence();
                continue;
            }
            if (columnCount == 0) layout = new(TokenId.BeginsConllU(columns, separator.Value), false);
            CheckCount(columns, ref columnCount, text, name, number);
            if (layout.IsConllU && TokenId.IsNoWord(columns[0])) continue;
            if (words == 0) layout = layout with { HasConfidence = ConfidenceColumn.IsLast(columns) };
            var gold = columns[Place(layout.Gold(options), columnCount, name, number)];
            var predicted = columns[Place(layout.Predicted(options), columnCount, name, number)];
            // Ids without the ten columns of CoNLL-U.
            if (TokenId.IsNoWord(columns[0]) && !options.Raw && (gold == NoValue || predicted == NoValue)) continue;
            score.AddWord(Clean(gold, options), Clean(predicted, options));
            words++;
            if (options.Raw) continue;
            Look(gold);
            Look(predicted);

            void Look(string tag)
            {
                if (IsKnown(Tag.Parse(tag).Prefix)) return;
                unknown = unknown is null ? new(1, tag, number) : unknown with { Count = unknown.Count + 1 };
            }
        }
        score.EndSentence();
        if (words == 0)
            throw new UserException(
                $"{name}: holds no words. Lines that end with a gold and a predicted tag are expected.");
        return score.Report() with { UnknownTags = unknown };
    }

    static bool IsComment(string text, char? separator, int columnCount, SpanScoreOptions options) =>
        options.Comment is { } mark
            ? mark.Length > 0 && text.StartsWith(mark, StringComparison.Ordinal)
            : CommentLine.Is(text, separator, () => false)
                && (columnCount == 0 || ConllReader.Split(text, separator!.Value).Length != columnCount);

    static void CheckCount(string[] columns, ref int columnCount, string text, string name, int number)
    {
        if (columns.Length < 2)
            throw new InputException(name, number, $"{columns.Length} column in \"{text}\"; " +
                "the gold and the predicted tag are expected last.") { Remedy = InputRemedy.Separator };
        if (columnCount == 0) columnCount = columns.Length;
        if (columns.Length != columnCount)
            throw new InputException(name, number,
                $"{columns.Length} columns in \"{text}\"; the lines before have {columnCount}.")
                { Remedy = InputRemedy.Separator };
    }

    static int Place(int column, int columnCount, string name, int number)
    {
        var place = column < 0 ? columnCount + column : column;
        return place >= 0 && place < columnCount ? place
            : throw new InputException(name, number,
                $"{columnCount} columns, so there is no column " + (column < 0 ? $"{column}." : $"{column + 1}."))
                { Remedy = InputRemedy.Columns };
    }

    // conlleval's brackets and its full stop among them.
    static bool IsKnown(string prefix) =>
        prefix is "[" or "]" or "." or Tag.Outside || new Tag(prefix, "").IsWellFormed;

    static string Clean(string tag, SpanScoreOptions options) =>
        !options.Raw ? tag : tag == options.OutsideTag ? Tag.Outside : $"B-{tag}";
}
