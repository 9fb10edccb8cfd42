using System.Runtime.Intrinsics;

namespace LdNetGpu.Devices;

/// <summary>
/// The processor: 64-byte aligned memory (large pieces in large pages) from a caching allocator and a pool of worker threads.
/// </summary>
public sealed unsafe class CpuDevice : ComputeDevice, IDisposable
{
    const int Alignment = SizeClass.Smallest;
    readonly Dictionary<long, Stack<nint>> cache = [];

    /// <summary>A device that computes on <paramref name="threads"/> threads; 0 takes every core.</summary>
    public CpuDevice(int threads = 0)
    {
        if (threads < 0) throw new UserException($"{threads} threads: must be 0 (every core) or more.");
        Workers = new WorkerPool(threads == 0 ? Environment.ProcessorCount : threads);
    }

    public override string Name => "cpu";

    public override string Description =>
        $"{Workers.Threads} thread{(Workers.Threads == 1 ? "" : "s")}, {InstructionSet}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20:N0} MiB";

    /// <summary>Widest vectors the kernels use here.</summary>
    public static string InstructionSet =>
        Vector512.IsHardwareAccelerated ? "AVX-512" : Vector256.IsHardwareAccelerated ? "AVX2" : Vector128.IsHardwareAccelerated ? "128-bit SIMD" : "scalar";

    /// <summary>The threads that operations divide their work over.</summary>
    public WorkerPool Workers { get; }

    public override DeviceBuffer<T> Allocate<T>(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var bytes = SizeClass.Of(checked(length * sizeof(T)));
        nint memory = 0;
        lock (cache)
            if (cache.TryGetValue(bytes, out var free) && free.Count > 0)
                memory = free.Pop();
        var fromCache = memory != 0;
        if (!fromCache) memory = AskSystem(bytes);
        Counters.Taken(bytes, fromCache);
        return new HostBuffer<T>(this, (T*)memory, length, bytes);
    }

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

    public void Dispose()
    {
        TrimCache();
        Workers.Dispose();
    }

    internal void Return(nint memory, long bytes)
    {
        lock (cache)
        {
            if (!cache.TryGetValue(bytes, out var free)) cache[bytes] = free = new Stack<nint>();
            free.Push(memory);
        }
        Counters.Returned(bytes);
    }

    nint AskSystem(long bytes)
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
                throw new OutOfDeviceMemoryException(
                    Name, $"Out of memory on the CPU: {bytes >> 20:N0} MiB asked for, {Counters.LiveBytes >> 20:N0} MiB in use.", inner)
                {
                    AskedBytes = bytes, LiveBytes = Counters.LiveBytes,
                };
            }
        }
    }
}
