using System.Numerics;
using LdNetGpu.Kernels.Elementwise;

namespace LdNetGpu.Autograd;

/// <summary>a + b.</summary>
sealed class AddFunction<T>(Tensor<T> a, Tensor<T> b) : Function<T>(a, b) where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        Require(a.Shape == b.Shape, $"{a.Shape} and {b.Shape} must be equal.");
        output = Tensor.Empty(Backend, a.Shape);
        Backend.Elementwise.Add(a.View, b.View, output.View);
        return [output];
    }

    protected override void Backward()
    {
        var gradient = GradientOf(output);
        foreach (var input in new[] { a, b })
            if (Needs(input))
            {
                var target = GradientFor(input, out var accumulate);
                Backend.Elementwise.Scale(T.One, gradient, target, accumulate);
            }
    }
}

/// <summary>a ∘ b.</summary>
sealed class MultiplyFunction<T>(Tensor<T> a, Tensor<T> b) : Function<T>(a, b)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        Require(a.Shape == b.Shape, $"{a.Shape} and {b.Shape} must be equal.");
        output = Tensor.Empty(Backend, a.Shape);
        Backend.Elementwise.Multiply(a.View, b.View, output.View);
        return [output];
    }

    protected override void Backward()
    {
        var gradient = GradientOf(output);
        foreach (var (input, other) in new[] { (a, b), (b, a) })
            if (Needs(input))
            {
                var target = GradientFor(input, out var accumulate);
                Backend.Elementwise.Multiply(gradient, other.View, target, accumulate);
            }
    }
}

/// <summary>factor · x, the factor a constant.</summary>
sealed class ScaleFunction<T>(Tensor<T> input, T factor) : Function<T>(input)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        output = Tensor.Empty(Backend, input.Shape);
        Backend.Elementwise.Scale(factor, input.View, output.View);
        return [output];
    }

    protected override void Backward()
    {
        var target = GradientFor(input, out var accumulate);
        Backend.Elementwise.Scale(factor, GradientOf(output), target, accumulate);
    }
}

/// <summary>s · x, s a tensor with one element: a layer's scale z.</summary>
sealed class ScaleByFunction<T>(Tensor<T> input, Tensor<T> factor) : Function<T>(input, factor)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        Require(factor.Shape.Count == 1, $"factor {factor.Shape} must have one element.");
        output = Tensor.Empty(Backend, input.Shape);
        Backend.Elementwise.Scale(factor.AsRow(), input.View, output.View);
        return [output];
    }

    protected override void Backward()
    {
        var gradient = GradientOf(output);
        if (Needs(input))
        {
            var target = GradientFor(input, out var accumulate);
            Backend.Elementwise.Scale(factor.AsRow(), gradient, target, accumulate);
        }
        if (Needs(factor))
        {
            var target = GradientFor(factor, out var accumulate).AsRow();
            Backend.Reduction.Dot(gradient, input.View, target, accumulate);
        }
    }
}

/// <summary>Adds one row to every row: a bias.</summary>
sealed class AddRowFunction<T>(Tensor<T> input, Tensor<T> row) : Function<T>(input, row)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        Require(row.Shape.Count == input.Shape.Columns,
            $"row {row.Shape} for {input.Shape}: one element a column is needed.");
        output = Tensor.Empty(Backend, input.Shape);
        Backend.Elementwise.AddRow(input.View, row.AsRow(), output.View);
        return [output];
    }

    protected override void Backward()
    {
        var gradient = GradientOf(output);
        if (Needs(input))
        {
            var target = GradientFor(input, out var accumulate);
            Backend.Elementwise.Scale(T.One, gradient, target, accumulate);
        }
        if (Needs(row))
        {
            var target = GradientFor(row, out var accumulate).AsRow();
            Backend.Reduction.SumRows(gradient, target, accumulate);
        }
    }
}

/// <summary>A function of each element.</summary>
sealed class MapFunction<T>(Tensor<T> input, Unary function) : Function<T>(input)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    public override string Name => function.ToString();

    protected override Tensor<T>[] Forward()
    {
        output = Tensor.Empty(Backend, input.Shape);
        Backend.Elementwise.Map(function, input.View, output.View);
        return [output];
    }

    protected override void Backward()
    {
        var target = GradientFor(input, out var accumulate);
        Backend.Elementwise.MapBackward(function, input.View, output.View, GradientOf(output), target, accumulate);
    }
}

/// <summary>Inverted dropout with the mask of a key.</summary>
sealed class DropoutFunction<T>(Tensor<T> input, float probability, Devices.RandomKey key) : Function<T>(input)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        RefuseKeysWhileRecording();
        output = Tensor.Empty(Backend, input.Shape);
        Backend.Dropout.Apply(input.View, output.View, key, probability);
        return [output];
    }

    protected override void Backward()
    {
        var target = GradientFor(input, out var accumulate);
        Backend.Dropout.Apply(GradientOf(output), target, key, probability, accumulate);
    }
}

/// <summary>Operations element by element, each of one tensor or of two of the same shape.</summary>
public static class ElementwiseOperations
{
    /// <summary>a + b.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The same shape.</param>
    /// <exception cref="Devices.ShapeException">The shapes differ.</exception>
    public static Tensor<T> Add<T>(this Tensor<T> a, Tensor<T> b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return new AddFunction<T>(a, b).Apply()[0];
    }

    /// <summary>a ∘ b.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The same shape.</param>
    /// <exception cref="Devices.ShapeException">The shapes differ.</exception>
    public static Tensor<T> Multiply<T>(this Tensor<T> a, Tensor<T> b) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return new MultiplyFunction<T>(a, b).Apply()[0];
    }

    /// <summary>factor · input, the factor a constant.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="factor">The same for all elements; it has no gradient.</param>
    /// <returns>Of the input's shape.</returns>
    public static Tensor<T> Scale<T>(this Tensor<T> input, double factor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ScaleFunction<T>(input, T.CreateChecked(factor)).Apply()[0];
    }

    /// <summary>input times a tensor with one element.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="factor">One element, which takes a gradient too.</param>
    /// <returns>Of the input's shape.</returns>
    /// <exception cref="Devices.ShapeException">The factor has another number of elements.</exception>
    public static Tensor<T> ScaleBy<T>(this Tensor<T> input, Tensor<T> factor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(factor);
        return new ScaleByFunction<T>(input, factor).Apply()[0];
    }

    /// <summary>Adds a row [columns] to every row.</summary>
    /// <param name="input">[..., columns].</param>
    /// <param name="row">[columns].</param>
    /// <returns>Of the input's shape.</returns>
    /// <exception cref="Devices.ShapeException">The row has not one element a column.</exception>
    public static Tensor<T> AddRow<T>(this Tensor<T> input, Tensor<T> row)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(row);
        return new AddRowFunction<T>(input, row).Apply()[0];
    }

    /// <summary>f(input), f one of the functions that networks use.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="function">f.</param>
    /// <returns>Of the input's shape.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such function.</exception>
    public static Tensor<T> Map<T>(this Tensor<T> input, Unary function)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MapFunction<T>(input, function).Apply()[0];
    }

    /// <summary>
    /// Drops elements with a probability and divides the others by 1 - probability; probability 0 is the identity and
    /// costs nothing.
    /// </summary>
    /// <param name="input">Any shape.</param>
    /// <param name="probability">0..1.</param>
    /// <param name="key">Of the mask: the same key gives the same mask, on every device.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability lies outside 0..1.</exception>
    /// <exception cref="Devices.Gpu.RecordingException">
    /// Work is being recorded: each replay would drop the same elements.
    /// </exception>
    public static Tensor<T> Dropout<T>(this Tensor<T> input, float probability, Devices.RandomKey key)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(input);
        return probability == 0 ? input : new DropoutFunction<T>(input, probability, key).Apply()[0];
    }
}
