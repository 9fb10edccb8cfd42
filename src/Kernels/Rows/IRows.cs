using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Rows;

/// <summary>Moves whole rows by index: embeddings, packed sequences, the tails of the adaptive softmax.</summary>
/// <exception cref="Devices.ShapeException">
/// Of every operation: shapes differ, an operand is missing or on another device, or an output shares
/// elements with another operand (<see cref="DeviceBackend{T}"/>).
/// </exception>
/// <exception cref="ObjectDisposedException">
/// Of every operation: the memory of an operand went back to its device.
/// </exception>
public interface IRows<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>output[i] = table[indices[i]]; an index of -1 gives a row of zeros.</summary>
    /// <param name="table">[rows of the table x columns].</param>
    /// <param name="indices">[n], each -1 to the last row of the table.</param>
    /// <param name="output">[n x columns], overwritten.</param>
    /// <exception cref="Devices.ShapeException">An index outside the table; names its place and value.</exception>
    void Gather(MatrixView<T> table, IndexView indices, MatrixView<T> output);

    /// <summary>
    /// table[indices[i]] += rows[i], repeated indices summed in order of i (the same bits every time); -1 is passed
    /// over.
    /// </summary>
    /// <param name="rows">[n x columns].</param>
    /// <param name="indices">[n], each -1 to the last row of the table.</param>
    /// <param name="table">[rows of the table x columns], added to.</param>
    /// <exception cref="Devices.ShapeException">An index outside the table, or rows of another length.</exception>
    void ScatterAdd(MatrixView<T> rows, IndexView indices, MatrixView<T> table);
}
