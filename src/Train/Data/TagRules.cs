namespace LdNetGpu.Train.Data;

/// <summary>
/// A tag that breaks its scheme: word <paramref name="Index"/> of the sentence, counted from 0, and why.
/// </summary>
readonly record struct TagViolation(int Index, string Tag, string Problem);

/// <summary>What each scheme allows, strictly.</summary>
static class TagRules
{
    static readonly Tag None = new(Tag.Outside, "");

    /// <summary>Every tag of the sentence that <paramref name="scheme"/> does not allow where it stands.</summary>
    public static IEnumerable<TagViolation> Violations(IReadOnlyList<string> tags, TagScheme scheme) =>
        Violations([.. tags.Select(Tag.Parse)], scheme);

    /// <inheritdoc cref="Violations(IReadOnlyList{string}, TagScheme)"/>
    public static IEnumerable<TagViolation> Violations(Tag[] tags, TagScheme scheme)
    {
        var rules = new Rules(scheme, SchemeLetters.Of(scheme), SchemeLetters.All(scheme));
        var previous = None;
        for (var i = 0; i <= tags.Length; i++)
        {
            var current = i < tags.Length ? tags[i] : None;
            if (!current.IsWellFormed)
                yield return new TagViolation(i, current.ToString(),
                    "is no tag: O, or B, I or another letter of a scheme, a hyphen and a type, is expected");
            else if (rules.Problem(previous, current) is { } problem)
                yield return i < tags.Length
                    ? new TagViolation(i, current.ToString(), problem)
                    : new TagViolation(i - 1, previous.ToString(), problem);
            previous = current.IsWellFormed ? current : None;
        }
    }

    /// <summary>What one scheme allows.</summary>
    readonly record struct Rules(TagScheme Scheme, SchemeLetters Letters, IReadOnlyList<string> All)
    {
        string Name => SchemeDetector.Name(Scheme);

        /// <summary>
        /// Why <paramref name="current"/> may not follow <paramref name="previous"/>; null where it may.
        /// </summary>
        public string? Problem(Tag previous, Tag current)
        {
            if (!current.IsOutside && !All.Contains(current.Prefix))
                return $"{current.Prefix} does not exist in {Name}";
            var same = previous.Type == current.Type && !previous.IsOutside;
            if (Letters.MarksTheEnd) return InClosedSpans(previous, current, same);
            return Scheme switch
            {
                TagScheme.Iob1 when current.Prefix == "B" && !same =>
                    $"B in {Name} only follows a span of its own type, here it follows {Text(previous)}",
                TagScheme.Iob2 when current.Prefix == "I" && !same =>
                    $"I in {Name} continues a span of its own type, here it follows {Text(previous)}",
                _ => null,
            };
        }

        string? InClosedSpans(Tag previous, Tag current, bool same)
        {
            var open = previous.InIobes.Prefix is "B" or "I";
            if (current.InIobes.Prefix is "I" or "E")
                return open && same ? null
                    : $"{current.Prefix} in {Name} continues a span of its own type, here it follows {Text(previous)}";
            return open
                ? $"{previous} in {Name} must go on to {previous with { Prefix = Letters.Last }}, here {Text(current)} "
                    + "follows"
                : null;
        }

        static string Text(Tag tag) => tag.IsOutside ? "O or the sentence's border" : tag.ToString();
    }
}
