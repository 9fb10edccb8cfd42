using System.Numerics;
using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels;

using var device = GpuDevice.Open(args is [var name] ? name : "managed");   // managed, opencl or cuda
Console.WriteLine(GateKernels.CheckGate(new GpuBackend<double>(device)));

static partial class GateKernels
{
    /// <summary>a ∘ σ(b) in one pass over memory.</summary>
    [Kernel, Differentiable]
    public static void Gate<T>(Index1D i, ArrayView<T> a, ArrayView<T> b, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => y[i] = a[i] / (T.One + T.Exp(-b[i]));
}
