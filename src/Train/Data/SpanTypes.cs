using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Types of spans in labelled texts, and what a text's types mean for a tagger that learns from another text.
/// </summary>
static class SpanTypes
{
    /// <summary>The types of the spans in sentences with tags, in ordinal order.</summary>
    public static SortedSet<string> Of(IEnumerable<Sentence> sentences) =>
        new(TagVocabulary.Types(sentences), StringComparer.Ordinal);

    /// <summary>The types that a tagger knows, in ordinal order.</summary>
    public static SortedSet<string> Of(TagVocabulary tags) => new(
        tags.Vocabulary.Tokens.Select(Tag.Parse).Where(tag => tag.Prefix == "B").Select(tag => tag.Type),
        StringComparer.Ordinal);

    /// <summary>Refuses a training text without a span: whatever is trained on it says O for ever.</summary>
    /// <exception cref="UserException">There is no span in it.</exception>
    public static void RequireSome(LabelledFile train)
    {
        if (Of(train.Sentences).Count == 0)
            throw new UserException($"{train.Name}: holds no spans, every tag is O: there is nothing to learn. " +
                "Is the tag column another one?");
    }

    /// <summary>What a score on a text will hide; null where nothing is amiss.</summary>
    /// <param name="text">To be scored on.</param>
    /// <param name="known">The types that the tagger knows.</param>
    /// <param name="source">What it knows them from.</param>
    public static string? Warning(LabelledFile text, IReadOnlySet<string> known, string source)
    {
        var types = Of(text.Sentences);
        if (types.Count == 0) return $"{text.Name}: holds no spans: F1 on it is 0 whatever is predicted.";
        var unknown = types.Where(type => !known.Contains(type)).ToArray();
        if (unknown.Length == 0) return null;
        var (noun, verb) = unknown.Length == 1 ? ("type", "does") : ("types", "do");
        return $"{text.Name}: {noun} {string.Join(", ", unknown.Select(Name))} {verb} not occur in {source}: "
            + (unknown.Length == types.Count ? "F1 on it is 0 whatever is predicted."
                : "their spans count as missed.");
    }

    static string Name(string type) => type.Length == 0 ? "(none)" : type;
}
