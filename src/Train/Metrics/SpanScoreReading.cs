using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Metrics;

/// <summary>What <see cref="SpanScoreReader"/> knows between two lines of a file.</summary>
sealed class SpanScoreReading(string name, SpanScoreOptions options)
{
    const string Boundary = "-X-";

    readonly record struct TagColumns(int Gold, int Predicted);

    readonly SpanScore score = new();
    // Document starts before the first word, which tells how many columns and what separator a word has.
    readonly List<(string Text, int Number)> early = [];
    char? separator = options.Delimiter;
    int columnCount;
    bool isConllU;
    TagColumns? tagColumns;
    long words;
    UnknownTags? unknown;

    /// <exception cref="UserException">A number of columns other than that of the lines before, or one.</exception>
    public void Read(string text, int number)
    {
        if (text.Length == 0) score.EndSentence();
        else if (IsComment(text)) return;
        else if (ConllReader.IsDocumentStart(text)) ReadDocumentStart(text, number);
        else ReadLine(text, number);
    }

    /// <exception cref="UserException">No word was read.</exception>
    public SpanReport Report()
    {
        score.EndSentence();
        if (words == 0)
            throw new UserException(
                $"{name}: holds no words. Lines that end with a gold and a predicted tag are expected.");
        return score.Report() with { UnknownTags = unknown };
    }

    // A word like any other, if it has a word's columns (conlleval).
    void ReadDocumentStart(string text, int number)
    {
        if (tagColumns is not { } places)
        {
            early.Add((text, number));
            return;
        }
        var columns = Split(text);
        if (columns.Length == columnCount) AddWord(columns[places.Gold], columns[places.Predicted], number);
        else score.EndSentence();
    }

    void ReadLine(string text, int number)
    {
        separator ??= ConllReader.DetectSeparator(text);
        var columns = Split(text);
        if (columns[0] == Boundary)
        {
            score.EndSentence();
            return;
        }
        if (columnCount == 0) isConllU = TokenId.BeginsConllU(columns, separator.Value);
        CheckCount(columns, text, number);
        var hasNoWordsId = TokenId.IsNoWord(columns[0]);
        if (isConllU && hasNoWordsId) return;
        var places = tagColumns ?? TagColumnsOf(columns, number);
        var (gold, predicted) = (columns[places.Gold], columns[places.Predicted]);
        // Ids without the ten columns of CoNLL-U.
        var hasNoTags = gold == ConfidenceColumn.NoValue || predicted == ConfidenceColumn.NoValue;
        if (hasNoWordsId && hasNoTags && !options.Raw) return;
        if (tagColumns is null)
        {
            tagColumns = places;
            foreach (var start in early) ReadDocumentStart(start.Text, start.Number);
            score.EndSentence();
        }
        AddWord(gold, predicted, number);
    }

    void AddWord(string gold, string predicted, int number)
    {
        score.AddWord(Clean(gold), Clean(predicted));
        words++;
        if (options.Raw) return;
        Judge(gold, number);
        Judge(predicted, number);
    }

    void Judge(string tag, int number)
    {
        if (IsKnown(Tag.Parse(tag).Prefix)) return;
        unknown = unknown is null ? new(1, tag, number) : unknown with { Count = unknown.Count + 1 };
    }

    bool IsComment(string text) => options.Comment is { } mark
        ? mark.Length > 0 && text.StartsWith(mark, StringComparison.Ordinal)
        : CommentLine.Is(text, separator, () => false) && (columnCount == 0 || Split(text).Length != columnCount);

    string[] Split(string text) => ConllReader.Split(text, separator!.Value);

    void CheckCount(string[] columns, string text, int number)
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

    // Those that are not named come before a column of probabilities.
    TagColumns TagColumnsOf(string[] columns, int number)
    {
        var moved = ConfidenceColumn.IsLast(columns) ? 1 : 0;
        var (gold, predicted) = (options.GoldColumn, options.PredictedColumn);
        return new(
            Place(gold == SpanScoreOptions.StandardGold ? gold - moved : gold, number),
            Place(predicted == SpanScoreOptions.StandardPredicted ? predicted - moved : predicted, number));
    }

    int Place(int column, int number)
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

    string Clean(string tag) =>
        !options.Raw ? tag : tag == options.OutsideTag ? Tag.Outside : $"B-{tag}";
}
