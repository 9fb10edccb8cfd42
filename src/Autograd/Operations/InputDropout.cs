using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Autograd;

/// <summary>
/// Element dropout of an operation's input, done by its products while they load it: as
/// <see cref="ElementwiseOperations.Dropout"/> before the operation, to the bit, without a dropped copy to write and to
/// keep. The default drops nothing.
/// </summary>
/// <param name="Probability">Of dropping an element; the others are divided by 1 - probability.</param>
/// <param name="Key">Of the mask, whose elements are the input's: r · columns + c.</param>
public readonly record struct InputDropout(float Probability, RandomKey Key)
{
    /// <summary>Whether nothing is dropped.</summary>
    public bool IsNone => Probability == 0;

    /// <summary>
    /// For a product that reads columns of an input of <paramref name="columns"/>, from <paramref name="firstColumn"/>
    /// on.
    /// </summary>
    internal ProductDropout On(ProductOperand operand, int columns, int firstColumn = 0) =>
        IsNone ? default : new(operand, Key, Probability, columns, firstColumn);
}
