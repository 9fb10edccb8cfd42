using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// Element-by-element work, a lane an element (<see cref="Elements"/>). Each view comes with its row stride; with accumulate the result is added to the output.
/// </summary>
static partial class ElementwiseKernels
{
    [Kernel]
    public static void Fill<T>(Index1D index, ArrayView<T> output, int outputStride, int columns, T value) where T : unmanaged, IFloatingPointIeee754<T>
    {
        output[Elements.Place(index, columns, outputStride)] = value;
    }

    [Kernel]
    public static void Copy<T>(Index1D index, ArrayView<T> input, int inputStride, ArrayView<T> output, int outputStride, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        output[Elements.Place(index, columns, outputStride)] = input[Elements.Place(index, columns, inputStride)];
    }

    /// <summary>output = a + b.</summary>
    [Kernel]
    public static void Add<T>(Index1D index, ArrayView<T> a, int aStride, ArrayView<T> b, int bStride, ArrayView<T> output, int outputStride, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        output[Elements.Place(index, columns, outputStride)] = a[Elements.Place(index, columns, aStride)] + b[Elements.Place(index, columns, bStride)];
    }

    /// <summary>output (+)= a ∘ b.</summary>
    [Kernel]
    public static void Multiply<T>(Index1D index, ArrayView<T> a, int aStride, ArrayView<T> b, int bStride, ArrayView<T> output, int outputStride, int columns,
        bool accumulate) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var product = a[Elements.Place(index, columns, aStride)] * b[Elements.Place(index, columns, bStride)];
        var place = Elements.Place(index, columns, outputStride);
        output[place] = accumulate ? output[place] + product : product;
    }

    /// <summary>output (+)= factor · input.</summary>
    [Kernel]
    public static void Scale<T>(Index1D index, T factor, ArrayView<T> input, int inputStride, ArrayView<T> output, int outputStride,
        int columns, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var product = factor * input[Elements.Place(index, columns, inputStride)];
        var place = Elements.Place(index, columns, outputStride);
        output[place] = accumulate ? output[place] + product : product;
    }

    /// <summary>output (+)= factor[0] · input: the factor never leaves the device.</summary>
    [Kernel]
    public static void ScaleBy<T>(Index1D index, ArrayView<T> factor, ArrayView<T> input, int inputStride, ArrayView<T> output, int outputStride, int columns,
        bool accumulate) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var product = factor[0] * input[Elements.Place(index, columns, inputStride)];
        var place = Elements.Place(index, columns, outputStride);
        output[place] = accumulate ? output[place] + product : product;
    }

    /// <summary>output[r, c] = input[r, c] + row[c].</summary>
    [Kernel]
    public static void AddRow<T>(Index1D index, ArrayView<T> input, int inputStride, ArrayView<T> row, ArrayView<T> output, int outputStride, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        output[Elements.Place(index, columns, outputStride)] = input[Elements.Place(index, columns, inputStride)] + row[index % columns];
    }

    /// <summary>output = f(input), f by its number in <see cref="Unary"/>.</summary>
    [Kernel]
    public static void Map<T>(Index1D index, int function, ArrayView<T> input, int inputStride, ArrayView<T> output, int outputStride, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        output[Elements.Place(index, columns, outputStride)] = UnaryKernelFunctions.Apply(function, input[Elements.Place(index, columns, inputStride)]);
    }

    /// <summary>inputGradient (+)= outputGradient ∘ f'(saved).</summary>
    [Kernel]
    public static void MapBackward<T>(Index1D index, int function, ArrayView<T> saved, int savedStride, ArrayView<T> outputGradient, int outputGradientStride,
        ArrayView<T> inputGradient, int inputGradientStride, int columns, bool accumulate) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var gradient = UnaryKernelFunctions.Backward(function, saved[Elements.Place(index, columns, savedStride)],
            outputGradient[Elements.Place(index, columns, outputGradientStride)]);
        var place = Elements.Place(index, columns, inputGradientStride);
        inputGradient[place] = accumulate ? inputGradient[place] + gradient : gradient;
    }
}
