using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>The tagger's tags, in IOBES; the CRF's start and end tags are the last two ids.</summary>
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
        if (vocabulary.Count < 3 || vocabulary[^2] != Start || vocabulary[^1] != End)
            throw new UserException($"A tag vocabulary must end with {Start} and {End}.");
        Vocabulary = vocabulary;
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
    public string this[int id] => id < StartId ? Vocabulary[id] : Tag.Outside;

    /// <summary>
    /// O, then B- E- I- S- of each type in ordinal order, whether or not the training text shows all four, then start
    /// and end: 4 · types + 3 ids.
    /// </summary>
    /// <param name="types">Of spans; repeated ones count once.</param>
    public static TagVocabulary FromTypes(IEnumerable<string> types) => new(new Vocabulary(
    [
        Tag.Outside,
        .. types.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .SelectMany(type => new[] { $"B-{type}", $"E-{type}", $"I-{type}", $"S-{type}" }),
        Start,
        End,
    ]));

    /// <summary>The types of the spans in a text.</summary>
    /// <param name="sentences">With tags, in any scheme.</param>
    public static IEnumerable<string> Types(IEnumerable<Sentence> sentences) =>
        sentences.SelectMany(sentence => TagConversion.ToSpans(sentence.Tags ?? [])).Select(span => span.Type)
            .Distinct(StringComparer.Ordinal);

    /// <summary>Ids of tags in IOBES.</summary>
    /// <param name="tags">One a word.</param>
    /// <param name="name">The file, for the message.</param>
    /// <param name="firstLine">The line of the first tag, for the message.</param>
    /// <exception cref="UserException">A tag that the model does not know; names file, line, tag and the tags it
    /// knows.</exception>
    public int[] Encode(IReadOnlyList<string> tags, string name, int firstLine)
    {
        var ids = new int[tags.Count];
        for (var i = 0; i < ids.Length; i++)
            if (!Vocabulary.TryGetId(tags[i], out ids[i]) || ids[i] >= StartId)
                throw new InputException(name, firstLine + i,
                    $"tag {tags[i]} is unknown to the model, which knows the types " +
                    $"{string.Join(", ", Vocabulary.Tokens.Where(tag => tag.StartsWith("S-", StringComparison.Ordinal))
                    .Select(tag => tag[2..]))}.");
        return ids;
    }
}
