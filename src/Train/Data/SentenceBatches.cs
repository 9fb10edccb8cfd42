using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Groups sentences by number: each batch is a list of places in the list of lengths, longest first, so that a
/// recurrent kernel can stop short rows early. Places bring results back into the order of the text:
/// <see cref="InOrder"/>.
/// </summary>
static class SentenceBatches
{
    /// <summary>
    /// For inference: sentences of like length together, longest first, at most <paramref name="maximumWords"/> words a
    /// batch, padding counted (sentences · longest). A longer sentence is a batch of its own.</summary>
    public static List<int[]> ByWordBudget(IReadOnlyList<int> lengths, int maximumWords)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumWords, 1);
        var order = Enumerable.Range(0, lengths.Count).OrderByDescending(i => lengths[i]).ToArray();
        var batches = new List<int[]>();
        for (var start = 0; start < order.Length;)
        {
            var longest = Math.Max(1, lengths[order[start]]);
            var count = Math.Clamp(maximumWords / longest, 1, order.Length - start);
            batches.Add(order[start..(start + count)]);
            start += count;
        }
        return batches;
    }

    /// <summary>
    /// For training: the sentences in a random order, <paramref name="sentences"/> a batch, the last one perhaps
    /// smaller. The order depends on the stream's key and position alone; give each epoch a key of its own.
    /// </summary>
    public static List<int[]> Shuffled(IReadOnlyList<int> lengths, int sentences, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sentences, 1);
        var order = Enumerable.Range(0, lengths.Count).ToArray();
        random.Shuffle<int>(order);
        return [.. order.Chunk(sentences).Select(batch => batch.OrderByDescending(i => lengths[i]).ToArray())];
    }

    /// <summary>Results given batch by batch, in the order of the sentences.</summary>
    public static T[] InOrder<T>(IReadOnlyList<int[]> batches, IEnumerable<T> results)
    {
        var places = batches.SelectMany(batch => batch).ToArray();
        var ordered = new T[places.Length];
        var position = 0;
        foreach (var result in results) ordered[places[position++]] = result;
        if (position != places.Length)
            throw new ArgumentException($"{position} results for {places.Length} sentences.", nameof(results));
        return ordered;
    }

    /// <summary>
    /// Cuts a stream of sentences into windows of at most <paramref name="maximumWords"/> words (one sentence at
    /// least), so that tagging sorts and batches within a window and memory stays bounded. A sentence of no words
    /// counts as one.
    /// </summary>
    public static IEnumerable<IReadOnlyList<Sentence>> Windows(IEnumerable<Sentence> sentences, int maximumWords)
    {
        var window = new List<Sentence>();
        var (words, number) = (0L, 0L);
        foreach (var sentence in sentences)
        {
            if (sentence is null) throw new ArgumentNullException(Invariant($"{nameof(sentences)}[{number}]"));
            number++;
            var length = Math.Max(1, sentence.Words.Length);
            if (window.Count > 0 && words + length > maximumWords)
            {
                yield return window;
                window = [];
                words = 0;
            }
            window.Add(sentence);
            words += length;
            if (words < maximumWords) continue;
            // A full one goes at once: the next sentence may be long in coming.
            yield return window;
            window = [];
            words = 0;
        }
        if (window.Count > 0) yield return window;
    }
}
