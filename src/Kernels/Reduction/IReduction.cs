using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Reduction;

/// <summary>Sums in a fixed order: the same bits for any number of threads.</summary>
/// <exception cref="Devices.ShapeException">
/// Of every operation: shapes differ, an operand is missing or on another device, or the output shares elements with
/// another operand (<see cref="DeviceBackend{T}"/>).
/// </exception>
/// <exception cref="ObjectDisposedException">
/// Of every operation: the memory of an operand went back to its device.
/// </exception>
public interface IReduction<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>output [1 x 1] (+)= sum of all elements.</summary>
    /// <param name="input">[rows x columns].</param>
    /// <param name="output">[1 x 1].</param>
    /// <param name="accumulate">Whether the sum is added to what the output holds.</param>
    void Sum(MatrixView<T> input, MatrixView<T> output, bool accumulate = false);

    /// <summary>output [1 x columns] (+)= sum over the rows: a bias gradient.</summary>
    /// <param name="input">[rows x columns].</param>
    /// <param name="output">[1 x columns].</param>
    /// <param name="accumulate">Whether the sums are added to what the output holds.</param>
    void SumRows(MatrixView<T> input, MatrixView<T> output, bool accumulate = false);

    /// <summary>output [1 x 1] (+)= sum of a ∘ b.</summary>
    /// <param name="a">[rows x columns].</param>
    /// <param name="b">[rows x columns].</param>
    /// <param name="output">[1 x 1].</param>
    /// <param name="accumulate">Whether the sum is added to what the output holds.</param>
    void Dot(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output, bool accumulate = false);

    /// <summary>Sum of squares, accumulated in double, read back to the host.</summary>
    /// <param name="input">[rows x columns].</param>
    double SquaredNorm(MatrixView<T> input);

    /// <summary><see cref="SquaredNorm"/> of each, read back together.</summary>
    /// <param name="inputs">Of any shapes, each its own.</param>
    /// <returns>One for each input, in their order.</returns>
    double[] SquaredNorms(ReadOnlySpan<MatrixView<T>> inputs)
    {
        var norms = new double[inputs.Length];
        for (var i = 0; i < norms.Length; i++) norms[i] = SquaredNorm(inputs[i]);
        return norms;
    }
}
