using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>Products of a device that reads an operand of many products from a copy in its own order.</summary>
public interface IPackingGemm<T> : IGemm<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// op(b), b or its transpose, copied into the order this device's products read it in, for an operand of many
    /// products. It does not follow b: dispose of it when b changes.
    /// </summary>
    /// <param name="b">K x N, or N x K with <paramref name="transposed"/>.</param>
    /// <param name="transposed">Whether the products read bᵀ: kind NT.</param>
    PackedMatrix<T> Pack(MatrixView<T> b, bool transposed);

    /// <summary>
    /// As the other, kinds NN and NT, with an operand that <see cref="Pack"/> of the same device made; the same bits.
    /// </summary>
    /// <param name="a">M x K.</param>
    /// <param name="b">op(b), K x N.</param>
    /// <param name="c">M x N; what it holds matters only with <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether the product is added to c.</param>
    /// <param name="bias">1 x N, added to each row, or none.</param>
    /// <param name="activation">Applied last.</param>
    /// <exception cref="Devices.ShapeException">
    /// The shapes do not fit, a bias or activation comes with accumulate, b was packed for another width of vectors, or
    /// c shares elements with another operand (<see cref="DeviceBackend{T}"/>).
    /// </exception>
    /// <exception cref="ObjectDisposedException">b was disposed of.</exception>
    void Multiply(MatrixView<T> a, PackedMatrix<T> b, MatrixView<T> c, bool accumulate = false,
        MatrixView<T> bias = default, Activation activation = Activation.None);
}
