namespace LdNetGpu.Devices.Drivers;

/// <summary>Memory kept for reuse, by size.</summary>
sealed class MemoryPool
{
    readonly Dictionary<long, Stack<nint>> cached = [];

    /// <summary>Nothing is kept here any more.</summary>
    public bool IsClosed { get; set; }

    public bool TryTake(long bytes, out nint memory)
    {
        memory = 0;
        return cached.TryGetValue(bytes, out var same) && same.TryPop(out memory);
    }

    public void Give(long bytes, nint memory)
    {
        if (!cached.TryGetValue(bytes, out var same)) cached[bytes] = same = new Stack<nint>();
        same.Push(memory);
    }

    /// <summary>Takes everything out.</summary>
    public IEnumerable<(long Bytes, nint Memory)> Drain()
    {
        foreach (var (bytes, same) in cached)
            while (same.TryPop(out var memory)) yield return (bytes, memory);
    }
}
