using System.Numerics;
using ILGPU;
using LdNetGpu.Autograd;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels;

using var device = GpuDevice.Open(args is [var name] ? name : "managed");   // managed, opencl or cuda
var backend = new GpuBackend<double>(device);
var a = Tensor.From(backend, [0.3, -1.2, 0.7, 2.0], new Shape(2, 2));
var b = Tensor.From(backend, [1.5, -0.4, 0.0, -3.0], new Shape(2, 2));
a.RequiresGradient = b.RequiresGradient = true;
Console.WriteLine(GradientCheck.Run("gate", () => [new Gate<double>(a, b).Apply()[0]], [("a", a), ("b", b)]));

/// <summary>a ∘ σ(b) in one pass over memory, and both gradients in one.</summary>
sealed class Gate<T>(Tensor<T> a, Tensor<T> b) : Function<T>(a, b) where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Tensor<T> output = Tensor.Empty(a.Backend, a.Shape);

    protected override Tensor<T>[] Forward()
    {
        Require(a.Shape == b.Shape, $"{a.Shape} and {b.Shape} must be equal.");
        GateKernels.LaunchForward(Gpu, (int)a.Shape.Count, a.View.Contiguous, b.View.Contiguous,
            output.View.Contiguous);
        return [output];
    }

    protected override void Backward() =>
        GateKernels.LaunchBackward(Gpu, (int)a.Shape.Count, a.View.Contiguous, b.View.Contiguous,
            GradientOf(output).Contiguous, GradientToAddTo(a).Contiguous, GradientToAddTo(b).Contiguous);
}

static partial class GateKernels
{
    [Kernel]
    public static void Forward<T>(Index1D i, ArrayView<T> a, ArrayView<T> b, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        y[i] = a[i] * Sigmoid(b[i]);

    [Kernel]
    public static void Backward<T>(
        Index1D i, ArrayView<T> a, ArrayView<T> b, ArrayView<T> dy, ArrayView<T> da, ArrayView<T> db)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var s = Sigmoid(b[i]);
        if (da.IsValid) da[i] += dy[i] * s;
        if (db.IsValid) db[i] += dy[i] * a[i] * s * (T.One - s);
    }

    static T Sigmoid<T>(T x) where T : IFloatingPointIeee754<T> => T.One / (T.One + T.Exp(-x));
}
