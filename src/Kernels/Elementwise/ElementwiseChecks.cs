using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Elementwise;

/// <summary>What element-by-element work must satisfy on any device.</summary>
static class ElementwiseChecks
{
    public static void Fill<T>(ComputeDevice device, MatrixView<T> output)
        where T : unmanaged => Shapes.Present(device, nameof(Fill), nameof(output), output);

    public static void Copy<T>(ComputeDevice device, MatrixView<T> input, MatrixView<T> output) where T : unmanaged =>
        Single(device, nameof(Copy), input, output);

    public static void Add<T>(ComputeDevice device, MatrixView<T> a, MatrixView<T> b, MatrixView<T> output)
        where T : unmanaged =>
        Pair(device, nameof(Add), a, b, output);

    public static void Multiply<T>(ComputeDevice device, MatrixView<T> a, MatrixView<T> b, MatrixView<T> output)
        where T : unmanaged =>
        Pair(device, nameof(Multiply), a, b, output);

    public static void Scale<T>(ComputeDevice device, MatrixView<T> input, MatrixView<T> output) where T : unmanaged =>
        Single(device, nameof(Scale), input, output);

    public static void Scale<T>(ComputeDevice device, MatrixView<T> factor, MatrixView<T> input, MatrixView<T> output)
        where T : unmanaged
    {
        Shapes.Is(device, nameof(Scale), nameof(factor), factor, 1, 1, "one number for all elements");
        Scale(device, input, output);
        Overlap.RefuseInPart(nameof(Scale), nameof(output), output, nameof(factor), factor);
    }

    public static void AddRow<T>(ComputeDevice device, MatrixView<T> input, MatrixView<T> row, MatrixView<T> output)
        where T : unmanaged
    {
        Single(device, nameof(AddRow), input, output);
        Shapes.Is(device, nameof(AddRow), nameof(row), row, 1, input.Columns,
            $"one value for each column of input {input}");
        Overlap.RefuseInPart(nameof(AddRow), nameof(output), output, nameof(row), row);
    }

    public static void Map<T>(ComputeDevice device, Unary function, MatrixView<T> input, MatrixView<T> output)
        where T : unmanaged
    {
        Known(function);
        Single(device, $"Map {function}", input, output);
    }

    /// <summary>Returns the operand that the slope is computed from.</summary>
    public static MatrixView<T> MapBackward<T>(ComputeDevice device, Unary function, MatrixView<T> input,
        MatrixView<T> output, MatrixView<T> outputGradient, MatrixView<T> inputGradient)
        where T : unmanaged
    {
        Known(function);
        var operation = $"MapBackward {function}";
        Shapes.Same(device, operation, nameof(outputGradient), outputGradient, nameof(inputGradient), inputGradient);
        var saved = function switch
        {
            Unary.Negate => outputGradient,
            Unary.Log or Unary.Square => input,
            _ => output,
        };
        var savedName = function is Unary.Log or Unary.Square ? nameof(input) : nameof(output);
        Shapes.Same(device, operation, savedName, saved, nameof(outputGradient), outputGradient);
        Overlap.RefuseInPart(operation, nameof(inputGradient), inputGradient, nameof(outputGradient), outputGradient);
        Overlap.RefuseInPart(operation, nameof(inputGradient), inputGradient, savedName, saved);
        return saved;
    }

    static void Single<T>(ComputeDevice device, string operation, MatrixView<T> input, MatrixView<T> output)
        where T : unmanaged
    {
        Shapes.Same(device, operation, nameof(input), input, nameof(output), output);
        Overlap.RefuseInPart(operation, nameof(output), output, nameof(input), input);
    }

    static void Pair<T>(ComputeDevice device, string operation, MatrixView<T> a, MatrixView<T> b, MatrixView<T> output)
        where T : unmanaged
    {
        Shapes.Same(device, operation, nameof(a), a, nameof(b), b);
        Shapes.Same(device, operation, nameof(a), a, nameof(output), output);
        Overlap.RefuseInPart(operation, nameof(output), output, nameof(a), a);
        Overlap.RefuseInPart(operation, nameof(output), output, nameof(b), b);
    }

    static void Known(Unary function)
    {
        if (!Enum.IsDefined(function))
            throw new ArgumentOutOfRangeException(nameof(function), function, "No such function.");
    }
}
