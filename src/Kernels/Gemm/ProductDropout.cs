using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Dropout;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>One of the two matrices that a product reads; or neither.</summary>
public enum ProductOperand
{
    /// <summary>Neither.</summary>
    None,

    /// <summary>The left one.</summary>
    A,

    /// <summary>The right one.</summary>
    B,
}

/// <summary>
/// Dropout of a product's operand while the product loads it: the same bits as <see cref="IDropout{T}.Apply"/> to a
/// copy and then the product, without the copy. The default drops nothing.
/// </summary>
/// <param name="Operand">Which of the two, as it lies in memory: where the product reads it transposed, the mask is of
/// the matrix that is not.</param>
/// <param name="Key">Of the mask.</param>
/// <param name="Probability">Of dropping an element, 0..1.</param>
/// <param name="Columns">Of the matrix that the mask is drawn for: the operand, or a wider one of which it is some
/// columns.</param>
/// <param name="FirstColumn">The wider matrix's column where the operand begins.</param>
public readonly record struct ProductDropout(ProductOperand Operand, RandomKey Key, float Probability, int Columns,
    int FirstColumn = 0)
{
    internal DropoutMask<T> Mask<T>() where T : unmanaged, IFloatingPointIeee754<T> =>
        Operand == ProductOperand.None ? default : DropoutMask<T>.Of(Key, Probability, Columns, FirstColumn);
}
