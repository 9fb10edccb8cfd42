using System.Diagnostics;
using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>
/// Holds two implementations of one result against each other: results, what each moves and computes, and times.
/// </summary>
public sealed class Comparison
{
    // More than the caches of today's processors and GPUs; elements of 4 bytes.
    const int FlushedElements = 32 << 20;

    // A sample of warm calls takes this long at least, so that clocks and launches are not what is seen.
    static readonly TimeSpan SampleTime = TimeSpan.FromMilliseconds(1);

    readonly ComparisonOptions options;

    /// <summary>Compares nothing yet.</summary>
    /// <param name="first">What the other is held against.</param>
    /// <param name="second">Whose speed is judged.</param>
    /// <param name="options">How; the defaults where null.</param>
    public Comparison(IImplementation first, IImplementation second, ComparisonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        (First, Second, this.options) = (first, second, options ?? new());
    }

    /// <summary>What the other is held against.</summary>
    public IImplementation First { get; }

    /// <summary>Whose speed is judged.</summary>
    public IImplementation Second { get; }

    /// <summary>
    /// Runs both in float on the managed device, every access checked, and the first in double on the processor; both
    /// must be as near to that as <see cref="ComparisonOptions.Tolerance"/> says. A first that launches kernels of its
    /// own runs in double on the managed device instead.
    /// </summary>
    /// <exception cref="ResultsDifferException">One is not: of other shape or value.</exception>
    /// <exception cref="KernelFaultException">A kernel does what it must not.</exception>
    public ComparedResults Check()
    {
        using var managed = new ManagedDevice();
        using var cpu = new CpuDevice(1);
        var (expected, place) = InDouble(cpu, managed);
        var first = Results(new GpuBackend<float>(managed, First.Kernels), First);
        var second = Results(new GpuBackend<float>(managed, Second.Kernels), Second);
        RequireSameShapes(First.Name, first, Second.Name, second);
        RequireSameShapes(First.Name, first, $"{First.Name} in double", expected);
        RequireNear(First, first, expected, place);
        RequireNear(Second, second, expected, place);
        float[] correct = [.. expected.SelectMany(result => result.Values).Select(value => (float)value)];
        float[] ofFirst = [.. first.SelectMany(result => result.Values)],
            ofSecond = [.. second.SelectMany(result => result.Values)];
        return new(UlpHistogram.Of(ofFirst.Zip(ofSecond)), UlpHistogram.Of(ofFirst.Zip(correct)),
            UlpHistogram.Of(ofSecond.Zip(correct)));
    }

    /// <summary>Counts what one call of an implementation does, on the managed device.</summary>
    /// <param name="implementation">One of the two.</param>
    public ImplementationCounts Count(IImplementation implementation)
    {
        ArgumentNullException.ThrowIfNull(implementation);
        var (kernels, launches, necessary) = Profile<float>(implementation);
        var (_, counted, _) = Profile<Counted<float>>(implementation);
        var totals = kernels.Select(kernel => kernel.Total).ToList();
        return new(launches, totals.Sum(total => (total.GlobalLoads + total.GlobalAtomics).Bytes),
            totals.Sum(total => (total.GlobalStores + total.GlobalAtomics).Bytes), necessary, counted);
    }

    /// <summary>
    /// Times both in float in turns: <see cref="ComparisonOptions.Samples"/> of each with what the call before left in
    /// the caches, and as many after 128 MiB of other memory were written.
    /// </summary>
    /// <param name="device">Where; the managed device, which knows no time, is refused.</param>
    /// <exception cref="ArgumentException">It is the managed device, or one without operations.</exception>
    /// <exception cref="UnsupportedOnDeviceException">One launches kernels that it does not run.</exception>
    public (SpeedComparison Warm, SpeedComparison Cold) Time(ComputeDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device is ManagedDevice) throw new ArgumentException("The managed device knows no time.", nameof(device));
        using var scope = new TensorScope();
        var (backend, otherBackend) = (Backend<float>(device, First), Backend<float>(device, Second));
        using var inputs = new ComparisonInputs<float>(backend, options.Seed);
        using var otherInputs = new ComparisonInputs<float>(otherBackend, options.Seed);
        var first = Scoped(First.Prepare(backend, inputs));
        var second = Scoped(Second.Prepare(otherBackend, otherInputs));
        var flushed = Tensor.Empty(backend, new Shape(1, FlushedElements));
        var warm = InTurns(Warm(device, first), Warm(device, second));
        void Flush() => backend.Elementwise.Fill(flushed.View, 1);
        var cold = InTurns(Cold(device, first, Flush), Cold(device, second, Flush));
        return (warm, cold);
    }

    SpeedComparison InTurns(Func<double> first, Func<double> second)
    {
        var (times, others) = (new List<double>(), new List<double>());
        // The first, the second, the second, the first: a machine that slows down slows both.
        for (var i = 0; i < options.Samples; i++)
        {
            if (i % 2 == 0) times.Add(first());
            others.Add(second());
            if (i % 2 == 1) times.Add(first());
        }
        return new(times, others, options.Margin);
    }

    // As many calls together as fill a sample's time; the first ones compile.
    static Func<double> Warm(ComputeDevice device, Action call)
    {
        var calls = 1;
        while (Seconds(device, () => Repeat(call, calls)) < SampleTime.TotalSeconds && calls < 1 << 20) calls *= 2;
        return () => Seconds(device, () => Repeat(call, calls)) / calls;
    }

    static Func<double> Cold(ComputeDevice device, Action call, Action flush) => () =>
    {
        flush();
        (device as GpuDevice)?.Synchronize();
        return Seconds(device, call);
    };

    static void Repeat(Action call, int times)
    {
        for (var i = 0; i < times; i++) call();
    }

    static double Seconds(ComputeDevice device, Action call)
    {
        if (device is GpuDevice gpu) return gpu.Time(call) / 1000;
        var start = Stopwatch.GetTimestamp();
        call();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    static Action Scoped(Func<IReadOnlyList<MatrixView<float>>> work) => () =>
    {
        using var scope = new TensorScope();
        work();
    };

    List<(Shape Shape, T[] Values)> Results<T>(DeviceBackend<T> backend, IImplementation implementation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = new TensorScope();
        using var inputs = new ComparisonInputs<T>(backend, options.Seed);
        return
        [
            .. implementation.Prepare(backend, inputs)()
                .Select(result => (new Shape(result.Rows, result.Columns), Tensor<T>.Read(result))),
        ];
    }

    // What is right, and where it was computed.
    (List<(Shape Shape, double[] Values)> Results, string Place) InDouble(CpuDevice cpu, ManagedDevice managed)
    {
        try
        {
            return (Results(new CpuBackend<double>(cpu), First), "the processor");
        }
        catch (UnsupportedOnDeviceException)
        {
            return (Results(new GpuBackend<double>(managed, First.Kernels), First), "the managed device");
        }
    }

    (IReadOnlyList<ProfiledKernel> Kernels, IReadOnlyList<ProfiledLaunch> Launches, long Necessary) Profile<T>(
        IImplementation implementation)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var device = new ManagedDevice(check: false);
        using var scope = new TensorScope();
        var backend = new GpuBackend<T>(device, implementation.Kernels);
        using var inputs = new ComparisonInputs<T>(backend, options.Seed);
        var work = implementation.Prepare(backend, inputs);
        using var profile = device.BeginProfile();
        var results = work();
        return (profile.Kernels, profile.Launches,
            inputs.Bytes + results.Sum(result => result.Count * sizeof(float)));
    }

    static DeviceBackend<T> Backend<T>(ComputeDevice device, IImplementation implementation)
        where T : unmanaged, IFloatingPointIeee754<T> => device switch
    {
        CpuDevice cpu => new CpuBackend<T>(cpu),
        GpuDevice gpu => new GpuBackend<T>(gpu, implementation.Kernels),
        _ => throw new ArgumentException($"{device} has no operations.", nameof(device)),
    };

    static void RequireSameShapes<T>(string name, List<(Shape Shape, float[] Values)> results, string otherName,
        List<(Shape Shape, T[] Values)> others)
    {
        if (results.Count != others.Count)
            throw new ResultsDifferException(
                $"{name} has {results.Count} results and {otherName} {others.Count}: they are no two ways to one.",
                Math.Min(results.Count, others.Count), null, double.NaN);
        for (var i = 0; i < results.Count; i++)
            if (results[i].Shape != others[i].Shape)
                throw new ResultsDifferException(
                    $"Result {i} is {results[i].Shape} of {name} and {others[i].Shape} of {otherName}: "
                    + "they are no two ways to one.", i, null, double.NaN);
    }

    void RequireNear(IImplementation implementation, List<(Shape Shape, float[] Values)> results,
        List<(Shape Shape, double[] Values)> expected, string place)
    {
        for (var i = 0; i < results.Count; i++)
        {
            var allowed = options.Tolerance * expected[i].Values.Select(Math.Abs).Where(double.IsFinite)
                .DefaultIfEmpty(0).Max();
            for (var e = 0; e < results[i].Values.Length; e++)
            {
                var (value, right) = (results[i].Values[e], expected[i].Values[e]);
                if (value == right || Math.Abs(value - right) <= allowed) continue;
                throw new ResultsDifferException(
                    FormattableString.Invariant($"Result {i} {results[i].Shape}, element {e}: {value} of ")
                    + $"{implementation.Name}, and "
                    + FormattableString.Invariant($"{right} of {First.Name} in double on {place}: ")
                    + FormattableString.Invariant($"{Math.Abs(value - right):g3} apart, and {allowed:g3} is allowed. ")
                    + "They are no two ways to one result, and nothing was timed.",
                    i, e, Math.Abs(value - right));
            }
        }
    }
}

/// <summary>How near two implementations' floats are to each other, and to those of double precision.</summary>
/// <param name="Between">The one's elements from the other's.</param>
/// <param name="First">The first's from double precision, rounded.</param>
/// <param name="Second">The second's from double precision, rounded.</param>
public sealed record ComparedResults(UlpHistogram Between, UlpHistogram First, UlpHistogram Second);
