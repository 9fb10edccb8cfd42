using System.Numerics;

namespace LdNetGpu.Devices;

/// <summary>
/// Sizes that caching allocators round up to: eight classes a power of two, so at most 12.5 % waste, and batches of
/// slightly different lengths share buffers.
/// </summary>
static class SizeClass
{
    /// <summary>Smallest class, and what the small ones are multiples of: a cache line.</summary>
    public const int Smallest = 64;

    /// <summary>Bytes beyond which no class can be counted.</summary>
    const long Largest = 1L << 62;

    /// <summary>What <paramref name="length"/> elements take.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No buffer has that length.</exception>
    public static long BytesOf(long length, int elementSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Largest / elementSize);
        return length * elementSize;
    }

    public static long Of(long bytes)
    {
        if (bytes <= 1024) return Math.Max(Smallest, (bytes + Smallest - 1) / Smallest * Smallest);
        var step = 1L << (BitOperations.Log2((ulong)bytes) - 3);
        return (bytes + step - 1) / step * step;
    }
}
