using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>
/// A sequence [T, B, width] whose rows repeat, as the words of a text do: the distinct rows, and which of them stands
/// at each step. What an operation makes of a row alone it computes once a distinct row. Not differentiated.
/// </summary>
/// <param name="Rows">The distinct rows [D, width].</param>
/// <param name="Indices">[T·B] places in <paramref name="Rows"/>.</param>
/// <param name="Steps">T.</param>
/// <param name="Batch">B.</param>
public sealed record RowLookup<T>(Tensor<T> Rows, IntTensor Indices, int Steps, int Batch)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The distinct rows [D, width].</summary>
    public Tensor<T> Rows
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Rows));
    } = Rows ?? throw new ArgumentNullException(nameof(Rows));

    /// <summary>[T·B] places in <see cref="Rows"/>.</summary>
    public IntTensor Indices
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(Indices));
    } = Whole(Indices, Steps, Batch);

    /// <summary>[T, B, width].</summary>
    public Shape Shape => new(Steps, Batch, Rows.Shape.Columns);

    /// <summary>The rows of a table that ids [T·B] name; an id of -1 is a row of zeros.</summary>
    /// <param name="table">[n, width].</param>
    /// <param name="ids">[T·B], time-major.</param>
    /// <param name="steps">T.</param>
    /// <param name="batch">B.</param>
    /// <exception cref="ShapeException">There are not T·B ids, or one is no row of the table.</exception>
    public static RowLookup<T> Of(Tensor<T> table, ReadOnlySpan<int> ids, int steps, int batch)
    {
        ArgumentNullException.ThrowIfNull(table);
        RequireWhole(ids.Length, steps, batch);
        var places = new Dictionary<int, int>();
        var indices = new int[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            if (!places.TryGetValue(ids[i], out indices[i])) places.Add(ids[i], indices[i] = places.Count);
        }
        var device = table.Backend.Device;
        return new(table.GatherRows(new IntTensor(device, [.. places.Keys])), new IntTensor(device, indices), steps,
            batch);
    }

    static IntTensor Whole(IntTensor indices, int steps, int batch)
    {
        ArgumentNullException.ThrowIfNull(indices, nameof(Indices));
        RequireWhole(indices.Count, steps, batch);
        return indices;
    }

    static void RequireWhole(int count, int steps, int batch)
    {
        ShapeException.RequireSize("row lookup", "steps", steps);
        ShapeException.RequireSize("row lookup", "batch", batch);
        if (count != (long)steps * batch)
            throw new ShapeException("row lookup", $"{count} ids for {steps} steps of a batch of {batch}.");
    }

    /// <summary>The sequence itself.</summary>
    public Tensor<T> Spread() => Rows.GatherRows(Indices, Steps, Batch);

    /// <summary>output [T·B x n] = sequence · Wᵀ + bias, W the weight's leading columns; bias [1 x n].</summary>
    internal void Project(Tensor<T> weight, MatrixView<T> bias, MatrixView<T> output)
    {
        using var products = new Scratch<T>(Rows.Backend.Device, Rows.Shape.Rows, output.Columns);
        RecurrentInputs.Project(Rows.View, weight, 0, products.View, accumulate: false, bias);
        Rows.Backend.Rows.Gather(products.View, Indices.View, output);
    }
}
