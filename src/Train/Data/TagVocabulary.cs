using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>The tagger's tags, in IOBES or IOB2; the CRF's start and end tags are the last two ids.</summary>
public sealed class TagVocabulary
{
    /// <summary>The CRF's tag before the first word.</summary>
    public const string Start = "<s>";

    /// <summary>The CRF's tag after the last word.</summary>
    public const string End = "<eof>";

    /// <summary>A vocabulary of tags, as a checkpoint holds it.</summary>
    /// <param name="vocabulary">A tag a token.</param>
    /// <exception cref="UserException">The tokens do not end with <see cref="Start"/> and
    /// <see cref="End"/>.</exception>
    public TagVocabulary(Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (vocabulary.Count < 3 || vocabulary[^2] != Start || vocabulary[^1] != End)
            throw new UserException($"A tag vocabulary must end with {Start} and {End}.");
        Vocabulary = vocabulary;
        Scheme = Tags().Any(tag => tag.Prefix == "S") ? TagScheme.Iobes : TagScheme.Iob2;
    }

    /// <summary>The tags and their ids.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>Tags, start and end included: the K of the CRF.</summary>
    public int Count => Vocabulary.Count;

    /// <summary>Id of <see cref="Start"/>.</summary>
    public int StartId => Count - 2;

    /// <summary>Id of <see cref="End"/>.</summary>
    public int EndId => Count - 1;

    /// <summary>
    /// The tag of an id. Start and end, which stand in a sentence where nothing constrains its tags, mark no span: O.
    /// </summary>
    /// <param name="id">From 0; the last two are start and end.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public string this[int id] => id == StartId || id == EndId ? Tag.Outside : Vocabulary[id];

    /// <summary>The scheme of the tags: IOBES where a tag begins with S, else IOB2.</summary>
    public TagScheme Scheme { get; }

    /// <summary>
    /// O, then each letter of the scheme on each type in ordinal order, whether or not the training text shows them
    /// all, then start and end: in IOBES 4 · types + 3 ids.
    /// </summary>
    /// <param name="types">Of spans; repeated ones count once.</param>
    /// <param name="scheme">IOBES or IOB2.</param>
    /// <exception cref="ArgumentException">It is another scheme.</exception>
    public static TagVocabulary FromTypes(IEnumerable<string> types, TagScheme scheme = TagScheme.Iobes)
    {
        ArgumentNullException.ThrowIfNull(types);
        if (scheme is not (TagScheme.Iobes or TagScheme.Iob2))
            throw new ArgumentException($"A tagger's tags are in IOBES or IOB2, not in {SchemeDetector.Name(scheme)}.",
                nameof(scheme));
        return new(
            new Vocabulary(
            [
                Tag.Outside,
                .. NullElements.Refused(types, nameof(types)).Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .SelectMany(type => SchemeLetters.All(scheme).Select(letter => new Tag(letter, type).ToString())),
                Start,
                End,
            ]));
    }

    /// <summary>The types of the spans in a text.</summary>
    /// <param name="sentences">With tags, in any scheme.</param>
    public static IEnumerable<string> Types(IEnumerable<Sentence> sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        return NullElements.Refused(sentences, nameof(sentences))
            .SelectMany(sentence => TagConversion.ToSpans(sentence.Tags ?? [])).Select(span => span.Type)
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>Ids of a sentence's tags.</summary>
    /// <param name="sentence">With tags, in any scheme.</param>
    /// <param name="name">The file, for the message.</param>
    /// <exception cref="ArgumentException">The sentence has no tags.</exception>
    /// <exception cref="ShapeException">It has other than one tag a word.</exception>
    /// <exception cref="UserException">A tag that the model does not know; names file, line, tag and the types it
    /// knows.</exception>
    public int[] Encode(Sentence sentence, string name)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        ArgumentNullException.ThrowIfNull(name);
        var written = sentence.WholeTags ?? throw new ArgumentException(
            $"The sentence of line {sentence.FirstLine} has no tags.", nameof(sentence));
        var tags = TagConversion.Convert(written, Scheme);
        var ids = new int[tags.Length];
        for (var i = 0; i < ids.Length; i++)
            if (!Vocabulary.TryGetId(tags[i], out ids[i]) || ids[i] >= StartId)
                throw new InputException(name, sentence.LineOf(i),
                    $"tag {written[i]} is unknown to the model, which knows {KnownTypes()}.");
        return ids;
    }

    IEnumerable<Tag> Tags() => Vocabulary.Tokens.Take(StartId).Select(Tag.Parse).Where(tag => !tag.IsOutside);

    string KnownTypes()
    {
        var types = Tags().Select(tag => tag.Type.Length == 0 ? "spans without a type" : tag.Type)
            .Distinct(StringComparer.Ordinal).ToList();
        return types.Count == 0 ? "no spans at all" : $"the types {string.Join(", ", types)}";
    }
}
