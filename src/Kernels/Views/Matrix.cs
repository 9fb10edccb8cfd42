using ILGPU;

namespace LdNetGpu.Kernels.Views;

/// <summary>A matrix as a kernel sees it: what <see cref="MatrixView{T}"/> becomes at the launch.</summary>
/// <param name="Values">From the first element to the last, gaps between rows included; empty for an operand that is
/// not there.</param>
/// <param name="Stride">Elements from one row's start to the next one's.</param>
public readonly record struct Matrix<T>(ArrayView<T> Values, int Stride) where T : unmanaged
{
    /// <summary>The element of a row and a column.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    public ref T this[int row, int column] => ref Values[(long)row * Stride + column];

    /// <summary>
    /// Where in <see cref="Values"/> the element of a row and a column lies, for an access to several at once.
    /// </summary>
    /// <param name="row">From 0.</param>
    /// <param name="column">From 0.</param>
    /// <returns>An element's number in <see cref="Values"/>, from 0; it is not checked.</returns>
    public long Place(int row, int column) => (long)row * Stride + column;

    /// <summary>Whether the operand is there and has elements.</summary>
    public bool IsPresent => Values.Length > 0;
}
