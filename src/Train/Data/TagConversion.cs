using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>Spans to tags and tags to spans, for each scheme.</summary>
public static class TagConversion
{
    /// <summary>
    /// The spans of a sentence, read as conlleval reads them whatever the scheme: an I- without a B- starts a span, a
    /// change of type ends one. On tags that obey their scheme this is the scheme's own reading; <see cref="TagRules"/>
    /// tells whether they do.
    /// </summary>
    /// <param name="tags">One a word.</param>
    /// <returns>In rising order, without overlap.</returns>
    public static List<EntitySpan> ToSpans(IReadOnlyList<string> tags)
    {
        NullElements.Refuse(tags);
        var spans = new List<EntitySpan>();
        var previousRaw = new Tag(Tag.Outside, "");
        var previous = previousRaw;
        var start = -1;
        for (var i = 0; i < tags.Count; i++)
        {
            var raw = Tag.Parse(tags[i]);
            var current = ChunkRules.ToIob2(previousRaw, raw);
            if (start >= 0 && ChunkRules.Ends(previous, current))
            {
                spans.Add(new EntitySpan(start, i, previous.Type));
                start = -1;
            }
            if (ChunkRules.Starts(previous, current)) start = i;
            (previousRaw, previous) = (raw, current);
        }
        if (start >= 0) spans.Add(new EntitySpan(start, tags.Count, previous.Type));
        return spans;
    }

    /// <summary>
    /// Tags of a sentence of <paramref name="length"/> words; <paramref name="spans"/> in rising order, without
    /// overlap.
    /// </summary>
    /// <param name="spans">In rising order.</param>
    /// <param name="length">Words of the sentence.</param>
    /// <param name="scheme">The scheme wanted.</param>
    /// <exception cref="ArgumentException">Spans overlap, are empty or leave the sentence; or the scheme is
    /// <see cref="TagScheme.Auto"/>.</exception>
    public static string[] FromSpans(IReadOnlyList<EntitySpan> spans, int length, TagScheme scheme)
    {
        ArgumentNullException.ThrowIfNull(spans);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _ = SchemeLetters.Of(scheme);
        var tags = new string[length];
        Array.Fill(tags, Tag.Outside);
        var previous = new EntitySpan(-1, -1, "");
        foreach (var span in spans)
        {
            if (span.Start < 0 || span.End <= span.Start || span.End > length)
                throw new ArgumentException($"{Named(span)} is none of a sentence of {length} words.",
                    nameof(spans));
            if (span.Start < previous.End)
                throw new ArgumentException(
                    $"{Named(span)} begins before the one before it ends, {Named(previous)}.", nameof(spans));
            var touches = span.Start == previous.End && span.Type == previous.Type;
            for (var i = span.Start; i < span.End; i++)
                tags[i] = new Tag(
                    Letter(scheme, first: i == span.Start, last: i == span.End - 1, touches), span.Type).ToString();
            previous = span;
        }
        return tags;
    }

    /// <summary>
    /// The same spans spelled in another scheme; in <see cref="TagScheme.Io"/> those of one type that touch become one.
    /// </summary>
    /// <param name="tags">In any scheme, one a word.</param>
    /// <param name="to">The scheme wanted.</param>
    public static string[] Convert(IReadOnlyList<string> tags, TagScheme to)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return FromSpans(ToSpans(tags), tags.Count, to);
    }

    // As Start and End count: from 0, the last excluded.
    static string Named(EntitySpan span) =>
        $"the span of words {span.Start} to {span.End - 1}{(span.Type.Length == 0 ? "" : $" of {span.Type}")}";

    static string Letter(TagScheme scheme, bool first, bool last, bool touches) =>
        scheme == TagScheme.Iob1 && first && touches ? "B" : SchemeLetters.Of(scheme).Letter(first, last);
}
