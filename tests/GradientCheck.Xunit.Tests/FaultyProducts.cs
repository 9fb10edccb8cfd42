using System.Numerics;
using LdNetGpu.Autograd;

namespace LdNetGpu.Tests;

/// <summary>
/// Wrong backward passes under <see cref="GradientCheckAttribute"/>. The class is abstract, so that no runner finds
/// them but <see cref="GradientCheckAttributeTests"/>.
/// </summary>
public abstract class FaultyProducts
{
    [GradientCheck(Seed = 7), GradientShapes(9, 12)]
    public static Tensor<double> Faulty(GradientInput<double> leaf, int rows, int columns) =>
        new FaultyFunction<double>(leaf("x", rows, columns)).Apply()[0];

    /// <summary>The same over any number.</summary>
    [GradientCheck(SecondOrder = true), GradientShapes(9, 12)]
    public static Tensor<T>[] FaultyInAnyNumber<T>(GradientInput<T> leaf, int rows, int columns)
        where T : unmanaged, IFloatingPointIeee754<T> => new FaultyFunction<T>(leaf("x", rows, columns)).Apply();

    [GradientCheck, GradientShapes(9)]
    public static Tensor<double> WithTooFewSizes(GradientInput<double> leaf, int rows, int columns) =>
        leaf("x", rows, columns).Scale(2);

    /// <summary>2x, whose backward pass forgets the factor from the third row and column on.</summary>
    sealed class FaultyFunction<T>(Tensor<T> input) : Function<T>(input) where T : unmanaged, IFloatingPointIeee754<T>
    {
        readonly Tensor<T> output = Tensor.Empty(input.Backend, input.Shape);

        protected override Tensor<T>[] Forward()
        {
            Backend.Elementwise.Scale(T.CreateChecked(2), input.View, output.View);
            return [output];
        }

        protected override void Backward()
        {
            var columns = input.Shape.Columns;
            var factors = Enumerable.Range(0, (int)input.Shape.Count)
                .Select(i => T.CreateChecked(i / columns >= 2 && i % columns >= 2 ? 1 : 2)).ToArray();
            Backend.Elementwise.Multiply(GradientOf(output), Tensor.From(Backend, factors, input.Shape).View,
                GradientFor(input, out var accumulate), accumulate);
        }
    }
}
