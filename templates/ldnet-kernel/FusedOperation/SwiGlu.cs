using System.Numerics;
using LdNetGpu.Autograd;

namespace FusedOperation;

/// <summary>The operation as a method of tensors.</summary>
public static class SwiGluOperation
{
    /// <summary>
    /// a σ(a) ∘ b of two dense tensors of as many elements, in one pass over memory, and both gradients in one more.
    /// </summary>
    /// <param name="a">What is squashed by its own sigmoid.</param>
    /// <param name="b">What it is multiplied with.</param>
    public static Tensor<T> SwiGlu<T>(this Tensor<T> a, Tensor<T> b) where T : unmanaged, IFloatingPointIeee754<T> =>
        SwiGluKernels.ApplySwiGlu(a, b);
}
