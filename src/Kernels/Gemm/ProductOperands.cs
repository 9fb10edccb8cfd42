using System.Numerics;
using ILGPU;

namespace LdNetGpu.Kernels;

/// <summary>The sizes of a product: op(a) is Rows x Depth, op(b) Depth x Columns.</summary>
readonly record struct ProductShape(int Rows, int Depth, int Columns);

/// <summary>In a kernel: what a product reads, each as it lies in memory.</summary>
readonly record struct ProductOperands<T>(Matrix<T> A, Matrix<T> B) where T : unmanaged;

/// <summary>In a kernel: what becomes of a product's elements on their way into c.</summary>
/// <param name="Bias">One element a column; empty for none.</param>
/// <param name="Activation">Applied last.</param>
/// <param name="Accumulates">1: they are added to what c holds; else 0.</param>
readonly record struct Epilogue<T>(ArrayView<T> Bias, Activation Activation, int Accumulates) where T : unmanaged, INumber<T>
{
    public static Epilogue<T> Of(MatrixView<T> bias, Activation activation, bool accumulate) => new(bias.Array, activation, accumulate ? 1 : 0);

    /// <summary>Puts an element of the product into c.</summary>
    public void Store(Matrix<T> c, int row, int column, T value)
    {
        if (Accumulates != 0) value += c[row, column];
        if (Bias.Length > 0) value += Bias[column];
        if (Activation == Activation.Relu && value < T.Zero) value = T.Zero;
        c[row, column] = value;
    }
}
