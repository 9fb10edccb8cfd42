namespace LdNetGpu.Devices;

/// <summary>Something that holds buffers and runs operations: the CPU today, GPUs beside it.</summary>
public abstract class ComputeDevice
{
    /// <summary>Short name: <c>cpu</c>, <c>managed</c>, <c>opencl</c>, <c>cuda</c>.</summary>
    public abstract string Name { get; }

    /// <summary>One line for people: what it is and how large.</summary>
    public abstract string Description { get; }

    /// <summary>Counters of what this device holds now; tests read them to prove that nothing leaks.</summary>
    public AllocationCounters Counters { get; } = new();

    /// <summary>
    /// A buffer of <paramref name="length"/> elements with undefined content, from the cache where one fits.
    /// </summary>
    /// <param name="length">Elements, not bytes; 0 is allowed.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative, or no memory is that large.</exception>
    /// <exception cref="OutOfDeviceMemoryException">
    /// The device has no more, even after its cache was given back.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The device was disposed of.</exception>
    public abstract DeviceBuffer<T> Allocate<T>(long length) where T : unmanaged;

    /// <summary>Whether this device's operations read and write the buffer.</summary>
    /// <param name="buffer">Of any device.</param>
    public virtual bool Reaches<T>(DeviceBuffer<T> buffer) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return buffer.Device == this;
    }

    /// <summary>Gives cached memory that no buffer uses back to the system.</summary>
    public abstract void TrimCache();

    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}

/// <summary>What a device has handed out and what it keeps for reuse.</summary>
public sealed class AllocationCounters
{
    long liveBuffers, liveBytes, peakBytes, cachedBytes, systemAllocations;

    /// <summary>Buffers handed out and not yet given back.</summary>
    public long LiveBuffers => Interlocked.Read(ref liveBuffers);

    /// <summary>Bytes in those buffers, rounded up to the allocator's size classes.</summary>
    public long LiveBytes => Interlocked.Read(ref liveBytes);

    /// <summary>Largest <see cref="LiveBytes"/> since <see cref="ResetPeak"/>.</summary>
    public long PeakBytes => Interlocked.Read(ref peakBytes);

    /// <summary>Bytes kept for reuse.</summary>
    public long CachedBytes => Interlocked.Read(ref cachedBytes);

    /// <summary>How often the system was asked for memory: stays flat once training has warmed up.</summary>
    public long SystemAllocations => Interlocked.Read(ref systemAllocations);

    /// <summary>Starts a new measurement of <see cref="PeakBytes"/>.</summary>
    public void ResetPeak() => Interlocked.Exchange(ref peakBytes, LiveBytes);

    internal void Taken(long bytes, bool fromCache)
    {
        Interlocked.Increment(ref liveBuffers);
        var live = Interlocked.Add(ref liveBytes, bytes);
        long peak;
        while (live > (peak = Interlocked.Read(ref peakBytes))
            && Interlocked.CompareExchange(ref peakBytes, live, peak) != peak) { }
        if (fromCache) Interlocked.Add(ref cachedBytes, -bytes);
        else Interlocked.Increment(ref systemAllocations);
    }

    internal void Returned(long bytes)
    {
        Interlocked.Decrement(ref liveBuffers);
        Interlocked.Add(ref liveBytes, -bytes);
        Interlocked.Add(ref cachedBytes, bytes);
    }

    internal void Trimmed(long bytes) => Interlocked.Add(ref cachedBytes, -bytes);
}
