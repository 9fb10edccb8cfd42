using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.OpenCl;
using LdNetGpu.Devices.Tuning;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>Candidates are checked before they are timed, and later launches take what was chosen.</summary>
public sealed class KernelTunerTests : IDisposable
{
    static readonly KernelInstance Kernel = TunableKernels.TwiceInstance<float>();
    static readonly TuningWork Work = new(new TwiceToTune(1000), new TwiceToTune(70));

    readonly string folder = Directory.CreateTempSubdirectory("ldnet-tuner-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void CandidatesAreThoseThatFitTogether() => Assert.Equal([1, 2, 4, 6, 8, 16],
        Tunable.Candidates(Kernel).Select(values => Assert.Single(values)));

    [Theory, InlineData(1), InlineData(2), InlineData(6)]
    public void WhatIsRightPasses(int width) => new CandidateChecks(Kernel, Work, 1).OnManaged([width]);

    [Theory]
    [InlineData(TunableKernels.Outside, KernelFault.OutOfBounds), InlineData(TunableKernels.Racing, KernelFault.Race)]
    public void ACandidateThatTheCheckerFindsAtFaultIsRefused(int width, KernelFault fault)
    {
        var error = Assert.Throws<KernelFaultException>(() => new CandidateChecks(Kernel, Work, 1).OnManaged([width]));
        Assert.Equal(fault, error.Fault);
        Assert.Contains("TunableKernels.cs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACandidateWithWrongResultsIsRefused() => Assert.Contains("in double on the processor",
        Assert.Throws<ResultsDifferException>(() =>
            new CandidateChecks(Kernel, Work, 1).OnManaged([TunableKernels.Wrong])).Message, StringComparison.Ordinal);

    [Fact]
    public void ATolerancePermitsADifference() => new CandidateChecks(Kernel,
        new(Work.Timed, Work.Small) { Roundings = 1e8 }, 1).OnManaged([TunableKernels.Wrong]);

    [Fact]
    public void TheManagedDeviceIsRefused()
    {
        using var managed = new ManagedDevice();
        Assert.Throws<ArgumentException>(() => new KernelTuner(Kernel, Work).Run(managed));
        Assert.Contains("takes no records of tuned kernels", Assert.Throws<UserException>(() =>
            managed.Tuning.Use(Kernel, Recorded())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnADeviceFaultyCandidatesAreKeptWithTheirReasonsAndLaunchesTakeTheChosenOne()
    {
        if (OpenClForTests.WhyNot is { } problem) Assert.Skip(problem);
        using var device = new OpenClDevice(null, new CompiledKernelCache(folder));
        var record = new KernelTuner(Kernel, Work, new() { Samples = 8 }).Run(device);
        Assert.Equal([1, 2, 4, 6, 8, 16], record.Results.Select(result => result.Values[0]).Order());
        Assert.Equal([1], record.Standard);
        Assert.All(record.Results, result => Assert.Equal(result.Values[0] is 1 or 2 or 6
            ? TuningOutcome.Correct : TuningOutcome.Correctness, result.Outcome));
        Assert.Contains("TunableKernels.cs", record.Results.Single(result =>
            result.Values[0] == TunableKernels.Racing).Problem!, StringComparison.Ordinal);
        Assert.Contains(record.Chosen![0], (int[])[1, 2, 6]);
        Assert.Contains("-DSPEC_unused=5", record.Key.Flags, StringComparison.Ordinal);
        Assert.DoesNotContain("SPEC_width", record.Key.Flags, StringComparison.Ordinal);

        // As if times had said so.
        var six = record with { Chosen = [6] };
        Assert.Equal(1, TunableKernels.TunedTwice<float>(device, "all", 5, 1));
        device.Tuning.Use(Kernel, six);
        Assert.Equal(6, TunableKernels.TunedTwice<float>(device, "all", 5, 1));
        // Of other sizes, or with another value that is not tuned, the record says nothing.
        Assert.Equal(1, TunableKernels.TunedTwice<float>(device, "others", 5, 1));
        Assert.Equal(1, TunableKernels.TunedTwice<float>(device, "all", 4, 1));
        Assert.Equal(1, TunableKernels.TunedTwice<double>(device, "all", 5, 1));

        // From the folder, as another process finds it.
        TuningFolder.Write(six, new TuningFolder(device.Cache).PathOf(six.Key));
        using var next = new OpenClDevice(null, new CompiledKernelCache(folder));
        Assert.Equal(6, TunableKernels.TunedTwice<float>(next, "all", 5, 1));
        using var off = new OpenClDevice(null, new CompiledKernelCache(folder));
        off.Tuning.ReadsRecords = false;
        Assert.Equal(1, TunableKernels.TunedTwice<float>(off, "all", 5, 1));
        off.Tuning.ReadsRecords = true;
        Assert.Equal(6, TunableKernels.TunedTwice<float>(off, "all", 5, 1));
    }

    /// <summary>Blocks of other sizes sum in another order: other bits, as near to double precision.</summary>
    [Fact]
    public void OperationsOfTheLibraryTakeARecordsValues()
    {
        if (OpenClForTests.WhyNot is { } problem) Assert.Skip(problem);
        var kernel = LdNetGpu.Kernels.KernelCatalog.All.Single(one =>
            one.Name == "ReductionKernels.SumRowBlocks<float>");
        const int rows = 3000, columns = 7;
        using var cpu = new CpuDevice(1);
        var right = Sums(new CpuBackend<double>(cpu));
        using var device = new OpenClDevice(null, new CompiledKernelCache(folder));
        var standard = Sums(new GpuBackend<float>(device));
        var key = device.TuningKeyOf(kernel, [64], "few columns")!;
        var record = new TuningRecord(key, [new("rowBlock", [8, 64])], [64])
        {
            Chosen = [8], End = TuningEnd.Decided, Results = [new([8], TuningOutcome.Correct)],
        };
        TuningFolder.Write(record, new TuningFolder(device.Cache).PathOf(key));
        // What this device has launched before, it goes on with.
        Assert.Equal(standard, Sums(new GpuBackend<float>(device)));
        using var next = new OpenClDevice(null, new CompiledKernelCache(folder));
        var tuned = Sums(new GpuBackend<float>(next));
        Assert.NotEqual(standard, tuned);
        Assert.Equal(tuned, Sums(new GpuBackend<float>(next)));
        Tolerance.AssertClose<float>(right, standard, k: 8 + rows);
        Tolerance.AssertClose<float>(right, tuned, k: 8 + rows);

        static T[] Sums<T>(DeviceBackend<T> backend) where T : unmanaged, IFloatingPointIeee754<T>
        {
            using var scope = new TensorScope();
            using var inputs = new ComparisonInputs<T>(backend, 1);
            var (x, sums) = (inputs.Numbers("x", rows, columns), inputs.Zeros("sums", 1, columns));
            backend.Reduction.SumRows(x.View, sums.View);
            return sums.ToArray();
        }
    }

    [Fact]
    public void ARecordOfAnotherKernelOrDeviceIsNotUsed()
    {
        if (OpenClForTests.WhyNot is { } problem) Assert.Skip(problem);
        using var device = new OpenClDevice(null, new CompiledKernelCache(folder));
        var record = Recorded();
        var key = device.TuningKeyOf(Kernel, [5, 1], "all")!;
        string Refused(TuningKey other, int[]? chosen = null) => Assert.Throws<UserException>(() =>
            device.Tuning.Use(Kernel, record with { Key = other, Chosen = chosen })).Message;
        Assert.Contains("another text", Refused(key with { Text = "0" }, [6]), StringComparison.Ordinal);
        Assert.Contains("device 'other'", Refused(key with { Device = "other" }, [6]), StringComparison.Ordinal);
        Assert.Contains("no values chosen", Refused(key), StringComparison.Ordinal);

        device.Tuning.Use(Kernel, record with { Key = key, Chosen = [5] });
        Assert.Contains("width=5, which the kernel does not list", Assert.Throws<UserException>(() =>
            TunableKernels.TunedTwice<float>(device, "all", 5, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ABrokenRecordInTheFolderIsNamed()
    {
        if (OpenClForTests.WhyNot is { } problem) Assert.Skip(problem);
        using var device = new OpenClDevice(null, new CompiledKernelCache(folder));
        var path = new TuningFolder(device.Cache).PathOf(device.TuningKeyOf(Kernel, [5, 1], "all")!);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "{");
        Assert.StartsWith($"{path}: no JSON", Assert.Throws<UserException>(() =>
            TunableKernels.TunedTwice<float>(device, "all", 5, 1)).Message, StringComparison.Ordinal);
    }

    static TuningRecord Recorded() => new(new(Kernel.Name, "", "", "", "", "all"), [new("width", [1, 2, 6])], [1])
    {
        Chosen = [2],
    };
}
