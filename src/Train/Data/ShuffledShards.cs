using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>A text whose shards, runs of whole sentences, are read in another order than they are kept in.</summary>
sealed class ShuffledShards : ITokenSequence
{
    readonly ITokenSequence text;

    // By place in the new order: where a shard begins there, and where it is kept; ends with the text's end.
    readonly long[] begins, kept;

    /// <param name="text">As it is kept.</param>
    /// <param name="lengths">Tokens of each shard, above 0, in the order in which they are kept; all of the
    /// text.</param>
    /// <param name="key">Of the order.</param>
    public ShuffledShards(ITokenSequence text, IReadOnlyList<long> lengths, RandomKey key)
    {
        if (lengths.Sum() != text.Count)
            throw new ArgumentException($"Shards of {lengths.Sum()} tokens in a text of {text.Count}.",
                nameof(lengths));
        this.text = text;
        var starts = new long[lengths.Count];
        for (var i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + lengths[i - 1];
        int[] order = [.. Enumerable.Range(0, lengths.Count)];
        new RandomStream(key).Shuffle<int>(order);
        kept = Array.ConvertAll(order, shard => starts[shard]);
        begins = new long[order.Length + 1];
        for (var i = 0; i < order.Length; i++) begins[i + 1] = begins[i] + lengths[order[i]];
    }

    public long Count => text.Count;

    public long UnknownCount => text.UnknownCount;

    public long SentenceCount => text.SentenceCount;

    public void CopyTo(long start, Span<int> destination)
    {
        if (start < 0 || start > Count - destination.Length)
            throw new ArgumentOutOfRangeException(nameof(start),
                $"{destination.Length} ids from {start} on, of {Count}.");
        var found = Array.BinarySearch(begins, start);
        for (var place = found < 0 ? ~found - 1 : found; destination.Length > 0; place++)
        {
            var inside = start - begins[place];
            var count = (int)Math.Min(destination.Length, begins[place + 1] - start);
            text.CopyTo(kept[place] + inside, destination[..count]);
            destination = destination[count..];
            start += count;
        }
    }
}
