using System.Diagnostics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>
/// Times a piece of work on a device, by the device's own clock where it has one, until the median is known well enough
/// or the row's time is used up.
/// </summary>
static class DeviceTiming
{
    const int Most = 200, Least = 5;

    /// <summary>How long the measured calls of one row may take together.</summary>
    static readonly TimeSpan Budget = TimeSpan.FromSeconds(0.5);

    // Also enough for the JIT on the CPU.
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.1);

    /// <summary>Calls with what the one before left in the caches, after calls that compile and warm up.</summary>
    /// <param name="noise">The median is known well enough at a <see cref="MeasuredTimes.Noise"/> of this.</param>
    public static MeasuredTimes Warm(ComputeDevice device, Action work, double noise)
    {
        // So slow that one call must do.
        if (device is ManagedDevice) return new([Once(device, work)]);
        var begin = Stopwatch.GetTimestamp();
        do Once(device, work); while (Stopwatch.GetElapsedTime(begin) < WarmUp);
        return Until(noise, () => Once(device, work));
    }

    /// <summary>Calls each of which finds other memory in the caches; after <see cref="Warm"/>.</summary>
    /// <param name="flush">Writes more memory than caches hold.</param>
    public static MeasuredTimes Cold(ComputeDevice device, Action work, Action flush, double noise) => Until(noise,
        () =>
        {
            flush();
            (device as GpuDevice)?.Synchronize();
            return Once(device, work);
        });

    // The budget is of whole calls, what is done before them included.
    static MeasuredTimes Until(double noise, Func<double> once)
    {
        var begin = Stopwatch.GetTimestamp();
        var times = new List<double>();
        while (times.Count < Least || times.Count < Most && Stopwatch.GetElapsedTime(begin) < Budget)
        {
            times.Add(once());
            if (times.Count >= MeasuredTimes.FewestToSettle && MeasuredTimes.Of(times).Noise <= noise) break;
        }
        return MeasuredTimes.Of(times);
    }

    static double Once(ComputeDevice device, Action work)
    {
        if (device is GpuDevice gpu) return gpu.Time(work) * 1000;
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }
}
