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
    public void MemoryOfAnotherAcceleratorIsRefused()
    {
        using var other = GpuDevice.Open("ilgpu-cpu");
        using var buffer = other.Allocate<float>(3);
        Assert.Contains("GpuDevice.From", Assert.Throws<ArgumentException>(() => device.Wrap(buffer.View)).Message);
        Assert.Contains("GpuDevice.From", Assert.Throws<ArgumentException>(() => managed.Wrap(buffer.View)).Message);
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
