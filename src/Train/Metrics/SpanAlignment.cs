using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Metrics;

/// <summary>What became of a span.</summary>
enum SpanOutcome
{
    /// <summary>Words and type are those of the gold span.</summary>
    Correct,

    /// <summary>The words are, the type is another.</summary>
    WrongType,

    /// <summary>The type is, the words overlap.</summary>
    WrongExtent,

    /// <summary>The words overlap, the type is another.</summary>
    WrongBoth,

    /// <summary>A gold span of which nothing was predicted.</summary>
    Missed,

    /// <summary>A predicted span where there is none.</summary>
    Spurious,
}

/// <summary>A gold span and the predicted one that stands for it; one of them may be missing.</summary>
sealed record AlignedSpan(EntitySpan? Gold, EntitySpan? Predicted)
{
    public SpanOutcome Outcome => (Gold, Predicted) switch
    {
        ({ } gold, { } predicted) => (gold.Start == predicted.Start && gold.End == predicted.End,
            gold.Type == predicted.Type) switch
        {
            (true, true) => SpanOutcome.Correct,
            (true, false) => SpanOutcome.WrongType,
            (false, true) => SpanOutcome.WrongExtent,
            _ => SpanOutcome.WrongBoth,
        },
        ({ }, null) => SpanOutcome.Missed,
        _ => SpanOutcome.Spurious,
    };

    /// <summary>The first word of either.</summary>
    public int Start => Math.Min(Gold?.Start ?? int.MaxValue, Predicted?.Start ?? int.MaxValue);
}

/// <summary>Gold and predicted spans of a sentence, pair by pair.</summary>
static class SpanAlignment
{
    /// <summary>
    /// Each span stands in one pair: those of the same words go together first, then those that share most words, of
    /// one type before others.
    /// </summary>
    /// <param name="gold">In rising order, without overlap.</param>
    /// <param name="predicted">Likewise.</param>
    /// <returns>In the order of their first words.</returns>
    public static IReadOnlyList<AlignedSpan> Of(IReadOnlyList<EntitySpan> gold, IReadOnlyList<EntitySpan> predicted)
    {
        var (freeGold, freePredicted) = (gold.ToHashSet(), predicted.ToHashSet());
        var aligned = new List<AlignedSpan>();
        foreach (var (one, other) in Overlapping(gold, predicted).OrderByDescending(pair => HasSameWords(pair))
            .ThenByDescending(pair => Shared(pair)).ThenByDescending(pair => pair.Gold.Type == pair.Predicted.Type)
            .ThenBy(pair => pair.Gold.Start).ThenBy(pair => pair.Predicted.Start))
            if (freeGold.Contains(one) && freePredicted.Contains(other))
            {
                freeGold.Remove(one);
                freePredicted.Remove(other);
                aligned.Add(new(one, other));
            }
        aligned.AddRange(freeGold.Select(span => new AlignedSpan(span, null)));
        aligned.AddRange(freePredicted.Select(span => new AlignedSpan(null, span)));
        return [.. aligned.OrderBy(pair => pair.Start).ThenBy(pair => pair.Outcome)];
    }

    // Both are in rising order, so that the two lists are gone through once.
    static IEnumerable<(EntitySpan Gold, EntitySpan Predicted)> Overlapping(IReadOnlyList<EntitySpan> gold,
        IReadOnlyList<EntitySpan> predicted)
    {
        var first = 0;
        foreach (var span in gold)
        {
            while (first < predicted.Count && predicted[first].End <= span.Start) first++;
            for (var i = first; i < predicted.Count && predicted[i].Start < span.End; i++)
                yield return (span, predicted[i]);
        }
    }

    static bool HasSameWords((EntitySpan Gold, EntitySpan Predicted) pair) =>
        pair.Gold.Start == pair.Predicted.Start && pair.Gold.End == pair.Predicted.End;

    static int Shared((EntitySpan Gold, EntitySpan Predicted) pair) =>
        Math.Min(pair.Gold.End, pair.Predicted.End) - Math.Max(pair.Gold.Start, pair.Predicted.Start);
}
