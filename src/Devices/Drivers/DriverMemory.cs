namespace LdNetGpu.Devices.Drivers;

/// <summary>
/// A driver's memory with a cache before it. Work on a device runs in one order, so memory given back can be handed out
/// again at once: what still uses it comes before what will.
/// </summary>
/// <param name="device">Named by errors.</param>
/// <param name="counters">The device's.</param>
/// <param name="allocate">Bytes to a handle; 0 where the device has no more.</param>
/// <param name="free">Takes a handle.</param>
sealed class DriverMemory(DriverDevice device, AllocationCounters counters, Func<long, nint> allocate,
    Action<nint> free)
{
    readonly Lock gate = new();
    readonly Dictionary<nint, Holding> live = [];
    readonly MemoryPool common = new();
    readonly HashSet<MemoryPool> recorded = [];
    MemoryPool? current;

    /// <summary>One live buffer.</summary>
    readonly record struct Holding(long Bytes, Type Element, long Length, MemoryPool Pool);

    /// <summary>Memory for a buffer, from the current pool's cache where it has some of this size.</summary>
    /// <exception cref="OutOfDeviceMemoryException">The device has no more even after its cache was given back; says
    /// who holds what.</exception>
    public nint Take(long asked, Type element, long length)
    {
        var bytes = SizeClass.Of(asked);
        lock (gate)
        {
            var pool = current ?? common;
            var fromCache = pool.TryTake(bytes, out var memory);
            if (!fromCache && (memory = Ask(bytes)) == 0) throw OutOfMemory(asked, element, length);
            live.Add(memory, new(bytes, element, length, pool));
            counters.Taken(bytes, fromCache);
            return memory;
        }
    }

    public void Return(nint memory)
    {
        lock (gate)
        {
            if (!live.Remove(memory, out var holding)) return;
            counters.Returned(holding.Bytes);
            if (!holding.Pool.IsClosed)
            {
                holding.Pool.Give(holding.Bytes, memory);
                return;
            }
            free(memory);
            counters.Trimmed(holding.Bytes);
        }
    }

    /// <summary>
    /// Gives the common cache back to the driver; pools of recorded work stay, for replays write to them.
    /// </summary>
    public void Trim()
    {
        lock (gate) Empty(common);
    }

    /// <summary>What is taken until <see cref="ClosePool"/> comes from a pool that nothing else shares.</summary>
    public MemoryPool OpenPool()
    {
        lock (gate)
        {
            current = new MemoryPool();
            recorded.Add(current);
            return current;
        }
    }

    /// <summary>Goes back to the common pool.</summary>
    public void LeavePool()
    {
        lock (gate) current = null;
    }

    /// <summary>Frees a pool: its cache now, its live buffers when they are returned.</summary>
    public void ClosePool(MemoryPool pool)
    {
        lock (gate)
        {
            pool.IsClosed = true;
            recorded.Remove(pool);
            Empty(pool);
        }
    }

    /// <summary>Frees everything: the device ends, and buffers that are still alive end with it.</summary>
    public void Close()
    {
        lock (gate)
        {
            foreach (var pool in recorded.Append(common).ToArray()) ClosePool(pool);
            foreach (var memory in live.Keys.ToArray()) Return(memory);
        }
    }

    nint Ask(long bytes)
    {
        var memory = allocate(bytes);
        if (memory != 0) return memory;
        Empty(common);
        return allocate(bytes);
    }

    void Empty(MemoryPool pool)
    {
        foreach (var (bytes, memory) in pool.Drain())
        {
            free(memory);
            counters.Trimmed(bytes);
        }
    }

    OutOfDeviceMemoryException OutOfMemory(long askedBytes, Type element, long length)
    {
        MemoryHolder[] largest = [.. live.Values.GroupBy(holding => (holding.Element, holding.Length))
            .Select(
                group => new MemoryHolder(group.Key.Element, group.Key.Length, group.Count(),
                    group.Sum(holding => holding.Bytes)))
            .OrderByDescending(holder => holder.Bytes).Take(5)];
        var named = largest.Select(holder =>
            Invariant($"{holder.Count:N0} × {holder.Element.Name}[{holder.Length:N0}] = {Size(holder.Bytes)}"));
        var holders = live.Count == 0 ? "no buffer is held"
            : $"{live.Count} buffers hold {Size(counters.LiveBytes)}, the largest {string.Join(", ", named)}";
        var asked = Invariant($"{Size(askedBytes)} asked for as {element.Name}[{length:N0}]");
        var message = $"Out of memory on {device.Description}: {asked}; {device.FreeMemoryText}; {holders}.";
        return new(device.Name, message)
        {
            AskedBytes = askedBytes, FreeBytes = device.FreeBytes, LiveBytes = counters.LiveBytes, Largest = largest,
        };
    }

    /// <summary>Bytes for people.</summary>
    internal static string Size(long bytes) =>
        bytes < 1 << 20
            ? Invariant($"{bytes:N0} B")
            : Invariant($"{bytes / (double)(1 << 20):N1} MiB");
}
