using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>Which operands are read transposed: C = A·B, A·Bᵀ, Aᵀ·B.</summary>
public enum GemmKind
{
    /// <summary>A·B.</summary>
    NN,

    /// <summary>A·Bᵀ: b is stored as N x K.</summary>
    NT,

    /// <summary>Aᵀ·B: a is stored as K x M.</summary>
    TN,
}

/// <summary>What is applied to each element of C after the product and the bias.</summary>
public enum Activation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>max(0, x).</summary>
    Relu,
}

/// <summary>
/// Matrix products with row strides. Devices that run kernels also refuse a c between whose rows those of another
/// operand lie.
/// </summary>
public interface IGemm<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// c = activation(op(a)·op(b) + bias), or c += op(a)·op(b) when <paramref name="accumulate"/>. op(a) is M x K,
    /// op(b) K x N, c M x N, bias 1 x N. The same bits for any number of threads. K = 0 gives zeros (plus bias). c
    /// shares no element with a, b or the bias. An operand may be dropped out on the way.
    /// </summary>
    /// <param name="kind">Which of a and b are read transposed.</param>
    /// <param name="a">M x K, or K x M where it is read transposed.</param>
    /// <param name="b">K x N, or N x K where it is read transposed.</param>
    /// <param name="c">M x N; what it holds matters only with <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether the product is added to c.</param>
    /// <param name="bias">1 x N, added to each row, or none.</param>
    /// <param name="activation">Applied last.</param>
    /// <param name="dropout">Which operand is dropped out, and how; the default is none.</param>
    /// <exception cref="Devices.ShapeException">
    /// The shapes do not fit, a bias or activation comes with accumulate, the dropout's columns are not a part of its
    /// matrix, or c shares elements with another operand (<see cref="DeviceBackend{T}"/>).
    /// </exception>
    [SuppressMessage("ApiDesign", "RS0026", Justification = "Required parameters tell the overloads apart.")]
    void Multiply(GemmKind kind, MatrixView<T> a, MatrixView<T> b, MatrixView<T> c, bool accumulate = false,
        MatrixView<T> bias = default, Activation activation = Activation.None, ProductDropout dropout = default);
}
