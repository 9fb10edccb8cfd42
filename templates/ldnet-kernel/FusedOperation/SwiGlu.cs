using System.Numerics;
using LdNetGpu.Autograd;

namespace FusedOperation;

/// <summary>
/// a σ(a) ∘ b of two dense tensors of one shape, in one pass over memory, and both gradients in one more.
/// </summary>
/// <param name="a">What is squashed by its own sigmoid.</param>
/// <param name="b">What it is multiplied with.</param>
public sealed class SwiGlu<T>(Tensor<T> a, Tensor<T> b) : Function<T>(a, b)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Tensor<T> output = Tensor.Empty(a.Backend, a.Shape);

    protected override Tensor<T>[] Forward()
    {
        Require(a.Shape == b.Shape, $"{a.Shape} and {b.Shape} must be equal.");
        SwiGluKernels.LaunchForward(Gpu, (int)a.Shape.Count,
            a.View.Contiguous, b.View.Contiguous, output.View.Contiguous);
        return [output];
    }

    // Gradients add up: an input may be used elsewhere too. One that needs none comes as a view that is not valid.
    protected override void Backward() =>
        SwiGluKernels.LaunchBackward(Gpu, (int)a.Shape.Count, a.View.Contiguous, b.View.Contiguous,
            GradientOf(output).Contiguous, GradientToAddTo(a).Contiguous, GradientToAddTo(b).Contiguous);
}

/// <summary>The operation as a method of tensors.</summary>
public static class SwiGluOperation
{
    /// <summary>a σ(a) ∘ b.</summary>
    public static Tensor<T> SwiGlu<T>(this Tensor<T> a, Tensor<T> b) where T : unmanaged, IFloatingPointIeee754<T> =>
        new SwiGlu<T>(a, b).Apply()[0];
}
