using System.Diagnostics;
using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Kernels;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>What was measured of one row.</summary>
/// <param name="Warm">With what the call before left in the caches; null where there is a problem.</param>
/// <param name="Problem">Why it could not be measured; null where it was.</param>
sealed record KernelRow(string Name, double Bytes, double Flops, MeasuredTimes? Warm, string? Problem = null)
{
    /// <summary>With other memory in the caches; null where it was not measured.</summary>
    public MeasuredTimes? Cold { get; init; }

    /// <summary>Of the same work by ILGPU's kernels; null where it was not measured.</summary>
    public MeasuredTimes? ByIlgpu { get; init; }

    /// <summary>The GPU right after the last call; null where nothing tells it.</summary>
    public GpuReading? Gpu { get; init; }

    /// <summary>Microseconds; NaN where there is a problem.</summary>
    public double Median => Warm?.Median ?? double.NaN;
}

/// <summary>How <see cref="KernelBenchmark{T}"/> measures.</summary>
/// <param name="Noise">A row's calls end when its <see cref="MeasuredTimes.Noise"/> is no more than this.</param>
/// <param name="Cold">Whether each row is measured with cold caches too.</param>
/// <param name="Limit">No row is begun after this.</param>
sealed record KernelMeasuring(double Noise, bool Cold, TimeSpan Limit);

/// <summary>Runs the rows of <c>ldnet bench kernels</c> on one device in one precision.</summary>
/// <param name="byIlgpu">The same device with ILGPU's kernels, to be measured beside; null for none.</param>
/// <param name="wanted">Whether to measure a row; the copy and the first matrix product are measured always, for floors
/// stand on them.</param>
sealed class KernelBenchmark<T>(DeviceBackend<T> backend, DeviceBackend<T>? byIlgpu, BenchSizes sizes,
    Func<string, bool> wanted, KernelMeasuring measuring)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // More than the caches of today's processors and GPUs.
    const long FlushedBytes = 128 << 20;

    /// <summary>Why cuBLAS has no rows on CUDA; null where it has, and elsewhere.</summary>
    public string? CublasProblem { get; private set; }

    public KernelReport Run(CommandContext context)
    {
        var begin = Stopwatch.GetTimestamp();
        using var exact = Cublas(tensorFloat32: false);
        using var tensorFloat32 = exact is null ? null : Cublas(tensorFloat32: true);
        var work = Work(exact, tensorFloat32).ToArray();
        var rows = new List<KernelRow>();
        var cut = new List<string>();
        using var system = new SystemRecord(backend.Device);
        using (var progress = context.StartProgress($"kernels on {backend.Device}", work.Length, "rows"))
            foreach (var one in work)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                if (Stopwatch.GetElapsedTime(begin) < measuring.Limit) rows.Add(Measure(one, system));
                else cut.Add(one.Name);
                progress.Advance(1, one.Name);
            }
        return new(backend.Device, typeof(T) == typeof(float) ? "float" : "double", context.Math, sizes, rows, cut)
        {
            Measuring = measuring, Machine = system.ToJson(), Gpu = system.Words(), CublasProblem = CublasProblem,
            NvmlProblem = system.NvmlProblem,
        };
    }

    IEnumerable<DeviceWork<T>> Work(CublasGemm? exact, CublasGemm? tensorFloat32)
    {
        DeviceWork<T>[] products = [.. ProductWork.Rows<T>(sizes)];
        DeviceWork<T>[] peers = exact is null ? [] : [.. ProductWork.Cublas<T>(sizes, exact, tensorFloat32!)];
        DeviceWork<T>[] copies = backend.Device is NvidiaDevice cuda
            ? [MemoryWork.Copy<T>(sizes), MemoryWork.DriverCopy<T>(sizes, cuda)]
            : [MemoryWork.Copy<T>(sizes)];
        DeviceWork<T>[] always = [.. copies, products[0], .. peers.Take(1)];
        DeviceWork<T>[] all =
            [.. copies, .. products, .. peers, .. SequenceWork.Rows<T>(sizes), .. MemoryWork.Rows<T>(sizes)];
        if (!Array.Exists(all, row => wanted(row.Name)))
            throw new UserException(
                $"--only: no row has that in its name; there are {string.Join("; ", all.Select(row => row.Name))}.");
        return always.Concat(all.Where(row => wanted(row.Name) && !always.Contains(row)));
    }

    // A kernel that does not compile or run is a row with its reason, and the others go on; a lost device ends all.
    KernelRow Measure(DeviceWork<T> work, SystemRecord system)
    {
        try
        {
            var row = Time(work) with { Gpu = system.Read() };
            return byIlgpu is null || work.IsPeers ? row : row with { ByIlgpu = Warm(byIlgpu, work) };
        }
        catch (UserException error) when (error is not DeviceLostException)
        {
            return new(work.Name, work.Bytes, work.Flops, null, Advice.After(error));
        }
        finally
        {
            backend.Device.TrimCache();
            byIlgpu?.Device.TrimCache();
        }
    }

    KernelRow Time(DeviceWork<T> work)
    {
        using var scope = new TensorScope();
        var call = work.Prepare(backend);
        var row = new KernelRow(work.Name, work.Bytes, work.Flops,
            DeviceTiming.Warm(backend.Device, call, measuring.Noise));
        if (!measuring.Cold) return row;
        var flushed = Tensor.Empty(backend, new(1, (int)(FlushedBytes / MemoryWork.Size<T>())));
        return row with
        {
            Cold = DeviceTiming.Cold(backend.Device, call, () => backend.Elementwise.Fill(flushed.View, T.One),
                measuring.Noise),
        };
    }

    MeasuredTimes Warm(DeviceBackend<T> other, DeviceWork<T> work)
    {
        using var scope = new TensorScope();
        return DeviceTiming.Warm(other.Device, work.Prepare(other), measuring.Noise);
    }

    CublasGemm? Cublas(bool tensorFloat32)
    {
        if (backend.Device is not NvidiaDevice cuda) return null;
        try
        {
            return new CublasGemm(cuda, tensorFloat32);
        }
        catch (UserException error)
        {
            CublasProblem = error.Message;
            return null;
        }
    }
}
