using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>Which operands are read transposed: C = A·B, A·Bᵀ, Aᵀ·B.</summary>
public enum GemmKind { NN, NT, TN }

/// <summary>What is applied to each element of C after the product and the bias.</summary>
public enum Activation { None, Relu }

/// <summary>Matrix products with row strides.</summary>
public interface IGemm<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// c = activation(op(a)·op(b) + bias), or c += op(a)·op(b) when <paramref name="accumulate"/>. op(a) is M x K, op(b) K x N, c M x N, bias 1 x N.
    /// The same bits for any number of threads. K = 0 gives zeros (plus bias). c must not overlap a or b. An operand may be dropped out on the way.
    /// </summary>
    /// <exception cref="Devices.ShapeException">
    /// The shapes do not fit, a bias or activation comes with accumulate, or the dropout's columns are not a part of its matrix.
    /// </exception>
    void Multiply(GemmKind kind, MatrixView<T> a, MatrixView<T> b, MatrixView<T> c, bool accumulate = false,
        MatrixView<T> bias = default, Activation activation = Activation.None, ProductDropout dropout = default);
}
