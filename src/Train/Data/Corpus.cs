using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Plain text for language models: one sentence a line, tokens separated by spaces or TABs; lines without a token are
/// passed over, as is a byte order mark at a line's start. Sources are files and folders (every file in them and below,
/// in ordinal order of their paths; names that start with a dot are left out), gzip or not. Streams.
/// </summary>
public sealed class Corpus
{
    // A carriage return in the middle of a line is no line end, and belongs to no token either.
    static readonly char[] Separators = [' ', '\t', '\r'];

    /// <summary>Finds the files of the sources; none is opened yet.</summary>
    /// <param name="sources">Files and folders.</param>
    /// <exception cref="UserException">
    /// There is no source, one is missing, or a folder holds no file.
    /// </exception>
    public Corpus(IEnumerable<string> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        string[] named = [.. sources];
        NullElements.Refuse(named, nameof(sources));
        if (named.Length == 0)
            throw new UserException("sources: there are none, where a file or folder of text is expected.");
        Files = [.. named.SelectMany(Expand)];
    }

    /// <summary>The files, in reading order.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The tokens of each line with one at least.</summary>
    /// <exception cref="UserException">No file holds a token, or one cannot be read.</exception>
    public IEnumerable<string[]> Sentences()
    {
        var any = false;
        foreach (var file in Files)
            foreach (var line in TextLines.Read(file))
            {
                var tokens = Tokens(line.Text);
                if (tokens.Length == 0) continue;
                any = true;
                yield return tokens;
            }
        if (!any) throw NoText(string.Join(", ", Files));
    }

    /// <summary>Tokens of each file that holds any, sentence ends among them.</summary>
    internal IReadOnlyList<long> TokensByFile() =>
        [.. Files.Select(file => TextLines.Read(file).Sum(line => Tokens(line.Text).Length is > 0 and var count
            ? count + 1L : 0)).Where(count => count > 0)];

    /// <summary>The tokens of a line.</summary>
    /// <param name="line">Of plain text.</param>
    public static string[] Tokens(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return TextLines.WithoutMark(line).Split(Separators, StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>
    /// Plain text as sentences without tags, for tagging; <paramref name="name"/> stands for the file in messages.
    /// </summary>
    /// <param name="lines">One sentence each.</param>
    /// <param name="name">For messages.</param>
    /// <param name="keepsEmpty">
    /// A line without a token is a sentence of no words, so that sentences stay beside their lines; else it is passed
    /// over.
    /// </param>
    /// <exception cref="UserException">No line holds a token.</exception>
    public static IEnumerable<Sentence> ToSentences(IEnumerable<TextLine> lines, string name, bool keepsEmpty = false)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(name);
        return AsSentences(lines, name, keepsEmpty);
    }

    static IEnumerable<Sentence> AsSentences(IEnumerable<TextLine> lines, string name, bool keepsEmpty)
    {
        var any = false;
        foreach (var line in lines)
        {
            var words = Tokens(line.Text);
            if (words.Length == 0 && !keepsEmpty) continue;
            any |= words.Length > 0;
            yield return new Sentence(words, null, line.Number, 0);
        }
        if (!any) throw NoText(name);
    }

    static UserException NoText(string name) => new($"{name}: no text. One sentence a line is expected.");

    /// <summary>A file itself, or those of a folder.</summary>
    /// <exception cref="UserException">It is missing, or a folder without a file.</exception>
    internal static string[] Expand(string source)
    {
        InputFile.RequireName(source, "text");
        if (File.Exists(source)) return [source];
        if (!Directory.Exists(source)) throw new UserException($"{source}: no such file or folder.");
        var files = Directory.GetFiles(source, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(source, file).Split(Path.DirectorySeparatorChar)
                .Any(part => part.StartsWith('.')))
            .Order(StringComparer.Ordinal).ToArray();
        return files.Length > 0 ? files : throw new UserException($"{source}: the folder holds no file.");
    }
}
