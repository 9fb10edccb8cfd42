using System.Numerics;

namespace LdNetGpu.Autograd;

/// <summary>factor · sum of all elements, as a scalar.</summary>
sealed class SumFunction<T>(Tensor<T> input, T factor) : Function<T>(input)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        output = Tensor.Empty(Backend, new Shape());
        Backend.Reduction.Sum(input.View, output.View);
        Backend.Elementwise.Scale(factor, output.View, output.View);
        return [output];
    }

    protected override void Backward()
    {
        var target = GradientToAddTo(input);
        using var scaled = Rent(1, target.Columns);
        Backend.Elementwise.Fill(scaled.View, factor);
        Backend.Elementwise.Scale(GradientOf(output), scaled.View, scaled.View);
        Backend.Elementwise.AddRow(target, scaled.View, target);
    }
}

/// <summary>Sums over all elements, in a fixed order: the same bits on any number of threads.</summary>
public static class ReductionOperations
{
    /// <summary>Sum of all elements; a scalar.</summary>
    /// <param name="input">Any shape.</param>
    public static Tensor<T> Sum<T>(this Tensor<T> input)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        return new SumFunction<T>(input, T.One).Apply()[0];
    }

    /// <summary>Mean of all elements; a scalar.</summary>
    /// <param name="input">Any shape; of no elements the mean is 0.</param>
    public static Tensor<T> Mean<T>(this Tensor<T> input) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        return new SumFunction<T>(input, T.One / T.CreateChecked(Math.Max(1, input.Shape.Count))).Apply()[0];
    }
}
