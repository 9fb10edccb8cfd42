using System.Numerics;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>Moves of whole rows by index, a lane an element.</summary>
static partial class RowsKernels
{
    /// <summary>output[i] = table[indices[i]], zeros for -1.</summary>
    [Kernel]
    public static void Gather<T>(Index1D index, ArrayView<T> table, int tableStride, ArrayView<int> indices, ArrayView<T> output, int outputStride, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = index / columns;
        var column = index - row * columns;
        var source = indices[row];
        output[(long)row * outputStride + column] = source < 0 ? T.Zero : table[(long)source * tableStride + column];
    }

    /// <summary>
    /// table[targets[s]] += rows[positions[i]] for i from starts[s] to starts[s + 1], in that order: each segment has one lane a column, so repeated indices
    /// meet no other writer.
    /// </summary>
    [Kernel]
    public static void ScatterAdd<T>(Index1D index, ArrayView<T> rows, int rowsStride, ArrayView<int> positions, ArrayView<int> starts, ArrayView<int> targets,
        ArrayView<T> table, int tableStride, int columns) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var segment = index / columns;
        var column = index - segment * columns;
        var place = (long)targets[segment] * tableStride + column;
        var sum = table[place];
        var end = starts[segment + 1];
        for (var i = starts[segment]; i < end; i++) sum += rows[(long)positions[i] * rowsStride + column];
        table[place] = sum;
    }
}
