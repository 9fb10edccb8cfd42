using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Rows;

/// <summary>Moves of whole rows by index, a lane an element.</summary>
static partial class RowsKernels
{
    /// <summary>output[i] = table[indices[i]], zeros for -1.</summary>
    [Kernel]
    public static void Gather<T>(
        Index1D index, [NoAlias(HeldByCaller = true)] Matrix<T> table,
        [NoAlias(HeldByCaller = true)] ArrayView<int> indices, Matrix<T> output, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        var source = indices[row];
        output[row, column] = source < 0 ? T.Zero : table[source, column];
    }

    /// <summary>
    /// table[targets[s]] += rows[positions[i]] for i from starts[s] to starts[s + 1], in that order: each segment has
    /// one lane a column, so repeated indices meet no other writer.
    /// </summary>
    [Kernel]
    public static void ScatterAdd<T>(Index1D index, Matrix<T> rows, ArrayView<int> positions, ArrayView<int> starts,
        ArrayView<int> targets, Matrix<T> table, int columns) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (segment, column) = Elements.At(index, columns);
        var target = targets[segment];
        var sum = table[target, column];
        var end = starts[segment + 1];
        for (var i = starts[segment]; i < end; i++) sum += rows[positions[i], column];
        table[target, column] = sum;
    }

    /// <summary>
    /// For each position of an index: whether it is the first with that index, -1 aside, and the next with it, or -1.
    /// A lane a position, each reads them all.
    /// </summary>
    [Kernel]
    public static void Link(Index1D index, ArrayView<int> indices, ArrayView<int> isFirst, ArrayView<int> next)
    {
        var mine = indices[index];
        var first = mine >= 0 ? 1 : 0;
        for (var i = 0; i < index; i++)
            if (indices[i] == mine) first = 0;
        var later = -1;
        for (var i = indices.IntLength - 1; i > index; i--)
            if (indices[i] == mine) later = i;
        isFirst[index] = first;
        next[index] = later;
    }

    /// <summary>
    /// As <see cref="ScatterAdd"/>, in the same order, along <see cref="Link"/>'s links:
    /// the lanes of an index's first position add all of its rows.
    /// </summary>
    [Kernel]
    public static void ScatterAddLinked<T>(Index1D index, Matrix<T> rows, ArrayView<int> indices,
        ArrayView<int> isFirst, ArrayView<int> next, Matrix<T> table, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (position, column) = Elements.At(index, columns);
        if (isFirst[position] == 0) return;
        var target = indices[position];
        var sum = table[target, column];
        for (var i = position; i >= 0; i = next[i]) sum += rows[i, column];
        table[target, column] = sum;
    }
}
