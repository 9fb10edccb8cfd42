using ILGPU;

namespace LdNetGpu.Kernels.Views;

/// <summary>In a kernel: a part of a matrix in a group's shared memory, small enough for int places.</summary>
/// <param name="Values">The memory.</param>
/// <param name="RowStep">Elements from one row to the next.</param>
/// <param name="ColumnStep">Elements from one column to the next.</param>
readonly record struct Tile<T>(ArrayView<T> Values, int RowStep, int ColumnStep) where T : unmanaged
{
    /// <summary>The element of a row and a column.</summary>
    public ref T this[int row, int column] => ref Values[row * RowStep + column * ColumnStep];

    public Tile<T> Transposed => new(Values, ColumnStep, RowStep);
}
