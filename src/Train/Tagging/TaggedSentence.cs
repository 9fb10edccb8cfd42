using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Tagging;

/// <summary>A sentence with its readings, the most likely one first.</summary>
/// <param name="Words">As they were given.</param>
/// <param name="Readings">One at least.</param>
public sealed record TaggedSentence(string[] Words, IReadOnlyList<TaggedReading> Readings)
{
    /// <summary>As they were given.</summary>
    public string[] Words { get; init => field = Whole(value); } = Whole(Words);

    /// <summary>One at least.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public IReadOnlyList<TaggedReading> Readings { get; init => field = Some(value); } = Some(Readings);

    /// <summary>Tags of the most likely reading, IOB2.</summary>
    public string[] Tags => Readings[0].Tags;

    /// <summary>The sentence as it was given.</summary>
    public Sentence? Source { get; init; }

    /// <summary>Names in the most likely reading.</summary>
    public IReadOnlyList<EntitySpan> Spans => Readings[0].Spans;

    /// <summary>Each of <see cref="Tags"/>' probability given the sentence; null where not asked for.</summary>
    public double[]? Confidence => Readings[0].Confidence;

    /// <summary>Names in the most likely reading, with their places in the text.</summary>
    /// <exception cref="InvalidOperationException">
    /// The sentence was not cut from a text (<see cref="RawText"/>), or its readings are of other words.
    /// </exception>
    public IReadOnlyList<TaggedEntity> Entities
    {
        get
        {
            if (Source?.Text is not { } text || text.Words.Count != Words.Length)
                throw new InvalidOperationException("Only a sentence that was cut from a text has places in it.");
            var confidence = Readings[0].SpanConfidence;
            return [.. Spans.Select((span, i) =>
                new TaggedEntity(span.Type, text.Slice(span.Start, span.End), confidence?[i]))];
        }
    }

    /// <summary>The words of a span.</summary>
    /// <param name="span">One of <see cref="Spans"/>.</param>
    /// <returns>The words, a space between.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is not inside the sentence.</exception>
    public string TextOf(EntitySpan span)
    {
        if (span.Start < 0 || span.End < span.Start || span.End > Words.Length)
            throw new ArgumentOutOfRangeException(nameof(span), span,
                $"The span is not inside the sentence, which has {Words.Length} words.");
        return string.Join(' ', Words[span.Start..span.End]);
    }

    static string[] Whole(string[] words)
    {
        NullElements.Refuse(words, nameof(Words));
        return words;
    }

    static IReadOnlyList<TaggedReading> Some(IReadOnlyList<TaggedReading> readings)
    {
        NullElements.Refuse(readings, nameof(Readings));
        return readings.Count > 0 ? readings
            : throw new ArgumentException("A tagged sentence has one reading at least.", nameof(Readings));
    }
}

/// <summary>A name in a text.</summary>
/// <param name="Type">As the tags name it: <c>PER</c>.</param>
/// <param name="Slice">Its text, and where it stands.</param>
/// <param name="Confidence">
/// The probability that it is there with exactly these words and this type; null where not asked for.
/// </param>
public sealed record TaggedEntity(string Type, TextSlice Slice, double? Confidence)
{
    /// <summary>As the tags name it: <c>PER</c>.</summary>
    public string Type
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Type));
    } = Type ?? throw new ArgumentNullException(nameof(Type));
}

/// <summary>One way to tag a sentence.</summary>
/// <param name="Tags">IOB2, one a word.</param>
/// <param name="Probability">Over all tag sequences; null where only the best one was asked for.</param>
/// <param name="Confidence">Each tag's own probability; null where not asked for.</param>
public sealed record TaggedReading(string[] Tags, double? Probability, double[]? Confidence)
{
    /// <summary>IOB2, one a word.</summary>
    public string[] Tags { get; init => field = Whole(value); } = Whole(Tags);

    /// <summary>The spans that the tags mark.</summary>
    public IReadOnlyList<EntitySpan> Spans => TagConversion.ToSpans(Tags);

    /// <summary>
    /// Of each of <see cref="Spans"/> the probability that it is there with exactly its words and its type, over all
    /// tag sequences; null where not asked for. In a sentence that was tagged in pieces a span across their border has
    /// the product of its parts'.
    /// </summary>
    public double[]? SpanConfidence { get; init; }

    static string[] Whole(string[] tags)
    {
        NullElements.Refuse(tags, nameof(Tags));
        return tags;
    }
}
