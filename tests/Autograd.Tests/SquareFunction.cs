using System.Numerics;
using LdNetGpu.Autograd;

namespace LdNetGpu.Tests;

/// <summary>x², with the slope that is given for 2.</summary>
sealed class SquareFunction<T>(Tensor<T> input, T slope) : Function<T>(input)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        output = Tensor.Empty(Backend, input.Shape);
        Backend.Elementwise.Multiply(input.View, input.View, output.View);
        return [output];
    }

    protected override void Backward()
    {
        var target = GradientFor(input, out var accumulate);
        using var product = Rent(target.Rows, target.Columns);
        Backend.Elementwise.Multiply(GradientOf(output), input.View, product.View);
        Backend.Elementwise.Scale(slope, product.View, target, accumulate);
    }
}
