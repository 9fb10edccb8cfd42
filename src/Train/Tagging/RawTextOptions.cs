namespace LdNetGpu.Train.Tagging;

/// <summary>Which line ends of an untokenised text end sentences.</summary>
public enum SentenceBreak
{
    /// <summary>
    /// Two and more with nothing but spaces between: a blank line. A single one is a space: lines are wrapped.
    /// </summary>
    BlankLine,

    /// <summary>Every one: a message or a heading a line.</summary>
    Line,
}

/// <summary>How <see cref="RawText"/> cuts a text.</summary>
public sealed record RawTextOptions
{
    /// <summary>Which line ends end sentences.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    public SentenceBreak Break
    {
        get;
        init => field = Enum.IsDefined(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(Break), value, "There is no such break.");
    }

    /// <summary>
    /// Words of a sentence at most: where no mark ended it, it ends behind so many, and the next word begins another. A
    /// text without marks is tagged so, in bounded memory.
    /// </summary>
    /// <value>1 or more; 500 by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1.</exception>
    public int MostWords
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MostWords));
            field = value;
        }
    } = 500;
}
