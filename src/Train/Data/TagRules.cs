namespace LdNetGpu.Train.Data;

/// <summary>
/// A tag that breaks its scheme: word <paramref name="Index"/> of the sentence, counted from 0, and why.
/// </summary>
readonly record struct TagViolation(int Index, string Tag, string Problem);

/// <summary>What each scheme allows, strictly.</summary>
static class TagRules
{
    /// <summary>Every tag of the sentence that <paramref name="scheme"/> does not allow where it stands.</summary>
    public static IEnumerable<TagViolation> Violations(IReadOnlyList<string> tags, TagScheme scheme)
    {
        var previous = new Tag(Tag.Outside, "");
        for (var i = 0; i <= tags.Count; i++)
        {
            var current = i < tags.Count ? Tag.Parse(tags[i]) : new Tag(Tag.Outside, "");
            if (i < tags.Count && !current.IsWellFormed)
                yield return new TagViolation(i, tags[i],
                    "is no tag: O, or one of B- I- E- S- and a type, is expected");
            else if (Transition(previous, current, scheme) is { } problem)
                yield return i < tags.Count
                    ? new TagViolation(i, tags[i], problem)
                    : new TagViolation(i - 1, tags[i - 1], problem);
            previous = current.IsWellFormed ? current : new Tag(Tag.Outside, "");
        }
    }

    /// <summary>Why <paramref name="current"/> may not follow <paramref name="previous"/>; null where it may.</summary>
    static string? Transition(Tag previous, Tag current, TagScheme scheme)
    {
        var same = previous.Type == current.Type;
        switch (scheme)
        {
            case TagScheme.Iob1:
                if (current.Prefix is "E" or "S") return $"{current.Prefix}- does not exist in IOB1";
                return current.Prefix == "B" && !same
                    ? $"B- in IOB1 only follows a span of its own type, here it follows {Text(previous)}" : null;
            case TagScheme.Iob2:
                if (current.Prefix is "E" or "S") return $"{current.Prefix}- does not exist in IOB2";
                return current.Prefix == "I" && !same
                    ? $"I- in IOB2 continues a span of its own type, here it follows {Text(previous)}" : null;
            case TagScheme.Iobes:
                var open = previous.Prefix is "B" or "I";
                if (current.Prefix is "I" or "E")
                    return open && same
                        ? null : $"{current.Prefix}- in IOBES continues a span of its own type, here it follows "
                        + $"{Text(previous)}";
                return open
                    ? $"{Text(previous)} in IOBES must go on to E-{previous.Type}, here {Text(current)} or the "
                    + "sentence's end follows" : null;
            default:
                throw new ArgumentException($"{scheme} has no rules of its own: detect the scheme first.",
                    nameof(scheme));
        }
    }

    static string Text(Tag tag) => tag.IsOutside ? "O or the sentence's start" : $"{tag.Prefix}-{tag.Type}";
}
