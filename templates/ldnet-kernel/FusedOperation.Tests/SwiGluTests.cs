using LdNetGpu.Autograd;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;

namespace FusedOperation.Tests;

/// <summary>
/// On the managed device, which runs the kernels' own C# and finds reads out of bounds, undefined values and races;
/// LDNET_DEVICE=opencl or cuda runs the same tests there.
/// </summary>
public sealed class SwiGluTests : IDisposable
{
    readonly GpuDevice device = GpuDevice.Open(Environment.GetEnvironmentVariable("LDNET_DEVICE") ?? "managed");
    readonly GpuBackend<double> backend;

    public SwiGluTests() => backend = new(device);

    public void Dispose() => device.Dispose();

    [Fact]
    public void TheValueIsThatOfTheFormula()
    {
        using var scope = new TensorScope();
        double[] a = [0.3, -1.2, 0.7, 2.0, 0.0, -30.0], b = [1.5, -0.4, 0.0, -3.0, 1.0, 2.0];
        var y = Tensor.From(backend, a, new Shape(2, 3)).SwiGlu(Tensor.From(backend, b, new Shape(2, 3))).ToArray();
        for (var i = 0; i < y.Length; i++) Assert.Equal(a[i] / (1 + Math.Exp(-a[i])) * b[i], y[i], 1e-14);
    }

    [Theory, InlineData(1, 1), InlineData(3, 5), InlineData(17, 19)]
    public void TheGradientHolds(int rows, int columns) =>
        GradientAssert.Holds($"SwiGLU {rows} x {columns}", backend,
            leaf => [leaf("a", rows, columns).SwiGlu(leaf("b", rows, columns))]);

    [Fact]
    public void TheGradientHoldsWhenOneTensorIsBothInputs() =>
        GradientAssert.Holds("SwiGLU of a tensor and itself", backend,
            leaf => [leaf("a", 3, 5).SwiGlu(leaf("a", 3, 5))]);
}
