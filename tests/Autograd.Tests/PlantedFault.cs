using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>What is wrong with a <see cref="PlantedFunction{T}"/>.</summary>
public enum Fault
{
    None,

    /// <summary>A factor 1 + 1e-10.</summary>
    Scaled,

    /// <summary>Each backward pass rounds another way.</summary>
    Wobbling,

    /// <summary>No gradient without the second output's cotangent.</summary>
    NeedsBoth,

    /// <summary>Writes the first input's gradient where it must add.</summary>
    Overwrites,

    /// <summary>One contribution of two where both inputs are one tensor.</summary>
    OnceATensor,

    /// <summary>Writes a gradient's rows one behind the other.</summary>
    Contiguous,

    /// <summary>A constant of four digits, in float.</summary>
    FloatConstant,

    /// <summary>The inputs' values of the first call.</summary>
    Frozen,
}

/// <summary>a ∘ b and a + b, with a fault.</summary>
sealed class Planted(Fault fault) : IDifferentiable
{
    /// <summary>Odd while the fault wobbles one way.</summary>
    internal static int Passes;

    public IReadOnlyList<Tensor<T>> Outputs<T>(DeviceBackend<T> backend, GradientInput<T> input)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new PlantedFunction<T>(fault, input("a", 2, 3), input("b", 2, 3)).Apply();
}

sealed class PlantedFunction<T>(Fault fault, Tensor<T> a, Tensor<T> b) : Function<T>(a, b)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> product = null!, sum = null!;

    protected override Tensor<T>[] Forward()
    {
        (product, sum) = (Tensor.Empty(Backend, a.Shape), Tensor.Empty(Backend, a.Shape));
        Backend.Elementwise.Multiply(a.View, b.View, product.View);
        Backend.Elementwise.Add(a.View, b.View, sum.View);
        return [product, sum];
    }

    protected override void Backward()
    {
        Planted.Passes++;
        if (fault == Fault.NeedsBoth && sum.Gradient.IsNone)
        {
            GradientToAddTo(a);
            GradientToAddTo(b);
            return;
        }
        var factor = fault switch
        {
            Fault.Scaled => 1 + 1e-10,
            Fault.Wobbling => 1 + Planted.Passes % 2 * 4.5e-16,
            Fault.FloatConstant when typeof(T) == typeof(float) => 1.0001,
            _ => 1,
        };
        Contribute(a, Other(b, "b"), factor, isFirst: true);
        if (fault != Fault.OnceATensor || !ReferenceEquals(a, b)) Contribute(b, Other(a, "a"), factor);
    }

    MatrixView<T> Other(Tensor<T> tensor, string name) => fault != Fault.Frozen ? tensor.View
        : Tensor.From(Backend, Array.ConvertAll(GradientInputs<double>.Draw(name, 6, 1), T.CreateTruncating),
            tensor.Shape).View;

    void Contribute(Tensor<T> input, MatrixView<T> other, double factor, bool isFirst = false)
    {
        var target = GradientFor(input, out var accumulate);
        if (fault == Fault.Contiguous)
            target = new(target.Buffer, target.Offset, target.Rows, target.Columns, target.Columns);
        if (fault == Fault.Overwrites && isFirst) accumulate = false;
        using var slope = Rent(input.View.Rows, input.View.Columns);
        Backend.Elementwise.Scale(T.CreateTruncating(factor), other, slope.View);
        Backend.Elementwise.Multiply(GradientOf(product), slope.View, target, accumulate);
        Backend.Elementwise.Scale(T.One, GradientOf(sum), target, accumulate: true);
    }
}
