using System.Diagnostics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>Times a piece of work on a device.</summary>
static class DeviceTiming
{
    const int Most = 30, Least = 3;

    /// <summary>How long the measured calls of one row may take together.</summary>
    static readonly TimeSpan Budget = TimeSpan.FromSeconds(0.5);

    // Also enough for the JIT on the CPU.
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.1);

    /// <summary>
    /// Median and least microseconds of a call, by the device's own clock where it has one, after calls that compile
    /// and warm up.
    /// </summary>
    public static (double Median, double Least) Microseconds(ComputeDevice device, Action work)
    {
        // So slow that one call must do.
        if (device is ManagedDevice)
        {
            var once = Once(device, work);
            return (once, once);
        }
        var begin = Stopwatch.GetTimestamp();
        do Once(device, work); while (Stopwatch.GetElapsedTime(begin) < WarmUp);
        var first = Once(device, work);
        var samples = Enumerable.Range(0, Math.Clamp((int)(Budget.TotalMicroseconds / first), Least, Most))
            .Select(_ => Once(device, work)).Order().ToArray();
        return (samples[samples.Length / 2], samples[0]);
    }

    static double Once(ComputeDevice device, Action work)
    {
        if (device is GpuDevice gpu) return gpu.Time(work) * 1000;
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }
}
