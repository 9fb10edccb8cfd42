using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>A whole labelled file with its tags in one known scheme: what training and evaluation start from.</summary>
/// <param name="Name">The file.</param>
/// <param name="Sentences">Tags in <paramref name="Scheme"/>.</param>
/// <param name="Scheme">The scheme the tags are in now.</param>
/// <param name="SourceScheme">The scheme of the file, told from its tags or named by the user.</param>
/// <param name="Explanation">Why <paramref name="SourceScheme"/>, for a reader.</param>
public sealed record LabelledFile(string Name, IReadOnlyList<Sentence> Sentences, TagScheme Scheme,
    TagScheme SourceScheme, string Explanation)
{
    /// <summary>The file.</summary>
    public string Name
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Name));
    } = Name ?? throw new ArgumentNullException(nameof(Name));

    /// <summary>Tags in <see cref="Scheme"/>.</summary>
    /// <exception cref="ArgumentException">A sentence has no tags, or other than one a word.</exception>
    public IReadOnlyList<Sentence> Sentences { get; init => field = Labelled(value); } = Labelled(Sentences);

    /// <summary>Why <see cref="SourceScheme"/>, for a reader.</summary>
    public string Explanation
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Explanation));
    } = Explanation ?? throw new ArgumentNullException(nameof(Explanation));

    /// <summary>Words of all sentences.</summary>
    public int WordCount => Sentences.Sum(sentence => sentence.Words.Length);

    static IReadOnlyList<Sentence> Labelled(IReadOnlyList<Sentence> sentences)
    {
        NullElements.Refuse(sentences, nameof(Sentences));
        foreach (var sentence in sentences)
            if (sentence.WholeTags is null)
                throw new ArgumentException($"The sentence of line {sentence.FirstLine} has no tags.",
                    nameof(Sentences));
        return sentences;
    }

    /// <summary>This text, which has sentences.</summary>
    /// <param name="role">What it is to be, for the message: <c>dev text</c>.</param>
    /// <exception cref="UserException">It has none.</exception>
    internal LabelledFile RequireSentences(string role) =>
        Sentences.Count > 0 ? this : throw new UserException($"{Name}: the {role} holds no sentence.");

    /// <summary>Reads a file and spells its tags in <paramref name="to"/>.</summary>
    /// <param name="path">CoNLL, gzip or not.</param>
    /// <param name="to">The scheme wanted; the tagger works in IOBES.</param>
    /// <param name="from">The file's scheme; <see cref="TagScheme.Auto"/> tells it.</param>
    /// <param name="lenient">Read tags that break the scheme as conlleval does; otherwise the first one is an
    /// error.</param>
    /// <param name="options">Columns and separator.</param>
    /// <exception cref="UserException">The file cannot be read, or a tag breaks the scheme; names file, line, tag and
    /// rule.</exception>
    /// <exception cref="ArgumentException">The options name no tag column.</exception>
    public static LabelledFile Load(
        string path, TagScheme to = TagScheme.Iobes, TagScheme from = TagScheme.Auto, bool lenient = false,
        ConllOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (options is { TagColumn: null })
            throw new ArgumentException("A labelled file needs a tag column.", nameof(options));
        InputFile.RequireName(path, "labelled text");
        var reader = new ConllReader(path, options);
        var sentences = reader.Sentences(TextLines.Read(path)).ToList();
        if (options?.WordColumn is null && reader.ColumnCount > 2) RefuseRowNumbers(path, sentences);
        return Convert(path, sentences, to, from, lenient);
    }

    static void RefuseRowNumbers(string path, List<Sentence> sentences)
    {
        var rows = new RowNumbers();
        foreach (var sentence in sentences) rows.Add(sentence.Words);
        if (rows.Found)
            throw new InputException(path, sentences[0].FirstLine,
                "the first column counts the rows, 1, 2, 3, ..., so it cannot be the words.")
                { Remedy = InputRemedy.Columns };
    }

    /// <summary>The same for sentences already read.</summary>
    /// <param name="name">The file, for messages.</param>
    /// <param name="sentences">With tags.</param>
    /// <param name="to">The scheme wanted; the tagger works in IOBES.</param>
    /// <param name="from">The file's scheme; <see cref="TagScheme.Auto"/> tells it.</param>
    /// <param name="lenient">
    /// Read tags that break the scheme as conlleval does; otherwise the first one is an error.
    /// </param>
    /// <exception cref="ArgumentException">A sentence has no tags.</exception>
    /// <exception cref="ShapeException">A sentence has other than one tag a word.</exception>
    /// <exception cref="InputException">A tag breaks the scheme.</exception>
    public static LabelledFile Convert(string name, IReadOnlyList<Sentence> sentences, TagScheme to,
        TagScheme from = TagScheme.Auto, bool lenient = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        NullElements.Refuse(sentences);
        for (var i = 0; i < sentences.Count; i++)
            if (sentences[i].WholeTags is null)
                throw new ArgumentException($"sentences[{i}], of line {sentences[i].FirstLine}, has no tags.",
                    nameof(sentences));
        var detector = new SchemeDetector();
        foreach (var sentence in sentences) detector.Add(sentence);
        var source = from == TagScheme.Auto ? detector.Scheme : from;
        foreach (var scheme in new[] { source, to }) _ = SchemeLetters.Of(scheme);
        var types = new TagTypes();
        foreach (var sentence in sentences) types.Add(sentence);
        if (types.Untyped is { } untyped && !lenient)
            throw new InputException(name, untyped.Line,
                $"tag {untyped.Tag} has no type, where other tags have one, as {types.Typed} has.")
                { Remedy = InputRemedy.TagScheme };
        var converted = new Sentence[sentences.Count];
        for (var i = 0; i < converted.Length; i++)
        {
            var sentence = sentences[i];
            foreach (var violation in TagRules.Violations(sentence.Tags!, source))
                if (!lenient || !Tag.Parse(violation.Tag).IsWellFormed)
                    throw new InputException(name, sentence.LineOf(violation.Index),
                        $"tag {violation.Tag}: {violation.Problem} ({SchemeDetector.Name(source)}, "
                        + $"{(from == TagScheme.Auto ? "told from the file" : "as named")}).")
                        { Remedy = InputRemedy.TagScheme };
            converted[i] = sentence with { Tags = TagConversion.Convert(sentence.Tags!, to) };
        }
        return new LabelledFile(name, converted, to, source, detector.Explanation);
    }
}
