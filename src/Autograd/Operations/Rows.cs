using System.Numerics;
using System.Runtime.CompilerServices;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>
/// output[i] = table[indices[i]], zeros for -1. An embedding look-up, and the gather that takes states at word ends;
/// the gradient of a <see cref="Parameter{T}"/> by rows stays a <see cref="RowGradient{T}"/>.
/// </summary>
sealed class GatherRowsFunction<T>(Tensor<T> table, IntTensor indices, Shape shape) : Function<T>(table)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        Require(shape.Rows == indices.Count && shape.Columns == table.Shape.Columns,
            $"{indices.Count} rows of {table.Shape} do not make {shape}.");
        if (table is Parameter<T> parameter) parameter.BeforeLookup?.Invoke(indices);
        output = Tensor.Empty(Backend, shape);
        if (table is Parameter<T> { Rounded: { } rounded })
        {
            var view = output.View;
            rounded.Gather(indices.View, Unsafe.As<MatrixView<T>, MatrixView<float>>(ref view));
        }
        else Backend.Rows.Gather(table.View, indices.View, output.View);
        return [output];
    }

    protected override void Backward()
    {
        if (table is Parameter<T> { RowGradient: { } rows })
        {
            rows.Add(indices.ToArray(), GradientOf(output));
            Reach(table);
        }
        else Backend.Rows.ScatterAdd(GradientOf(output), indices.View, GradientToAddTo(table));
    }
}

/// <summary>Tensors with equal leading dimensions side by side: [..., a], [..., b] to [..., a + b].</summary>
sealed class ConcatenateFunction<T>(Tensor<T>[] parts) : Function<T>(parts)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    Tensor<T> output = null!;

    protected override Tensor<T>[] Forward()
    {
        foreach (var part in parts)
            Require(part.Shape.Rows == parts[0].Shape.Rows,
                $"{part.Shape} beside {parts[0].Shape}: leading sizes must agree.");
        var columns = ShapeException.RequireSize("concatenate", "the columns of all parts",
            parts.Sum(part => (long)part.Shape.Columns));
        output = Tensor.Empty(Backend, parts[0].Shape.WithColumns(columns));
        var start = 0;
        foreach (var part in parts)
        {
            Backend.Elementwise.Copy(part.View, output.View.SliceColumns(start, part.Shape.Columns));
            start += part.Shape.Columns;
        }
        return [output];
    }

    protected override void Backward()
    {
        var gradient = GradientOf(output);
        var start = 0;
        foreach (var part in parts)
        {
            if (Needs(part))
            {
                var target = GradientFor(part, out var accumulate);
                Backend.Elementwise.Scale(T.One, gradient.SliceColumns(start, part.Shape.Columns), target, accumulate);
            }
            start += part.Shape.Columns;
        }
    }
}

/// <summary>Rows by index, and tensors side by side.</summary>
public static class RowOperations
{
    /// <summary>Rows of a table [n, columns] by index, shaped [..., columns]; an index of -1 gives zeros.</summary>
    /// <param name="table">
    /// [n, columns]; the gradient of a <see cref="Parameter{T}"/> by rows stays with the rows.
    /// </param>
    /// <param name="indices">Row numbers, or -1.</param>
    /// <param name="leading">
    /// The result's leading sizes, whose product is the number of indices; none: that number.
    /// </param>
    /// <exception cref="Devices.ShapeException">
    /// The sizes do not make as many rows, or an index lies outside the table.
    /// </exception>
    public static Tensor<T> GatherRows<T>(this Tensor<T> table, IntTensor indices, params ReadOnlySpan<int> leading)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(indices);
        return new GatherRowsFunction<T>(table, indices,
            new([.. leading.IsEmpty ? [indices.Count] : leading, table.Shape.Columns])).Apply()[0];
    }

    /// <summary>Side by side along the last dimension.</summary>
    /// <param name="parts">At least one; leading sizes agree.</param>
    /// <returns>[..., the sum of the parts' columns].</returns>
    /// <exception cref="Devices.ShapeException">Leading sizes differ.</exception>
    public static Tensor<T> Concatenate<T>(params Tensor<T>[] parts) where T : unmanaged, IFloatingPointIeee754<T>
    {
        NullElements.Refuse(parts);
        return parts.Length == 1 ? parts[0] : new ConcatenateFunction<T>(parts).Apply()[0];
    }
}
