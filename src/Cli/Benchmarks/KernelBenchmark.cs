using System.Diagnostics;
using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Kernels;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>What was measured of one row.</summary>
/// <param name="Median">Microseconds; NaN where there is a problem.</param>
/// <param name="Problem">Why it could not be measured; null where it was.</param>
sealed record KernelRow(string Name, double Bytes, double Flops, double Median, double Least, string? Problem = null)
{
    /// <summary>Microseconds of the same work by ILGPU's kernels; NaN where it was not measured.</summary>
    public double ByIlgpu { get; init; } = double.NaN;
}

/// <summary>Runs the rows of <c>ldnet bench kernels</c> on one device in one precision.</summary>
/// <param name="byIlgpu">The same device with ILGPU's kernels, to be measured beside; null for none.</param>
/// <param name="wanted">Whether to measure a row; the copy and the first matrix product are measured always, for floors
/// stand on them.</param>
/// <param name="limit">No row is begun after this.</param>
sealed class KernelBenchmark<T>(DeviceBackend<T> backend, DeviceBackend<T>? byIlgpu, BenchSizes sizes,
    Func<string, bool> wanted, TimeSpan limit)
    where T : unmanaged, IFloatingPointIeee754<T>
{
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
        using (var progress = context.StartProgress($"kernels on {backend.Device}", work.Length, "rows"))
            foreach (var one in work)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                if (Stopwatch.GetElapsedTime(begin) < limit) rows.Add(Measure(one));
                else cut.Add(one.Name);
                progress.Advance(1, one.Name);
            }
        return new(backend.Device, typeof(T) == typeof(float) ? "float" : "double", context.Math, sizes, rows, cut,
            CublasProblem);
    }

    IEnumerable<DeviceWork<T>> Work(CublasGemm? exact, CublasGemm? tensorFloat32)
    {
        DeviceWork<T>[] products = [.. ProductWork.Rows<T>(sizes)];
        DeviceWork<T>[] peers = exact is null ? [] : [.. ProductWork.Cublas<T>(sizes, exact, tensorFloat32!)];
        DeviceWork<T>[] copies = backend.Device is NvidiaDevice cuda
            ? [MemoryWork.Copy<T>(sizes), MemoryWork.DriverCopy<T>(sizes, cuda)]
            : [MemoryWork.Copy<T>(sizes)];
        DeviceWork<T>[] always = [.. copies, products[0], .. peers.Take(1)];
        return always.Concat(
            ((DeviceWork<T>[])[.. products, .. peers, .. SequenceWork.Rows<T>(sizes), .. MemoryWork.Rows<T>(sizes)])
            .Where(row => wanted(row.Name) && !always.Contains(row)));
    }

    // A kernel that does not compile or run is a row with its reason, and the others go on; a lost device ends all.
    KernelRow Measure(DeviceWork<T> work)
    {
        try
        {
            var (median, least) = Time(backend, work);
            var row = new KernelRow(work.Name, work.Bytes, work.Flops, median, least);
            return byIlgpu is null || work.IsPeers ? row : row with { ByIlgpu = Time(byIlgpu, work).Median };
        }
        catch (UserException error) when (error is not DeviceLostException)
        {
            return new(work.Name, work.Bytes, work.Flops, double.NaN, double.NaN, Advice.After(error));
        }
        finally
        {
            backend.Device.TrimCache();
            byIlgpu?.Device.TrimCache();
        }
    }

    static (double Median, double Least) Time(DeviceBackend<T> backend, DeviceWork<T> work)
    {
        using var scope = new TensorScope();
        return DeviceTiming.Microseconds(backend.Device, work.Prepare(backend));
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
