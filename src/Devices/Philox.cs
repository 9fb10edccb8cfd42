using System.Runtime.CompilerServices;

namespace LdNetGpu.Devices;

/// <summary>
/// The Philox4x32-10 counter generator (Salmon et al., SC 2011): four 32-bit words for a 64-bit key and a 128-bit
/// counter, the same on every device. Nothing is stored for a stream but its key.
/// </summary>
static class Philox
{
    const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    /// <summary>Ten rounds on counter (c0..c3) with key (k0, k1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint X0, uint X1, uint X2, uint X3) Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (var round = 0; round < 10; round++)
        {
            var p0 = (ulong)M0 * c0;
            var p1 = (ulong)M1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += W0;
            k1 += W1;
        }
        return (c0, c1, c2, c3);
    }
}

/// <summary>
/// Names one random draw: the run's seed, the training step, and the site in the model. Element i of the draw is word i
/// % 4 of Philox block (i / 4 low, i / 4 high, site, step) under the seed, so any device computes any element alone.
/// </summary>
/// <param name="Seed">The run's.</param>
/// <param name="Step">The training step, or another count that never repeats under the seed.</param>
/// <param name="Site">What draws, within a step: a layer's dropout, a shuffle.</param>
public readonly record struct RandomKey(ulong Seed, uint Step, uint Site)
{
    /// <summary>Which rows of the draw a matrix has; the default: its own, from 0 on.</summary>
    public RowShare Share { get; init; }

    /// <summary>32 random bits of element <paramref name="index"/>.</summary>
    /// <param name="index">From 0; draws of neighbouring elements are independent.</param>
    public uint Bits(long index)
    {
        var block = (ulong)index >> 2;
        var (x0, x1, x2, x3) = Philox.Block((uint)block, (uint)(block >> 32), Site, Step, (uint)Seed,
            (uint)(Seed >> 32));
        return (index & 3) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 };
    }

    /// <summary>Element <paramref name="index"/> as a uniform number in [0, 1), 24 bits fine.</summary>
    /// <param name="index">From 0.</param>
    public float Uniform(long index) => (Bits(index) >> 8) * (1f / (1 << 24));
}

/// <summary>
/// A sequential reader of one keyed stream, for host-side draws: shuffles, initial weights, synthetic text.
/// </summary>
/// <param name="key">Names the stream: the same key gives the same numbers on every machine.</param>
/// <param name="position">Elements to skip: <see cref="Position"/> of a stream that this one continues.</param>
public sealed class RandomStream(RandomKey key, long position = 0)
{
    /// <summary>Elements drawn so far; with the key it is the stream's whole state.</summary>
    public long Position { get; private set; } = position >= 0 ? position
        : throw new ArgumentOutOfRangeException(nameof(position), position, "A stream begins at 0.");

    /// <summary>Names the stream.</summary>
    public RandomKey Key { get; } = key;

    /// <summary>32 random bits; advances by one element.</summary>
    /// <exception cref="OverflowException">All 2⁶³ elements were drawn.</exception>
    public uint NextBits()
    {
        var bits = Key.Bits(Position);
        Position = checked(Position + 1);
        return bits;
    }

    /// <summary>Uniform in [0, 1), 53 bits fine.</summary>
    public double NextDouble() => (((ulong)NextBits() << 32 | NextBits()) >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform in 0 to <paramref name="bound"/> - 1, without modulo bias.</summary>
    /// <param name="bound">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is less than 1.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var limit = uint.MaxValue - uint.MaxValue % (uint)bound;
        uint bits;
        do bits = NextBits(); while (bits >= limit);
        return (int)(bits % (uint)bound);
    }

    /// <summary>Standard normal (Box-Muller, cosine branch).</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Fisher-Yates, in place.</summary>
    /// <typeparam name="T">Anything: items are swapped, not compared.</typeparam>
    /// <param name="items">Advances the stream by one element or more for each but the first.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
