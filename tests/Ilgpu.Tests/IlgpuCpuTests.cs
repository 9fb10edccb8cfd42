using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>
/// A few operations on ILGPU's CPU accelerator, which runs each lane on a thread: the same numbers as on the managed
/// device.
/// </summary>
public sealed class IlgpuCpuTests : IDisposable
{
    readonly GpuDevice device = GpuDevice.Open("ilgpu-cpu"), managed = new ManagedDevice();

    public void Dispose() => device.Dispose();

    [Fact]
    public void ProductIsTheSame() => Same(backend =>
    {
        var (a, b, c) = (Matrix(backend, 7, 19), Matrix(backend, 19, 5), Matrix(backend, 7, 5));
        backend.Gemm.Multiply(GemmKind.NN, a, b, c, activation: Activation.Relu);
        return c;
    });

    [Fact]
    public void CrossEntropyIsTheSame() => Same(backend =>
    {
        var (logits, partition, losses) = (Matrix(backend, 3, 70), Matrix(backend, 3, 1), Matrix(backend, 3, 1));
        backend.CrossEntropy.Forward(logits, Views.Indices(backend.Device, [69, 0, 5]), partition, losses);
        return losses;
    });

    [Fact]
    public void RowsAreGatheredAndAdded() => Same(backend =>
    {
        var (table, rows) = (Matrix(backend, 6, 3), Matrix(backend, 4, 3));
        var indices = Views.Indices(backend.Device, [5, -1, 0, 5]);
        backend.Rows.Gather(table, indices, rows);
        backend.Rows.ScatterAdd(rows, indices, table);
        return table;
    });

    [Fact]
    public void RecordedWorkIsReplayed() => Same(backend =>
    {
        var sum = Matrix(backend, 2, 3);
        using var recorded = backend.Device.Record(() =>
        {
            using var one = backend.Device.Allocate<float>(6);
            var ones = new MatrixView<float>(one, 0, 2, 3, 3);
            backend.Elementwise.Fill(ones, 1);
            backend.Elementwise.Add(sum, ones, sum);
        });
        recorded.Replay();
        recorded.Replay();
        return sum;
    });

    [Fact]
    public void NarrowParametersArrive()
    {
        using var values = device.Allocate<long>(2);
        RemapKernels.LaunchNarrow(device, 2, values, -100, 200, -30_000, 60_000, (Size.Large, -5));
        var expected = ((((long)-100 * 1000 + 200) * 100_000 - 30_000) * 100_000 + 60_000) * 1000 + 250 - 5;
        Assert.Equal([expected, expected], Read(values));
    }

    [Fact]
    public void EveryTypeIsClamped()
    {
        Clamped<sbyte>();
        Clamped<byte>();
        Clamped<short>();
        Clamped<ushort>();
        Clamped<int>();
        Clamped<uint>();
        Clamped<long>();
        Clamped<ulong>();
        Clamped<float>();
        Clamped<double>();
    }

    [Fact]
    public void EveryFunctionRuns()
    {
        Functions<float>();
        Functions<double>();
    }

    [Fact]
    public void ConversionsRun()
    {
        double[] values = [0, -1.9, 300, 3e9, 1e300, double.NaN];
        using var from = device.Allocate<double>(values.Length);
        using var truncated = device.Allocate<long>(8 * values.Length);
        using var saturated = device.Allocate<long>(8 * values.Length);
        using var floats = device.Allocate<double>(2 * values.Length);
        from.CopyFrom(values);
        ConversionKernels.LaunchConvert<double>(device, values.Length, from, truncated, saturated, floats);
        Assert.Equal(values.Select(x => (long)uint.CreateSaturating(x)),
            Read(saturated)[(5 * values.Length)..(6 * values.Length)]);
        Assert.Equal(values.Select(x => (double)float.CreateTruncating(x)), Read(floats)[..values.Length]);
    }

    /// <summary>The kernel is named, what is loaded and allocated stays, and others compile after it.</summary>
    [Fact]
    public void KernelThatDoesNotCompileLeavesTheDeviceWhole()
    {
        using var values = device.Allocate<float>(3);
        values.CopyFrom([-2, 0.5f, 2]);
        RemapKernels.LaunchClamped(device, 3, values);
        for (var turn = 0; turn < 2; turn++)
        {
            var error = Assert.ThrowsAny<UserException>(() => RemapKernels.LaunchOfKnownType<float>(device, 3, values));
            Assert.Contains("RemapKernels.OfKnownType<float> (RemapKernels.cs:", error.Message);
            Assert.Contains("System.Type", error.Message);
        }
        RemapKernels.LaunchLarger(device, 3, values);
        RemapKernels.LaunchClamped(device, 3, values);
        Assert.Equal([0, 0.5f, 1], Read(values));
    }

    /// <summary>In a context of the program's own ILGPU stays as it is, and takes no Clamp.</summary>
    [Fact]
    public void KernelThatDoesNotCompileLeavesTheProgramsContextWhole()
    {
        using var context = ILGPU.Context.Create(builder =>
            ILGPU.Runtime.CPU.CPUContextExtensions.CPU(builder, ILGPU.Runtime.CPU.CPUDevice.Nvidia));
        using var accelerator = ILGPU.Runtime.CPU.CPUContextExtensions.CreateCPUAccelerator(context, 0);
        using var over = GpuDevice.From(accelerator);
        using var ints = over.Allocate<int>(1);
        using var longs = over.Allocate<long>(1);
        var error = Assert.ThrowsAny<UserException>(() => RemapKernels.LaunchClampInt(over, 1, ints));
        Assert.Contains("RemapKernels.ClampInt (RemapKernels.cs:", error.Message);
        Assert.Contains("does not compile with ILGPU", error.Message);
        Assert.NotNull(error.InnerException);
        RemapKernels.LaunchNarrow(over, 1, longs, 0, 0, 0, 7, (Size.Small, 0));
        Assert.Equal([7003], Read(longs));
    }

    [Fact]
    public void NoAcceleratorIsRefused() =>
        Assert.Equal("accelerator", Assert.Throws<ArgumentNullException>(() => GpuDevice.From(null!)).ParamName);

    [Fact]
    public void AcceleratorThatIsGoneAlreadyIsRefused()
    {
        using var context = ILGPU.Context.Create(builder => ILGPU.Runtime.CPU.CPUContextExtensions.DefaultCPU(builder));
        var accelerator = ILGPU.Runtime.CPU.CPUContextExtensions.CreateCPUAccelerator(context, 0);
        accelerator.Dispose();
        Assert.Contains("was disposed of",
            Assert.Throws<ObjectDisposedException>(() => GpuDevice.From(accelerator)).Message);
    }

    [Fact]
    public void AcceleratorThatIsGoneIsNamed()
    {
        using var context = ILGPU.Context.Create(builder => ILGPU.Runtime.CPU.CPUContextExtensions.DefaultCPU(builder));
        var accelerator = ILGPU.Runtime.CPU.CPUContextExtensions.CreateCPUAccelerator(context, 0);
        using var over = GpuDevice.From(accelerator);
        accelerator.Dispose();
        Assert.Contains("was disposed of",
            Assert.Throws<ObjectDisposedException>(() => over.Allocate<float>(1)).Message);
    }

    [Fact]
    public void KernelWithABoolIsNamed()
    {
        using var values = device.Allocate<float>(3);
        var error = Assert.ThrowsAny<UserException>(() => RemapKernels.LaunchIf(device, 3, values, true));
        Assert.Contains("RemapKernels.If (RemapKernels.cs:", error.Message);
        Assert.Contains("Boolean", error.Message);
    }

    [Fact]
    public void FullMemoryIsToldByType()
    {
        using var held = device.Allocate<float>(1000);
        var error = Assert.Throws<OutOfDeviceMemoryException>(() => device.Allocate<double>(1L << 50));
        Assert.Equal(("ilgpu-cpu", 1L << 53, 4000L), (error.Device, error.AskedBytes!.Value, error.LiveBytes));
        Assert.Contains("asked for as Double[1125899906842624]", error.Message);
        Assert.Equal(1, device.Counters.LiveBuffers);
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Allocate<double>(long.MaxValue));
    }

    [Fact]
    public void MemoryOfAnotherAcceleratorIsRefused()
    {
        using var other = GpuDevice.Open("ilgpu-cpu");
        using var buffer = other.Allocate<float>(3);
        Assert.Contains("GpuDevice.From", Assert.Throws<ArgumentException>(() => device.Wrap(buffer.View)).Message);
        Assert.Contains("GpuDevice.From", Assert.Throws<ArgumentException>(() => managed.Wrap(buffer.View)).Message);
    }

    void Clamped<T>() where T : unmanaged, INumber<T>
    {
        T[] values = [.. Enumerable.Range(0, 12).Select(T.CreateTruncating)];
        using var buffer = device.Allocate<T>(values.Length);
        buffer.CopyFrom(values);
        var (low, high) = (T.CreateTruncating(3), T.CreateTruncating(8));
        RemapKernels.LaunchClampAny<T>(device, values.Length, buffer, low, high);
        Assert.Equal(values.Select(value => T.Clamp(value, low, high)), Read(buffer));
    }

    void Functions<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] x = [T.CreateTruncating(0.7), T.CreateTruncating(2)];
        using var xs = device.Allocate<T>(2);
        using var results = device.Allocate<T>(2 * MathematicsKernels.EdgesOf(T.One, T.One).Length);
        xs.CopyFrom(x);
        for (var function = 0; function < MathematicsKernels.Functions.Count; function++)
        {
            MathematicsKernels.LaunchMap<T>(device, 2, xs, xs, results, function);
            Assert.All(Read(results)[..2], result => Assert.True(T.IsFinite(result) && result != T.Zero));
        }
        MathematicsKernels.LaunchEdges<T>(device, 2, xs, xs, results, 2);
        var expected = x.Select(value => MathematicsKernels.EdgesOf(value, value)).ToArray();
        Assert.Equal(Enumerable.Range(0, expected[0].Length).SelectMany(i => expected.Select(column => column[i])),
            Read(results));
    }

    static T[] Read<T>(DeviceBuffer<T> buffer) where T : unmanaged
    {
        var values = new T[buffer.Length];
        buffer.CopyTo(values);
        return values;
    }

    void Same(Func<GpuBackend<float>, MatrixView<float>> work)
    {
        var choice = new KernelChoice(PortableOnly: true);
        var found = work(new(device, choice)).ToArray();
        Assert.Equal(work(new(managed, choice)).ToArray(), found);
        Assert.Equal(found, work(new(device, choice)).ToArray());
    }

    static MatrixView<float> Matrix(GpuBackend<float> backend, int rows, int columns) =>
        Views.From(backend.Device, rows, columns, (row, column) => MathF.Sin(1 + 7 * row + column) * 0.5f);
}
