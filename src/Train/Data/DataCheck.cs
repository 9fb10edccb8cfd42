using System.Security.Cryptography;
using System.Text;
using LdNetGpu.Train.Data.Embeddings;

namespace LdNetGpu.Train.Data;

/// <summary>What <see cref="DataCheck"/> is to look at besides the file.</summary>
public sealed record DataCheckOptions
{
    /// <summary>
    /// True: CoNLL; false: plain text, one sentence a line; null: CoNLL if <see cref="DataCheck.LooksLikeConll"/> says
    /// so.
    /// </summary>
    public bool? Conll { get; init; }

    /// <summary>Columns and separator of a CoNLL file.</summary>
    public ConllOptions Columns
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Columns));
    } = new();

    /// <summary>Scheme that a CoNLL file's tags are to keep; <see cref="TagScheme.Auto"/> tells it.</summary>
    public TagScheme Scheme { get; init; }

    /// <summary>Embeddings whose coverage to report.</summary>
    public string? Embeddings { get; init; }

    /// <summary>Vocabulary whose rate of unknown words to report.</summary>
    public Vocabulary? Vocabulary { get; init; }

    /// <summary>Places named for each kind of defect.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public int Examples
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(Examples));
            field = value;
        }
    } = 5;
}

/// <summary>
/// Reads a file as training would and reports counts, scheme and defects. Defects that training survives are listed;
/// those that it does not survive (ragged columns, broken bytes, a column that holds no tags) stop the check as they
/// stop training.
/// </summary>
public static class DataCheck
{
    const int LinesToJudge = 200, MostColumns = 10, MostTabbedColumns = 100;

    /// <summary>Reads a file from its beginning to its end.</summary>
    /// <param name="path">CoNLL or plain text, gzip or not.</param>
    /// <param name="options">Format, columns, and what to compare with.</param>
    /// <exception cref="Devices.UserException">The file cannot be read as what it is.</exception>
    public static DataReport Check(string path, DataCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new DataCheckOptions();
        var (first, all) = TextLines.Peek(TextLines.Read(path), LinesToJudge);
        return options.Conll ?? LooksLikeConll(first) ? CheckConll(path, all, options) : CheckText(path, all, options);
    }

    /// <summary>
    /// One word a line: of the lines with a word most have two to ten columns, between TABs up to a hundred, and the
    /// last is a tag, or the last but one before a probability.
    /// </summary>
    /// <param name="lines">The file's first ones.</param>
    public static bool LooksLikeConll(IEnumerable<TextLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var sample = lines.Select(line => TextLines.WithoutMark(line.Text))
            .Where(text => !string.IsNullOrWhiteSpace(text) && !ConllReader.IsDocumentStart(text)
                && !CommentLine.Is(text, null, () => true)).ToList();
        var tagged = sample.Count(text =>
        {
            var separator = ConllReader.DetectSeparator(text);
            var columns = ConllReader.Split(text, separator);
            return columns.Length >= 2 && columns.Length <= (separator == '\t' ? MostTabbedColumns : MostColumns)
                && (TokenId.IsNoWord(columns[0]) || Data.Tag.Parse(ConfidenceColumn.TagOf(columns)).IsWellFormed);
        });
        return sample.Count > 0 && tagged * 2 > sample.Count;
    }

    static DataReport CheckConll(string path, IEnumerable<TextLine> lines, DataCheckOptions options)
    {
        var state = new State(options);
        var reader = new ConllReader(path, options.Columns);
        var detector = new SchemeDetector();
        var tags = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var spans = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var documents = 0;
        // Without the words, which a large file may not leave room for.
        var labelled = new List<(string[] Tags, int FirstLine, IReadOnlyList<int>? WordLines)>();
        var (rows, types) = (new RowNumbers(), new TagTypes());
        foreach (var sentence in reader.Sentences(Watch(lines, reader, state)))
        {
            state.Add(sentence.Words, sentence.LineOf);
            rows.Add(sentence.Words);
            documents = sentence.DocumentIndex + 1;
            if (sentence.Tags is not { } sentenceTags) continue;
            detector.Add(sentence);
            types.Add(sentence);
            labelled.Add((sentenceTags, sentence.FirstLine, sentence.WordLines));
            foreach (var tag in sentenceTags) tags[tag] = tags.GetValueOrDefault(tag) + 1;
            foreach (var span in TagConversion.ToSpans(sentenceTags))
                spans[span.Type] = spans.GetValueOrDefault(span.Type) + 1;
        }
        var scheme = options.Scheme == TagScheme.Auto ? detector.Scheme : options.Scheme;
        foreach (var (written, firstLine, wordLines) in labelled)
            foreach (var violation in TagRules.Violations(written, scheme))
                state.Defect("tag that breaks the scheme",
                    wordLines?[violation.Index] ?? firstLine + violation.Index, violation.Tag,
                    violation.Problem);
        if (labelled.Count > 0 && spans.Count == 0)
            state.Defect("no spans", labelled[0].FirstLine, Data.Tag.Outside,
                "every tag of the file is O: there is nothing to learn");
        if (types.Untyped is { } untyped)
            state.Defect("tag without a type", untyped.Line, untyped.Tag,
                $"other tags have one, as {types.Typed} has");
        if (rows.Found && reader.ColumnCount > 1)
            state.Defect("row numbers as words", 1, "1, 2, 3, ...",
                "the word column counts the rows: the words stand in another column");
        return state.Report(path, "conll", Math.Max(1, documents)) with
        {
            Separator = ConllReader.Name(reader.Separator!.Value),
            Columns = reader.ColumnCount,
            Comments = reader.Comments,
            OtherLines = reader.OtherLines,
            Scheme = labelled.Count == 0 ? null : SchemeDetector.Name(scheme),
            SchemeExplanation = labelled.Count == 0 ? null : detector.Explanation,
            Tags = labelled.Count == 0 ? null : tags,
            Spans = labelled.Count == 0 ? null : spans,
        };
    }

    /// <summary>Passes lines on to the reader and looks at what the reader mends in silence.</summary>
    static IEnumerable<TextLine> Watch(IEnumerable<TextLine> lines, ConllReader reader, State state)
    {
        foreach (var line in lines)
        {
            yield return line;
            state.LookForMark(line);
            var text = TextLines.WithoutMark(line.Text);
            if (text.Length > 0 && string.IsNullOrWhiteSpace(text))
                state.Defect("separator line that is not empty", line.Number, text.Replace("\t", "\\t"),
                    "holds white space; read as a sentence border");
            if (string.IsNullOrWhiteSpace(text) || ConllReader.IsDocumentStart(text) || reader.ColumnCount == 0
                || reader.IsComment(text))
                continue;
            if (reader.WordOf(ConllReader.Split(text, reader.Separator!.Value)) is { } word
                && OddWord.Describe(word) is { } problem)
                state.Defect("odd word", line.Number, word, problem);
        }
    }

    static DataReport CheckText(string path, IEnumerable<TextLine> lines, DataCheckOptions options)
    {
        var state = new State(options);
        foreach (var line in lines)
        {
            state.LookForMark(line);
            var words = Corpus.Tokens(line.Text);
            if (line.Text.AsSpan().TrimEnd().Contains('\r'))
                state.Defect("carriage return inside a line", line.Number, "\\r",
                    "read as white space; the line ends are of several kinds");
            if (words.Length == 0)
            {
                state.Defect("empty line", line.Number, "", "passed over");
                continue;
            }
            state.Add(words, _ => line.Number);
            foreach (var word in words)
            {
                if (OddWord.Describe(word) is { } problem) state.Defect("odd word", line.Number, word, problem);
                if (word is Vocabulary.SentenceEnd)
                    state.Defect("reserved word", line.Number, word, "counts as a sentence end");
            }
        }
        if (state.IsEmpty) throw new Devices.UserException($"{path}: no text. One sentence a line is expected.");
        return state.Report(path, "text", 1);
    }

    /// <summary>What both formats count.</summary>
    sealed class State(DataCheckOptions options)
    {
        readonly TokenCounts counts = new();
        readonly HashSet<UInt128> seen = [];
        readonly Dictionary<string, (long Count, List<DataExample> Examples)> defects = [];
        DataExtreme longestSentence = new(0, 0), longestWord = new(0, 0);
        long repeated;

        public bool IsEmpty => counts.Sentences == 0;

        public void Add(string[] words, Func<int, int> lineOf)
        {
            counts.Add(words);
            if (words.Length > longestSentence.Length) longestSentence = new DataExtreme(words.Length, lineOf(0));
            for (var i = 0; i < words.Length; i++)
                if (words[i].Length > longestWord.Length)
                    longestWord = new DataExtreme(words[i].Length, lineOf(i));
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', words)));
            if (!seen.Add(BitConverter.ToUInt128(hash))) repeated++;
        }

        public void LookForMark(TextLine line)
        {
            if (line.Text.StartsWith(TextLines.Mark))
                Defect("byte order mark inside the file", line.Number, TextLines.WithoutMark(line.Text),
                    "left out; files were put together here");
        }

        public void Defect(string kind, int line, string text, string problem)
        {
            var (count, examples) = defects.GetValueOrDefault(kind, (0, []));
            if (count < options.Examples)
                examples.Add(new DataExample(line, text.Length <= 40 ? text : text[..40] + "…", problem));
            defects[kind] = (count + 1, examples);
        }

        public DataReport Report(string path, string format, int documents)
        {
            var table = options.Embeddings is { } file ? EmbeddingFile.Load(file, EmbeddingFile.WordsOf(counts)) : null;
            return new()
            {
                File = path,
                Format = format,
                Sentences = counts.Sentences,
                Words = counts.Tokens,
                WordTypes = counts.Types.Count,
                Documents = documents,
                LongestSentence = longestSentence,
                LongestWord = longestWord,
                RepeatedSentences = repeated,
                Embeddings = table?.Coverage(counts),
                EmbeddingFile = table?.Report,
                UnknownRate = options.Vocabulary?.UnknownRate(counts),
                Defects = [.. defects.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    .Select(pair => new DataDefect(pair.Key, pair.Value.Count, pair.Value.Examples))],
            };
        }
    }
}
