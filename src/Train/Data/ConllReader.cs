using System.Diagnostics.CodeAnalysis;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Reads CoNLL files: one word a line in any number of columns, lines of nothing but white space between sentences,
/// <c>-DOCSTART-</c> lines between documents, gzip or not. Streams: one sentence in memory at a time.
/// </summary>
/// <param name="name">The file, for messages.</param>
/// <param name="options">Columns and separator.</param>
/// <remarks>
/// It stops with file, line, what was found and what was expected on: lines with different numbers of columns, a column
/// that does not exist, no sentence at all, more than <see cref="MostTags"/> different tags, and a tag column in which
/// nothing looks like a tag.
/// </remarks>
public sealed class ConllReader(string name, ConllOptions? options = null)
{
    /// <summary>More different tags than any tag set has: the tag column is read from the wrong place.</summary>
    public const int MostTags = 1000;

    /// <summary>A line that starts with this word is a border between documents.</summary>
    public const string DocumentStart = "-DOCSTART-";

    const int TagsBeforeJudging = 10_000;

    readonly ConllOptions options = options ?? new ConllOptions();
    readonly HashSet<string> tagsSeen = [];
    long words;
    bool tagLikeSeen;

    /// <summary>What separates columns; known once the first line with a word was read.</summary>
    public char? Separator { get; private set; }

    /// <summary>Columns of every line; 0 until the first line with a word was read.</summary>
    public int ColumnCount { get; private set; }

    /// <summary>The sentences of a file.</summary>
    /// <param name="path">Gzip or not.</param>
    /// <param name="options">Columns and separator.</param>
    /// <exception cref="UserException">See the remarks on the class.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    public static IEnumerable<Sentence> Read(string path, ConllOptions? options = null) =>
        new ConllReader(path, options).Sentences(TextLines.Read(path));

    /// <summary>The same from a stream; <paramref name="name"/> stands for the file in messages.</summary>
    /// <param name="stream">Gzip or not; the caller closes it.</param>
    /// <param name="name">For messages.</param>
    /// <param name="options">Columns and separator.</param>
    /// <exception cref="UserException">See the remarks on the class.</exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    public static IEnumerable<Sentence> Read(Stream stream, string name, ConllOptions? options = null) =>
        new ConllReader(name, options).Sentences(TextLines.Read(stream, name));

    /// <summary>The sentences in a row of lines. A reader serves one file: call this once.</summary>
    /// <param name="lines">Of the whole file.</param>
    /// <exception cref="UserException">See the remarks on the class.</exception>
    public IEnumerable<Sentence> Sentences(IEnumerable<TextLine> lines)
    {
        var sentenceWords = new List<string>();
        var sentenceTags = new List<string>();
        var (firstLine, document, documentIsEmpty) = (0, 0, true);
        foreach (var (text, number) in lines)
        {
            var isBorder = IsDocumentStart(text);
            if (!isBorder && !string.IsNullOrWhiteSpace(text))
            {
                if (sentenceWords.Count == 0) firstLine = number;
                ReadLine(text, number, sentenceWords, sentenceTags);
                documentIsEmpty = false;
                continue;
            }
            if (sentenceWords.Count > 0) yield return Take();
            if (isBorder && !documentIsEmpty)
            {
                document++;
                documentIsEmpty = true;
            }
        }
        if (sentenceWords.Count > 0) yield return Take();
        if (words == 0)
            throw new UserException(
                $"{name}: holds no words. One word a line and blank lines between sentences are expected.");
        JudgeTags();

        Sentence Take()
        {
            var sentence = new Sentence([.. sentenceWords], options.TagColumn is null ? null : [.. sentenceTags],
                firstLine, document);
            sentenceWords.Clear();
            sentenceTags.Clear();
            return sentence;
        }
    }

    /// <summary>
    /// The columns of a line, by TAB alone, by another single character, or by runs of spaces and TABs.
    /// </summary>
    /// <param name="line">Without its line end.</param>
    /// <param name="separator">A space stands for runs of spaces and TABs.</param>
    public static string[] Split(string line, char separator) => separator == ' '
        ? line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
        : line.Split(separator);

    /// <summary>Separator of a file whose first line with a word is <paramref name="line"/>.</summary>
    /// <param name="line">The first one with a word.</param>
    public static char DetectSeparator(string line) => line.Contains('\t') ? '\t' : ' ';

    /// <summary>The line is a border between documents.</summary>
    /// <param name="line">Any line of a CoNLL file.</param>
    public static bool IsDocumentStart(string line) =>
        line.StartsWith(DocumentStart, StringComparison.Ordinal)
        && (line.Length == DocumentStart.Length || char.IsWhiteSpace(line[DocumentStart.Length]));

    void ReadLine(string text, int number, List<string> sentenceWords, List<string> sentenceTags)
    {
        var separator = Separator ??= options.Separator ?? DetectSeparator(text);
        var columns = Split(text, separator);
        if (ColumnCount == 0)
        {
            ColumnCount = columns.Length;
            CheckColumns(number, separator);
        }
        else if (columns.Length != ColumnCount)
        {
            throw new InputException(name, number,
                $"{columns.Length} columns separated by {Name(separator)} in \"{Shorten(text)}\"; " +
                $"the lines before have {ColumnCount}. Mend the line, or name the separator if this is the wrong one.");
        }
        var word = columns[Place(options.WordColumn)].Trim();
        sentenceWords.Add(word.Length == 0 ? ConllOptions.EmptyWord : word);
        words++;
        if (options.TagColumn is not { } tagColumn) return;
        var tag = columns[Place(tagColumn)].Trim();
        sentenceTags.Add(tag);
        tagLikeSeen |= Tag.Parse(tag).IsWellFormed;
        if (tagsSeen.Add(tag) && tagsSeen.Count > MostTags)
            throw new InputException(name, number,
                $"more than {MostTags} different tags so far, \"{Shorten(tag)}\" the last: " +
                $"column {Place(tagColumn) + 1} of {ColumnCount} cannot be the tags. Name the tag column and the "
                + "separator.");
        if (words == TagsBeforeJudging) JudgeTags();
    }

    int Place(int column) => column < 0 ? ColumnCount + column : column;

    void CheckColumns(int number, char separator)
    {
        foreach (var (column, what) in new[] { (options.WordColumn, "word"), (options.TagColumn ?? 0, "tag") })
            if (Place(column) < 0 || Place(column) >= ColumnCount)
                throw new InputException(name, number,
                    $"{ColumnCount} columns separated by {Name(separator)}, so there is no " +
                    $"{what} column {column} (counted from 0; -1 is the last). Name another column or separator.");
        if (options.TagColumn is { } tagColumn && Place(tagColumn) == Place(options.WordColumn))
            throw new InputException(name, number,
                $"{ColumnCount} column separated by {Name(separator)} where a word and a tag are " +
                "expected. Name the columns or the separator, or give a file with labels.");
    }

    void JudgeTags()
    {
        if (options.TagColumn is not { } tagColumn || tagLikeSeen) return;
        var examples =
            string.Join(", ", tagsSeen.Order(StringComparer.Ordinal).Take(5).Select(tag => $"\"{Shorten(tag)}\""));
        throw new UserException(
            $"{name}: nothing in column {Place(tagColumn) + 1} of {ColumnCount}, separated "
            + $"by {Name(Separator!.Value)}, " +
            $"looks like a tag (O, B-PER, I-PER, ...): it holds {examples}. Name the tag column and the separator.");
    }

    static string Name(char separator) => separator switch { '\t' => "TAB", ' ' => "spaces", _ => $"'{separator}'" };

    static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
