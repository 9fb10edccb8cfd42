using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Roofline;

/// <summary>How much a device moves and computes in a second.</summary>
/// <param name="BytesPerSecond">Read and written.</param>
/// <param name="FlopsPerSecond">In float, outside of tensor cores; a multiply-add is two.</param>
/// <param name="Source">Where the rates are from, in words.</param>
public sealed record DeviceRates(double BytesPerSecond, double FlopsPerSecond, string Source)
{
    const int Samples = 7, LanesPerMultiProcessor = 4096;
    const double SampleMilliseconds = 1;

    /// <summary>Where the rates are from, in words.</summary>
    public string Source
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Source));
    } = Source ?? throw new ArgumentNullException(nameof(Source));

    /// <summary>
    /// As the maker has published them, where the device is of <see cref="PublishedGpu.All"/>; else as measured: a copy
    /// of as many bytes, and chains of multiply-adds in registers, the fastest of seven. What is measured is no bound
    /// in the strict sense: another kernel may be faster.
    /// </summary>
    /// <param name="device">Whose rates; the managed device, which knows no time, is refused.</param>
    /// <param name="bytes">Of the work that is to be judged: caches serve few bytes faster than many.</param>
    /// <exception cref="ArgumentException">It is the managed device.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No bytes, or no number.</exception>
    public static DeviceRates Of(GpuDevice device, double bytes)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (!(bytes > 0 && double.IsFinite(bytes)))
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes, "Bytes above 0 are needed.");
        if (PublishedGpu.Find(device.Description) is { } gpu)
            return new(gpu.BytesPerSecond, gpu.FlopsPerSecond, $"as published of {gpu.Name}");
        if (device is ManagedDevice) throw new ArgumentException("The managed device knows no time.", nameof(device));
        return new(MeasuredBytes(device, bytes), MeasuredFlops(device), "as measured: a copy, and multiply-adds");
    }

    /// <summary>Seconds below which the work cannot come at these rates.</summary>
    /// <param name="bytes">That it moves at least.</param>
    /// <param name="flops">That it computes.</param>
    public double BoundSeconds(double bytes, double flops) =>
        Math.Max(bytes / BytesPerSecond, flops / FlopsPerSecond);

    static double MeasuredBytes(GpuDevice device, double bytes)
    {
        var count = (int)Math.Clamp(bytes / (2 * sizeof(float)), 1, 1 << 28);
        using var from = device.Allocate<float>(count);
        using var to = device.Allocate<float>(count);
        var (input, output) = (new Matrix<float>(from.View, count), new Matrix<float>(to.View, count));
        ElementwiseKernels.LaunchFill(device, count, input, count, 1f);
        return 2.0 * count * sizeof(float)
            / Fastest(device, () => ElementwiseKernels.LaunchCopy(device, count, input, output, count));
    }

    static double MeasuredFlops(GpuDevice device)
    {
        var lanes = LanesPerMultiProcessor * device.Capabilities.MultiProcessors;
        using var numbers = device.Allocate<float>(lanes);
        ElementwiseKernels.LaunchFill(device, lanes, new Matrix<float>(numbers.View, lanes), lanes, 1f);
        return (double)RateKernels.FlopsPerLane * lanes
            / Fastest(device, () => RateKernels.LaunchMultiplyAdds(device, lanes, 0.5f, numbers.View));
    }

    // Seconds of a call; the first ones compile, and find how many fill a sample's time.
    static double Fastest(GpuDevice device, Action launch)
    {
        launch();
        device.Synchronize();
        var calls = 1;
        while (Milliseconds(calls) < SampleMilliseconds && calls < 1 << 16) calls *= 2;
        return Enumerable.Range(0, Samples).Min(_ => Milliseconds(calls)) / calls / 1000;

        double Milliseconds(int times) => device.Time(() =>
        {
            for (var i = 0; i < times; i++) launch();
        });
    }
}
