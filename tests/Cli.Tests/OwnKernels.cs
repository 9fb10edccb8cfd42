using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>Kernels of a project that is not the program's.</summary>
static partial class OwnKernels
{
    /// <summary>y = log(1 + e^x).</summary>
    [Kernel, Differentiable]
    public static void Softplus<T>(Index1D i, ArrayView<T> x, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => y[i] = T.LogP1(T.Exp(x[i]));

    /// <summary>y = 2 x, without an adjoint.</summary>
    [Kernel]
    public static void Twice(Index1D i, ArrayView<float> x, ArrayView<float> y) => y[i] = 2 * x[i];
}
