using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Rows;

/// <summary>Moves whole rows by index: embeddings, packed sequences, the tails of the adaptive softmax.</summary>
public interface IRows<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>output[i] = table[indices[i]]; an index of -1 gives a row of zeros.</summary>
    /// <exception cref="Devices.ShapeException">An index outside the table; names its place and value.</exception>
    void Gather(MatrixView<T> table, IndexView indices, MatrixView<T> output);

    /// <summary>
    /// table[indices[i]] += rows[i], repeated indices summed in order of i (the same bits every time); -1 is passed
    /// over.
    /// </summary>
    /// <exception cref="Devices.ShapeException">An index outside the table, or rows of another length.</exception>
    void ScatterAdd(MatrixView<T> rows, IndexView indices, MatrixView<T> table);
}
