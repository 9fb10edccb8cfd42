namespace LdNetGpu.Autograd;

/// <summary>How far numbers are from others, in units in the last place of a float.</summary>
/// <param name="Exact">Pairs that are equal.</param>
/// <param name="Buckets">
/// Entry i is the pairs that are 2^i to 2^(i+1) - 1 floats apart: 1; 2 and 3; 4 to 7; and so on.
/// </param>
/// <param name="Most">The most floats between two.</param>
public sealed record UlpHistogram(long Exact, IReadOnlyList<long> Buckets, long Most)
{
    /// <summary>Pairs in all.</summary>
    public long Count => Exact + Buckets.Sum();

    internal static UlpHistogram Of(IEnumerable<(float Left, float Right)> pairs)
    {
        var (exact, most) = (0L, 0L);
        var buckets = new List<long>();
        foreach (var (left, right) in pairs)
        {
            var apart = Math.Abs(Place(left) - Place(right));
            most = Math.Max(most, apart);
            if (apart == 0)
            {
                exact++;
                continue;
            }
            var bucket = (int)long.Log2(apart);
            while (buckets.Count <= bucket) buckets.Add(0);
            buckets[bucket]++;
        }
        return new(exact, buckets, most);
    }

    // Its number among all floats in their order; both zeros have one.
    static long Place(float value) => BitConverter.SingleToInt32Bits(value) is var bits && bits < 0
        ? int.MinValue - (long)bits : bits;
}
