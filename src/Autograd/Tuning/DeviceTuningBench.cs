using System.Diagnostics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.Tuning;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>Checks candidates on the managed device and on the device, and times them there, in float.</summary>
sealed class DeviceTuningBench : ITuningBench, IDisposable
{
    // A sample takes this long at least, so that clocks and launches are not what is seen.
    const double SampleMilliseconds = 2;
    const int MostCalls = 1 << 16;

    readonly KernelInstance kernel;
    readonly TuningWork work;
    readonly GpuDevice device;
    readonly bool readRecords;
    readonly TensorScope scope = new();
    readonly ComparisonInputs<float> inputs;
    readonly Func<IReadOnlyList<MatrixView<float>>> timed;
    readonly Dictionary<string, int> calls = [];
    readonly CandidateChecks checks;
    readonly int[] specialized;

    /// <exception cref="UserException">
    /// The kernel is not tunable, the work does not launch it, or in more than one way; the device takes no records.
    /// </exception>
    public DeviceTuningBench(KernelInstance kernel, TuningWork work, GpuDevice device, ulong seed)
    {
        (this.kernel, this.work, this.device) = (kernel, work, device);
        checks = new(kernel, work, seed);
        var tunable = Tunable.Parameters(kernel);
        if (tunable.Count == 0)
            throw new UserException($"{kernel.Name} has no tunable parameter: mark one [Tunable].");
        Parameters = [.. tunable.Select(parameter => new TunedParameter(parameter.Name, parameter.Candidates))];
        Candidates = [.. Tunable.Candidates(kernel)];
        (readRecords, device.Tuning.ReadsRecords) = (device.Tuning.ReadsRecords, false);
        inputs = new(Backend(), seed);
        try
        {
            timed = work.Timed.Prepare(Backend(), inputs);
            (var sizes, specialized) = OnlyLaunch();
            Standard = Tunable.Of(kernel, specialized);
            Key = device.TuningKeyOf(kernel, specialized, sizes)
                ?? throw new UserException($"{device.Name} takes no records of tuned kernels: it has no compiler of "
                    + "texts, or the kernel no text for it. Tune on an OpenCL or CUDA device.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public TuningKey Key { get; }

    public IReadOnlyList<TunedParameter> Parameters { get; }

    public IReadOnlyList<int[]> Candidates { get; }

    public int[] Standard { get; }

    public string Work => work.Timed.Name;

    public TuningResult Check(int[] values)
    {
        var compilation = 0.0;
        var start = Stopwatch.GetTimestamp();
        var outcome = TuningOutcome.Correct;
        string? problem = null;
        try
        {
            checks.OnManaged(values);
            var compiling = Stopwatch.GetTimestamp();
            (device as DriverDevice)?.Prepare(kernel, [.. With(values).Select(KernelArgument.Specialized)]);
            compilation = Stopwatch.GetElapsedTime(compiling).TotalMilliseconds;
            CheckOnDevice(values);
        }
        catch (UserException error) when (error is not (DeviceLostException or OutOfDeviceMemoryException))
        {
            problem = error.Message;
            outcome = error switch
            {
                KernelFaultException or ResultsDifferException => TuningOutcome.Correctness,
                KernelCompilationException => TuningOutcome.Compile,
                _ => TuningOutcome.Runtime,
            };
        }
        return new(values, outcome)
        {
            Problem = problem, CompilationTime = compilation,
            ValidationTime = Math.Max(0, Stopwatch.GetElapsedTime(start).TotalMilliseconds - compilation),
        };
    }

    public double Time(int[] values)
    {
        using var forced = device.Tuning.Force(kernel, values);
        var name = string.Join(' ', values);
        if (!calls.TryGetValue(name, out var times))
        {
            for (times = 1; Milliseconds(times) < SampleMilliseconds && times < MostCalls;) times *= 2;
            calls[name] = times;
        }
        return Milliseconds(times) / times;
    }

    public void Dispose()
    {
        device.Tuning.ReadsRecords = readRecords;
        inputs.Dispose();
        scope.Dispose();
    }

    double Milliseconds(int times) => device.Time(() =>
    {
        for (var i = 0; i < times; i++) Run();
    });

    void Run()
    {
        using var calling = new TensorScope();
        timed();
    }

    // All specialised values, the tunable ones replaced.
    int[] With(int[] values)
    {
        var all = (int[])specialized.Clone();
        using var forced = device.Tuning.Force(kernel, values);
        device.Tuning.Apply(kernel, "", all);
        return all;
    }

    (string Sizes, int[] Specialized) OnlyLaunch()
    {
        var launches = new List<(string Sizes, int[] Specialized)>();
        using (device.Tuning.Watch((launched, sizes, values) =>
        {
            if (launched == kernel && !launches.Exists(one =>
                one.Sizes == sizes && one.Specialized.SequenceEqual(values))) launches.Add((sizes, values));
        })) Run();
        device.Synchronize();
        return launches switch
        {
            [var only] => only,
            [] => throw new UserException($"'{Work}' does not launch {kernel.Name} on {device.Name}: it cannot be "
                + "tuned there."),
            _ => throw new UserException($"'{Work}' launches {kernel.Name} in {launches.Count} ways, with other "
                + "specialised values or of other sizes: tune it in a work that launches it in one."),
        };
    }

    void CheckOnDevice(int[] values)
    {
        using var forced = device.Tuning.Force(kernel, values);
        using var calling = new TensorScope();
        checks.RequireNear(timed(), $"on {device.Name}");
    }

    GpuBackend<float> Backend() => new(device, work.Timed.Kernels);
}
