using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace FusedOperation;

/// <summary>
/// The kernel of the fused operation, a lane for each element. The generator writes its adjoint (SwiGluBackward), the
/// operation on tensors (ApplySwiGlu) and its gradient check (CheckSwiGlu): the editor shows them under the analyzers.
/// </summary>
static partial class SwiGluKernels
{
    /// <summary>y = a σ(a) b.</summary>
    [Kernel, Differentiable]
    public static void SwiGlu<T>(Index1D i, ArrayView<T> a, ArrayView<T> b, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        y[i] = a[i] * Sigmoid(a[i]) * b[i];

    static T Sigmoid<T>(T x) where T : unmanaged, IFloatingPointIeee754<T> => T.One / (T.One + T.Exp(-x));
}
