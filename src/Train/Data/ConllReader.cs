using System.Diagnostics.CodeAnalysis;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Reads CoNLL files: one word a line in any number of columns, lines of nothing but white space between sentences,
/// <c>-DOCSTART-</c> lines between documents, comment lines anywhere, gzip or not. CoNLL-U (ten columns or more, the
/// first counting 1, 2, ...) is told by itself, and its <c>2-3</c> and <c>2.1</c> lines are passed over. Streams: one
/// sentence in memory at a time.
/// </summary>
/// <param name="name">The file, for messages.</param>
/// <param name="options">Columns and separator.</param>
/// <remarks>
/// It stops with file, line, what was found and what was expected on: lines with different numbers of columns, a column
/// that does not exist, a carriage return inside a line, no sentence at all, more than <see cref="MostTags"/> different
/// tags, and a tag column in which nothing looks like a tag.
/// </remarks>
public sealed class ConllReader(string name, ConllOptions? options = null)
{
    /// <summary>More different tags than any tag set has: the tag column is read from the wrong place.</summary>
    public const int MostTags = 1000;

    /// <summary>A line that starts with this word is a border between documents.</summary>
    public const string DocumentStart = "-DOCSTART-";

    const int TagsBeforeJudging = 10_000;

    readonly string name = name ?? throw new ArgumentNullException(nameof(name));
    readonly ConllOptions options = options ?? new ConllOptions();
    readonly HashSet<string> tagsSeen = [];
    int wordColumn, firstTagLine;
    int? tagColumn = (options ?? new ConllOptions()).TagColumn;
    bool hasIds, tagLikeSeen, namesForm;
    long words;

    /// <summary>What separates columns; known once the first line with a word was read.</summary>
    public char? Separator { get; private set; }

    /// <summary>Columns of every line; 0 until the first line with a word was read.</summary>
    public int ColumnCount { get; private set; }

    /// <summary>
    /// Column of the tag, as <see cref="ConllOptions.TagColumn"/> has it; the last but one where the last was meant and
    /// holds predicted tags' probabilities. Known once the first word was read.
    /// </summary>
    internal int? TagColumn => tagColumn;

    /// <summary>Comment lines that were passed over so far.</summary>
    public long Comments { get; private set; }

    /// <summary>Lines of CoNLL-U that are no words, <c>2-3</c> and <c>2.1</c>, that were passed over so far.</summary>
    public long OtherLines { get; private set; }

    /// <summary>The sentences of a file.</summary>
    /// <param name="path">Gzip or not.</param>
    /// <param name="options">Columns and separator.</param>
    /// <exception cref="UserException">See the remarks on the class.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    public static IEnumerable<Sentence> Read(string path, ConllOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new ConllReader(path, options).Sentences(TextLines.Read(path));
    }

    /// <summary>The same from a stream; <paramref name="name"/> stands for the file in messages.</summary>
    /// <param name="stream">Gzip or not; the caller closes it.</param>
    /// <param name="name">For messages.</param>
    /// <param name="options">Columns and separator.</param>
    /// <exception cref="UserException">See the remarks on the class.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    public static IEnumerable<Sentence> Read(Stream stream, string name, ConllOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return new ConllReader(name, options).Sentences(TextLines.Read(stream, name));
    }

    /// <summary>The sentences in a row of lines. A reader serves one file: call this once.</summary>
    /// <param name="lines">Of the whole file.</param>
    /// <exception cref="UserException">See the remarks on the class.</exception>
    public IEnumerable<Sentence> Sentences(IEnumerable<TextLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return ReadSentences(lines);
    }

    IEnumerable<Sentence> ReadSentences(IEnumerable<TextLine> lines)
    {
        var pending = new PendingSentence(options);
        var (document, documentIsEmpty) = (0, true);
        foreach (var line in lines)
        {
            var text = TextLines.WithoutMark(line.Text);
            var isBorder = IsDocumentStart(text);
            if (!isBorder && !string.IsNullOrWhiteSpace(text))
            {
                if (IsComment(text)) Comments++;
                else if (ReadLine(text, line.Number, pending)) documentIsEmpty = false;
                pending.Keep(line);
                if (pending.IsFull) yield return pending.Take(document)!;
                continue;
            }
            if (!isBorder) pending.Keep(line);
            if (pending.Take(document) is { } sentence) yield return sentence;
            if (!isBorder) continue;
            if (!documentIsEmpty)
            {
                document++;
                documentIsEmpty = true;
            }
            pending.Keep(line);
            if (pending.Take(document) is { } border) yield return border;
        }
        if (pending.Take(document) is { } last) yield return last;
        if (words == 0)
            throw new UserException(
                $"{name}: holds no words. One word a line and blank lines between sentences are expected.");
        JudgeTags();
    }

    /// <summary>
    /// The columns of a line, by TAB alone, by another single character, or by runs of spaces and TABs.
    /// </summary>
    /// <param name="line">Without its line end.</param>
    /// <param name="separator">A space stands for runs of spaces and TABs.</param>
    public static string[] Split(string line, char separator)
    {
        ArgumentNullException.ThrowIfNull(line);
        return separator == ' '
            ? line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
            : line.Split(separator);
    }

    /// <summary>Separator of a file whose first line with a word is <paramref name="line"/>.</summary>
    /// <param name="line">The first one with a word.</param>
    public static char DetectSeparator(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Contains('\t') ? '\t' : ' ';
    }

    /// <summary>The line is a border between documents.</summary>
    /// <param name="line">Any line of a CoNLL file.</param>
    public static bool IsDocumentStart(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.StartsWith(DocumentStart, StringComparison.Ordinal)
            && (line.Length == DocumentStart.Length || char.IsWhiteSpace(line[DocumentStart.Length]));
    }

    /// <summary>TAB, spaces, or the character itself.</summary>
    internal static string Name(char separator) =>
        separator switch { '\t' => "TAB", ' ' => "spaces", _ => $"'{separator}'" };

    /// <summary>The line, no border and not blank, is a comment of this file.</summary>
    internal bool IsComment(string text)
    {
        if (options.Comment is { } mark)
            return mark.Length > 0 && text.StartsWith(mark, StringComparison.Ordinal);
        if (!CommentLine.Is(text, Separator ?? options.Separator, () => LooksLikeAWord(text))) return false;
        if (ColumnCount == 0 && CommentLine.Value(text, "global.columns") is { } names) NameColumns(names);
        return true;
    }

    /// <summary>The word's column in a line that was split, or null where the line is of no word.</summary>
    internal string? WordOf(string[] columns) =>
        hasIds && TokenId.IsNoWord(columns[0]) ? null : columns[wordColumn];

    bool LooksLikeAWord(string text)
    {
        if (ColumnCount == 0) return false;
        var columns = Split(text, Separator!.Value);
        return columns.Length == ColumnCount
            && (tagColumn is not { } tag || Tag.Parse(columns[Place(tag)].Trim()).IsWellFormed);
    }

    // CoNLL-U Plus says in its first line which columns there are.
    void NameColumns(string names)
    {
        var form = Array.IndexOf(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), "FORM");
        if (form >= 0) (wordColumn, namesForm) = (form, true);
    }

    /// <returns>Whether the line holds a word.</returns>
    bool ReadLine(string text, int number, PendingSentence pending)
    {
        var separator = Separator ??= options.Separator ?? DetectSeparator(text);
        var columns = Split(text, separator);
        if (text.AsSpan().TrimEnd().Contains('\r'))
            throw new InputException(name, number,
                $"a carriage return inside \"{Shorten(text.Replace("\r", "\\r", StringComparison.Ordinal))}\": " +
                "its line ends are of several kinds. Save the file with one kind.");
        if (ColumnCount == 0)
        {
            ColumnCount = columns.Length;
            CheckColumns(columns, number, separator);
        }
        else if (columns.Length != ColumnCount)
        {
            throw new InputException(name, number,
                $"{columns.Length} {(columns.Length == 1 ? "column" : "columns")} separated by {Name(separator)} in " +
                $"\"{Shorten(text)}\"; the lines before have {ColumnCount}.") { Remedy = InputRemedy.Separator };
        }
        if (WordOf(columns)?.Trim() is not { } word)
        {
            OtherLines++;
            return false;
        }
        if (words++ == 0 && tagColumn == -1 && ConfidenceColumn.IsLast(columns)) tagColumn = -2;
        var tag = tagColumn is { } given ? columns[Place(given)].Trim() : null;
        pending.Add(word.Length == 0 ? ConllOptions.EmptyWord : word, tag, number);
        if (tag is not null) Look(tag, number);
        return true;
    }

    void Look(string tag, int number)
    {
        if (firstTagLine == 0) firstTagLine = number;
        tagLikeSeen |= Tag.Parse(tag).IsWellFormed;
        if (tagsSeen.Add(tag) && tagsSeen.Count > MostTags)
            throw new InputException(name, number,
                $"more than {MostTags} different tags so far, \"{Shorten(tag)}\" the last: " +
                $"column {Place(tagColumn!.Value) + 1} of {ColumnCount} cannot be the tags.")
                { Remedy = InputRemedy.Columns };
        if (words == TagsBeforeJudging) JudgeTags();
    }

    int Place(int column) => column < 0 ? ColumnCount + column : column;

    void CheckColumns(string[] columns, int number, char separator)
    {
        if (options.WordColumn is { } named) wordColumn = Place(named);
        else if (!namesForm && TokenId.BeginsConllU(columns, separator))
            wordColumn = 1;
        foreach (var (column, what) in new[] { (options.WordColumn ?? wordColumn, "word"),
            (tagColumn ?? 0, "tag") })
            if (Place(column) < 0 || Place(column) >= ColumnCount)
                throw new InputException(name, number,
                    $"{ColumnCount} columns separated by {Name(separator)}, so there is no {what} column " +
                    (column < 0 ? $"{column}, counted from the last." : Invariant($"{column + 1L}.")))
                    { Remedy = InputRemedy.Columns };
        if (tagColumn is { } given && Place(given) == wordColumn)
            throw new InputException(name, number,
                ColumnCount == 1
                    ? $"1 column separated by {Name(separator)} where a word and a tag are expected."
                    : $"column {wordColumn + 1} is to hold both the words and the tags.")
                { Remedy = InputRemedy.Columns };
        hasIds = wordColumn != 0 && TokenId.IsFirst(columns[0]);
    }

    void JudgeTags()
    {
        if (tagColumn is not { } column || tagLikeSeen) return;
        var examples = Names.First(tagsSeen.Order(StringComparer.Ordinal).Select(Shorten));
        throw new InputException(name, firstTagLine,
            $"nothing in column {Place(column) + 1} of {ColumnCount}, separated by {Name(Separator!.Value)}, " +
            $"looks like a tag (O, B-PER, I-PER, ...): it holds {examples}.") { Remedy = InputRemedy.Columns };
    }

    static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
