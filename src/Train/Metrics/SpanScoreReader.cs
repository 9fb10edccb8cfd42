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
    /// the last holds the predicted tags' probabilities.
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
    public string OutsideTag
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(OutsideTag));
    } = Tag.Outside;
}

/// <summary>
/// conlleval's job on a file: the last two columns are the gold and the predicted tag. As in conlleval, an empty line
/// or one whose first column is <c>-X-</c> ends a sentence, and a <c>-DOCSTART-</c> line of all columns is a word like
/// any other. Beyond it, comment lines and CoNLL-U's lines of no word are passed over. Streams.
/// </summary>
public static class SpanScoreReader
{
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
        var reading = new SpanScoreReading(name, options);
        foreach (var line in lines) reading.Read(TextLines.WithoutMark(line.Text).TrimEnd(), line.Number);
        return reading.Report();
    }
}
