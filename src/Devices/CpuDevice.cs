using System.Runtime.Intrinsics;

namespace LdNetGpu.Devices;

/// <summary>
/// The processor: 64-byte aligned memory (large pieces in large pages) from a caching allocator and a pool of worker
/// threads.
/// </summary>
public sealed unsafe class CpuDevice : ComputeDevice, IDisposable
{
    const int Alignment = SizeClass.Smallest;
    readonly Dictionary<long, Stack<nint>> cache = [];
    readonly HostGuards? guards;
    readonly int guardWidth;
    bool isDisposed;

    /// <summary>
    /// A device that computes on <paramref name="threads"/> threads, at most <see cref="WorkerPool.MostThreads"/>; 0
    /// takes every core.
    /// </summary>
    /// <param name="threads">The caller's included: 1 starts none.</param>
    /// <exception cref="UserException">There can be no such number of threads.</exception>
    public CpuDevice(int threads = 0)
    {
        if (threads is < 0 or > WorkerPool.MostThreads)
            throw new UserException($"{threads} threads: must be 0 (every core) to {WorkerPool.MostThreads}.");
        Workers = new WorkerPool(threads == 0 ? Math.Min(Environment.ProcessorCount, WorkerPool.MostThreads) : threads);
    }

    internal CpuDevice(int threads, HostGuards guards)
        : this(threads) => (this.guards, guardWidth) = (guards, HostGuards.Width);

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <inheritdoc/>
    public override string Description =>
        Invariant($"{Workers.Threads} thread{(Workers.Threads == 1 ? "" : "s")}, {InstructionSet}, ") +
        Invariant($"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20:N0} MiB");

    /// <summary>Widest vectors the kernels use here.</summary>
    /// <value><c>AVX-512</c>, <c>AVX2</c>, <c>128-bit SIMD</c> or <c>scalar</c>.</value>
    public static string InstructionSet =>
        Vector512.IsHardwareAccelerated ? "AVX-512"
        : Vector256.IsHardwareAccelerated ? "AVX2"
        : Vector128.IsHardwareAccelerated ? "128-bit SIMD"
        : "scalar";

    /// <summary>The threads that operations divide their work over.</summary>
    public WorkerPool Workers { get; }

    /// <inheritdoc/>
    public override DeviceBuffer<T> Allocate<T>(long length)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        var used = SizeClass.BytesOf(length, sizeof(T));
        var bytes = SizeClass.Of(used + 2 * guardWidth);
        nint memory = 0;
        lock (cache)
            if (cache.TryGetValue(bytes, out var free) && free.Count > 0)
                memory = free.Pop();
        var fromCache = memory != 0;
        if (!fromCache) memory = AllocateFromSystem(bytes, asked: used);
        Counters.Taken(bytes, fromCache);
        memory += guardWidth;
        if (guards is not null) HostGuards.Place(memory, used);
        return new HostBuffer<T>(this, (T*)memory, length, bytes);
    }

    /// <summary>The memory of the process is one, whichever device handed it out.</summary>
    public override bool Reaches<T>(DeviceBuffer<T> buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        return buffer is HostBuffer<T>;
    }

    /// <inheritdoc/>
    public override void TrimCache()
    {
        lock (cache)
        {
            foreach (var (bytes, free) in cache)
                while (free.TryPop(out var memory))
                {
                    HostMemory.Free(memory);
                    Counters.Trimmed(bytes);
                }
            cache.Clear();
        }
    }

    /// <summary>
    /// Ends the worker threads and frees cached memory. Buffers that are still alive stay valid until they are disposed
    /// of.
    /// </summary>
    public void Dispose()
    {
        lock (cache) isDisposed = true;
        TrimCache();
        Workers.Dispose();
    }

    /// <param name="memory">First byte of the buffer.</param>
    /// <param name="used">Bytes of the buffer.</param>
    /// <param name="bytes">Of the size class that it came from.</param>
    internal void Return(nint memory, long used, long bytes)
    {
        guards?.Check(memory, used);
        memory -= guardWidth;
        Counters.Returned(bytes);
        lock (cache)
        {
            if (!isDisposed)
            {
                if (!cache.TryGetValue(bytes, out var free)) cache[bytes] = free = new Stack<nint>();
                free.Push(memory);
                return;
            }
        }
        HostMemory.Free(memory);
        Counters.Trimmed(bytes);
    }

    nint AllocateFromSystem(long bytes, long asked)
    {
        try
        {
            return HostMemory.Allocate(bytes, Alignment);
        }
        catch (OutOfMemoryException)
        {
            TrimCache();
            try
            {
                return HostMemory.Allocate(bytes, Alignment);
            }
            catch (OutOfMemoryException inner)
            {
                throw new OutOfDeviceMemoryException(Name, Invariant(
                    $"Out of memory on the CPU: {asked >> 20:N0} MiB asked for, {Counters.LiveBytes >> 20:N0} MiB in ")
                    + Invariant($"use."), inner)
                {
                    AskedBytes = asked, LiveBytes = Counters.LiveBytes,
                };
            }
        }
    }
}
