using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Elementwise;

/// <summary>
/// Element-by-element work, a lane an element (<see cref="Elements"/>); with accumulate the result is added to the
/// output.
/// </summary>
static partial class ElementwiseKernels
{
    [Kernel]
    public static void Fill<T>(Index1D index, Matrix<T> output, int columns, T value)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        output[row, column] = value;
    }

    [Kernel]
    public static void Copy<T>(Index1D index, Matrix<T> input, Matrix<T> output, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        output[row, column] = input[row, column];
    }

    /// <summary>output = a + b.</summary>
    [Kernel]
    public static void Add<T>(Index1D index, Matrix<T> a, Matrix<T> b, Matrix<T> output, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        output[row, column] = a[row, column] + b[row, column];
    }

    /// <summary>output (+)= a ∘ b.</summary>
    [Kernel]
    public static void Multiply<T>(Index1D index, Matrix<T> a, Matrix<T> b, Matrix<T> output, int columns,
        Flag accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        var product = a[row, column] * b[row, column];
        output[row, column] = accumulate ? output[row, column] + product : product;
    }

    /// <summary>output (+)= factor · input.</summary>
    [Kernel]
    public static void Scale<T>(Index1D index, T factor, Matrix<T> input, Matrix<T> output, int columns,
        Flag accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        var product = factor * input[row, column];
        output[row, column] = accumulate ? output[row, column] + product : product;
    }

    /// <summary>output (+)= factor[0] · input: the factor never leaves the device.</summary>
    [Kernel]
    public static void ScaleBy<T>(Index1D index, ArrayView<T> factor, Matrix<T> input, Matrix<T> output, int columns,
        Flag accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        var product = factor[0] * input[row, column];
        output[row, column] = accumulate ? output[row, column] + product : product;
    }

    /// <summary>output[r, c] = input[r, c] + addend[c].</summary>
    [Kernel]
    public static void AddRow<T>(Index1D index, Matrix<T> input, ArrayView<T> addend, Matrix<T> output, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        output[row, column] = input[row, column] + addend[column];
    }

    /// <summary>output = f(input), f by its number in <see cref="Unary"/>.</summary>
    [Kernel]
    public static void Map<T>(Index1D index, int function, Matrix<T> input, Matrix<T> output, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        output[row, column] = UnaryKernelFunctions.Apply(function, input[row, column]);
    }

    /// <summary>inputGradient (+)= outputGradient ∘ f'(saved).</summary>
    [Kernel]
    public static void MapBackward<T>(Index1D index, int function, Matrix<T> saved, Matrix<T> outputGradient,
        Matrix<T> inputGradient, int columns, Flag accumulate) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        var gradient = UnaryKernelFunctions.Backward(function, saved[row, column], outputGradient[row, column]);
        inputGradient[row, column] = accumulate ? inputGradient[row, column] + gradient : gradient;
    }
}
