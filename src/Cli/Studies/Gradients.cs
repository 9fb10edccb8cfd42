using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Cli.Studies;

/// <summary>A loss and its gradients, as results of an implementation.</summary>
static class Gradients
{
    /// <summary>The loss, then a gradient for each input, which is cleared before.</summary>
    public static IReadOnlyList<MatrixView<T>> Of<T>(Func<Tensor<T>> loss, params Tensor<T>[] inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var input in inputs) input.ClearGradient();
        using var tape = new Tape<T>();
        var value = loss();
        tape.Backward(value);
        return [value.View, .. inputs.Select(input => input.Gradient)];
    }
}
