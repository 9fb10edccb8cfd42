namespace LdNetGpu.Devices.Managed;

/// <summary>What one access of a warp costs a GPU's memories.</summary>
static class WarpAccess
{
    /// <summary>What global memory is moved in.</summary>
    public const int SectorBytes = 32;

    const int LineBytes = 128, Banks = 32, WordBytes = 4, PassBytes = Banks * WordBytes;

    // The most bytes that an instruction accesses.
    const int WidestAccess = 16;

    /// <summary>One access of a warp in figures.</summary>
    /// <param name="accesses">Of its lanes that take part, in their order; one at least.</param>
    /// <param name="memory">Where all of them lie.</param>
    /// <param name="kind">What the lanes do there.</param>
    /// <param name="lanes">Lanes that the warp has.</param>
    public static AccessCounts Count(ReadOnlySpan<LaneAccess> accesses, MemoryKind memory, AccessKind kind, int lanes)
    {
        var bytes = 0L;
        foreach (var access in accesses) bytes += access.Bytes;
        var counts = new AccessCounts(1, accesses.Length < lanes ? 1 : 0, accesses.Length, bytes, 0, 0, 0);
        switch (memory)
        {
            case MemoryKind.Global:
                return counts with
                {
                    Transactions = Blocks(accesses, SectorBytes), CacheLines = Blocks(accesses, LineBytes),
                    LeastTransactions = (Blocks(accesses, 1) + SectorBytes - 1) / SectorBytes,
                };
            case MemoryKind.Shared:
                var (passes, least) = Passes(accesses, kind == AccessKind.Atomic);
                return counts with { Transactions = passes, LeastTransactions = least };
            default:
                return counts;
        }
    }

    /// <summary>Aligned blocks of so many bytes that hold a byte of an access.</summary>
    static long Blocks(ReadOnlySpan<LaneAccess> accesses, int size)
    {
        Span<LaneAccess> sorted = stackalloc LaneAccess[accesses.Length];
        accesses.CopyTo(sorted);
        sorted.Sort((one, other) => one.Address.CompareTo(other.Address));
        var (count, last) = (0L, -1L);
        foreach (var access in sorted)
        {
            var end = (access.Address + access.Bytes - 1) / size;
            count += Math.Max(0, end - Math.Max(access.Address / size, last + 1) + 1);
            last = Math.Max(last, end);
        }
        return count;
    }

    // A pass serves 128 bytes: all lanes' accesses of 4 bytes, those of 8 bytes a half warp at a time, of 16 a quarter.
    static (long Passes, long Least) Passes(ReadOnlySpan<LaneAccess> accesses, bool isAtomic)
    {
        var widest = 0;
        foreach (var access in accesses) widest = Math.Max(widest, access.Bytes);
        var (passes, least) = (0L, 0L);
        for (var piece = 0; piece < widest; piece += WidestAccess)
        {
            var width = (widest - piece) switch
            {
                > 2 * WordBytes => WidestAccess,
                > WordBytes => 2 * WordBytes,
                _ => WordBytes,
            };
            var together = PassBytes / width;
            for (var first = 0; first < Lane.WarpSize; first += together)
            {
                var busiest = BusiestBank(accesses, (first, first + together), (piece, piece + width), isAtomic);
                passes += busiest;
                least += Math.Min(1, busiest);
            }
        }
        return (passes, least);
    }

    // Words of the bank that has most; a word that several lanes use is one, but each atomic operation on it counts.
    static int BusiestBank(ReadOnlySpan<LaneAccess> accesses, (int First, int End) lanes, (int First, int End) part,
        bool isAtomic)
    {
        Span<long> words = stackalloc long[2 * Banks];
        Span<int> inBank = stackalloc int[Banks];
        inBank.Clear();
        var (count, most) = (0, 0);
        foreach (var access in accesses)
        {
            if (access.Lane < lanes.First || access.Lane >= lanes.End) continue;
            var (start, end) = (access.Address + part.First, access.Address + Math.Min(access.Bytes, part.End));
            for (var word = start / WordBytes; word * WordBytes < end; word++)
            {
                if (!isAtomic && words[..count].Contains(word)) continue;
                words[count++] = word;
                most = Math.Max(most, ++inBank[(int)(word % Banks)]);
            }
        }
        return most;
    }
}
