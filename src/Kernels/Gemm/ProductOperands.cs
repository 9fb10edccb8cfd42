using System.Numerics;
using ILGPU;
using LdNetGpu.Kernels.Dropout;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>The sizes of a product: op(a) is Rows x Depth, op(b) Depth x Columns.</summary>
readonly record struct ProductShape(int Rows, int Depth, int Columns);

/// <summary>In a kernel: what a product reads, each as it lies in memory.</summary>
/// <param name="A">The left one.</param>
/// <param name="B">The right one.</param>
/// <param name="Mask">Of the one that is dropped, if one is.</param>
readonly record struct ProductOperands<T>(Matrix<T> A, Matrix<T> B, DropoutMask<T> Mask)
    where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>In a kernel: what becomes of a product's elements on their way into c.</summary>
/// <param name="Bias">One element a column; empty for none.</param>
/// <param name="Activation">Applied last.</param>
/// <param name="Accumulates">Whether they are added to what c holds.</param>
readonly record struct Epilogue<T>(ArrayView<T> Bias, Activation Activation, Flag Accumulates)
    where T : unmanaged, INumber<T>
{
    /// <summary>Puts an element of the product into c.</summary>
    public void Store(Matrix<T> c, int row, int column, T value)
    {
        if (Accumulates) value += c[row, column];
        if (Bias.Length > 0) value += Bias[column];
        if (Activation == Activation.Relu && value < T.Zero) value = T.Zero;
        c[row, column] = value;
    }
}

/// <summary>On the host: a product to be done.</summary>
readonly record struct Product<T>(GemmKind Kind, MatrixView<T> A, MatrixView<T> B, MatrixView<T> C, ProductShape Shape,
    MatrixView<T> Bias, Activation Activation, bool Accumulate, ProductDropout Dropout, ProductPrecision Math)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public ProductOperands<T> Operands => new(A, B, Dropout.Mask<T>());

    public Epilogue<T> Epilogue => new(Bias.Array, Activation, Accumulate);

    /// <summary>The same product, where it is known that T is <typeparamref name="TKnown"/>.</summary>
    public Product<TKnown> As<TKnown>() where TKnown : unmanaged, IFloatingPointIeee754<TKnown> =>
        new(Kind, A.As<TKnown>(), B.As<TKnown>(), C.As<TKnown>(), Shape, Bias.As<TKnown>(), Activation, Accumulate,
            Dropout, Math);
}
