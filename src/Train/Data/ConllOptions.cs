namespace LdNetGpu.Train.Data;

/// <summary>
/// How to read a file with one word a line and blank lines between sentences. White space around a word or tag is
/// dropped (in a TAB-separated file words may hold spaces inside), and a word with nothing left becomes
/// <see cref="EmptyWord"/>, so that every line keeps its word; <c>data check</c> lists both. Soft hyphens, zero-width
/// and control characters stay.
/// </summary>
public sealed record ConllOptions
{
    /// <summary>Stands for an empty word: U+FFFD, the replacement character.</summary>
    public const string EmptyWord = "\uFFFD";

    /// <summary>
    /// One character that separates columns; null: TAB if the first line with a word has one, else runs of spaces.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It ends lines: LF or CR.</exception>
    public char? Separator
    {
        get;
        init => field = value is not ('\n' or '\r') ? value
            : throw new ArgumentOutOfRangeException(nameof(Separator), value, "Lines end there, and columns cannot.");
    }

    /// <summary>
    /// Column of the word, from 0; negative counts from the last (-1). Null: the first, in CoNLL-U that of FORM.
    /// </summary>
    public int? WordColumn { get; init; }

    /// <summary>
    /// Column of the tag, from 0; negative counts from the last (-1), of which the probabilities behind
    /// predicted tags are none. Null: no labels are read, and one column is enough.
    /// </summary>
    public int? TagColumn { get; init; } = -1;

    /// <summary>
    /// What every comment line begins with; an empty text: there are no comments. Null: <c># key = value</c> and the
    /// other lines of <see cref="CommentLine"/> are comments, while <c>#word</c> and its tag stay a word.
    /// </summary>
    public string? Comment { get; init; }

    /// <summary>For text to be tagged.</summary>
    public static ConllOptions Unlabelled { get; } = new() { TagColumn = null };

    /// <summary>
    /// Sentences keep all of their lines, and a line outside of sentences comes as a sentence of no words.
    /// </summary>
    internal bool KeepsLines { get; init; }

    /// <summary>
    /// A longer sentence comes as several of so many words, for work that is not to hold it whole; null: none is cut.
    /// </summary>
    internal int? MostWords { get; init; }
}
