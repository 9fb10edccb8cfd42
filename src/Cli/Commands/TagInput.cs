using LdNetGpu.Train.Data;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Cli.Commands;

/// <summary>What <c>ldnet tag</c> reads: text, untokenised text or columns.</summary>
sealed class TagInput
{
    public const string Auto = "auto", Text = "text", Conll = "conll", Raw = "raw";

    // What the format of a text is told from; live, no more than the first line may be waited for.
    const int LinesToJudge = 20;

    readonly ConllOptions options;

    TagInput(IEnumerable<TextLine> lines, string name, string format, ConllOptions options)
    {
        this.options = options with { KeepsLines = true, MostWords = new TextTaggerOptions().PieceWords };
        Name = name;
        Format = format;
        if (format == Conll) Reader = new ConllReader(name, this.options);
        Sentences = Reader?.Sentences(lines) ?? Corpus.ToSentences(lines, name, keepsEmpty: true);
    }

    TagInput(IEnumerable<Sentence> raw, string name, ConllOptions options) =>
        (this.options, Name, Format, Sentences) = (options, name, Raw, raw);

    /// <summary>The file, or standard input.</summary>
    public string Name { get; }

    /// <summary><see cref="Text"/>, <see cref="Raw"/> or <see cref="Conll"/>.</summary>
    public string Format { get; }

    /// <summary>Read as they are taken; those of no words stand for lines outside of sentences.</summary>
    public IEnumerable<Sentence> Sentences { get; }

    /// <summary>Knows the columns; null where there are none.</summary>
    public ConllReader? Reader { get; }

    /// <summary>Opens the text and, where nobody said what it is, tells that and says so.</summary>
    /// <param name="path">Null for standard input.</param>
    /// <param name="settings">What is said of it.</param>
    /// <param name="live">Answers are waited for, line by line.</param>
    /// <param name="note">Told what was taken.</param>
    public static TagInput Open(string? path, TagSettings settings, bool live, Action<string> note) => path is null
        ? Read(StandardStreams.OpenInput(), "standard input", settings, live, note)
        : Of(path, () => TextLines.Read(path), () => RawText.ReadFile(path, settings.Raw), settings, live, note);

    /// <summary>The same of a stream, gzip or not.</summary>
    /// <param name="stream">Read as sentences are taken; the caller closes it.</param>
    /// <param name="name">For messages.</param>
    /// <param name="settings">What is said of it.</param>
    /// <param name="live">Answers are waited for, line by line.</param>
    /// <param name="note">Told what was taken.</param>
    public static TagInput Read(Stream stream, string name, TagSettings settings, bool live, Action<string> note) =>
        Of(name, () => TextLines.Read(stream, name), () => RawText.Read(stream, name, settings.Raw), settings, live,
            note);

    static TagInput Of(string name, Func<IEnumerable<TextLine>> readLines, Func<IEnumerable<Sentence>> cut,
        TagSettings settings, bool live, Action<string> note)
    {
        if (settings.Input == Raw) return new(cut(), name, settings.Columns);
        var lines = readLines();
        if (settings.Input != Auto) return new(lines, name, settings.Input, settings.Columns);
        var (first, all) = TextLines.Peek(lines, live ? 1 : LinesToJudge);
        var isConll = settings.Sign is not null || FormatGuess.IsConll(first);
        note($"{name}: taken as " + (isConll
            ? "CoNLL columns, a word a line"
                + (settings.Sign is { } sign ? $", because {sign.Name} was given" : "")
            : "text, a tokenised sentence a line") + "; --input text, conll or raw says which it is.");
        return new(all, name, isConll ? Conll : Text, settings.Columns);
    }

    /// <summary>Refuses words that are the numbers of their rows, once all are read.</summary>
    public IEnumerable<Sentence> Checked()
    {
        var rows = new RowNumbers();
        foreach (var sentence in Sentences)
        {
            if (sentence.Words.Length > 0) rows.Add(sentence.Words);
            yield return sentence;
        }
        if (Reader is { ColumnCount: > 2 } && options.WordColumn is null && rows.Found)
            throw new InputException(Name, 1, "the first column counts the rows, 1, 2, 3, ...: those were tagged.")
                { Remedy = InputRemedy.Columns };
    }
}
