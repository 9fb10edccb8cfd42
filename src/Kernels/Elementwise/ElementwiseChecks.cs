using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Elementwise;

/// <summary>What element-by-element work must satisfy on any device.</summary>
static class ElementwiseChecks
{
    public static void Fill<T>(ComputeDevice device, MatrixView<T> output)
        where T : unmanaged => Shapes.Present(device, nameof(Fill), nameof(output), output);

    public static void Copy<T>(ComputeDevice device, MatrixView<T> input, MatrixView<T> output) where T : unmanaged =>
        Shapes.Same(device, nameof(Copy), nameof(input), input, nameof(output), output);

    public static void Add<T>(ComputeDevice device, MatrixView<T> a, MatrixView<T> b, MatrixView<T> output)
        where T : unmanaged =>
        Pair(device, nameof(Add), a, b, output);

    public static void Multiply<T>(ComputeDevice device, MatrixView<T> a, MatrixView<T> b, MatrixView<T> output)
        where T : unmanaged =>
        Pair(device, nameof(Multiply), a, b, output);

    public static void Scale<T>(ComputeDevice device, MatrixView<T> input, MatrixView<T> output) where T : unmanaged =>
        Shapes.Same(device, nameof(Scale), nameof(input), input, nameof(output), output);

    public static void Scale<T>(ComputeDevice device, MatrixView<T> factor, MatrixView<T> input, MatrixView<T> output)
        where T : unmanaged
    {
        Shapes.Is(device, nameof(Scale), nameof(factor), factor, 1, 1, "one number for all elements");
        Scale(device, input, output);
    }

    public static void AddRow<T>(ComputeDevice device, MatrixView<T> input, MatrixView<T> row, MatrixView<T> output)
        where T : unmanaged
    {
        Shapes.Same(device, nameof(AddRow), nameof(input), input, nameof(output), output);
        Shapes.Is(device, nameof(AddRow), nameof(row), row, 1, input.Columns,
            $"one value for each column of input {input}");
    }

    public static void Map<T>(ComputeDevice device, Unary function, MatrixView<T> input, MatrixView<T> output)
        where T : unmanaged
    {
        Known(function);
        Shapes.Same(device, $"Map {function}", nameof(input), input, nameof(output), output);
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
        Shapes.Same(device, operation, function is Unary.Log or Unary.Square ? nameof(input) : nameof(output), saved,
            nameof(outputGradient), outputGradient);
        return saved;
    }

    static void Pair<T>(ComputeDevice device, string operation, MatrixView<T> a, MatrixView<T> b, MatrixView<T> output)
        where T : unmanaged
    {
        Shapes.Same(device, operation, nameof(a), a, nameof(b), b);
        Shapes.Same(device, operation, nameof(a), a, nameof(output), output);
    }

    static void Known(Unary function)
    {
        if (!Enum.IsDefined(function))
            throw new ArgumentOutOfRangeException(nameof(function), function, "No such function.");
    }
}
