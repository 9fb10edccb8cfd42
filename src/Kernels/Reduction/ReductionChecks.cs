namespace LdNetGpu.Kernels;

/// <summary>What sums must satisfy on any device.</summary>
static class ReductionChecks
{
    public static void Sum<T>(MatrixView<T> input, MatrixView<T> output) where T : unmanaged
    {
        Shapes.Present(nameof(Sum), nameof(input), input);
        Shapes.Is(nameof(Sum), nameof(output), output, 1, 1, "the sum is one number");
    }

    public static void Dot<T>(MatrixView<T> a, MatrixView<T> b, MatrixView<T> output) where T : unmanaged
    {
        Shapes.Same(nameof(Dot), nameof(a), a, nameof(b), b);
        Shapes.Is(nameof(Dot), nameof(output), output, 1, 1, "the sum is one number");
    }

    public static void SquaredNorm<T>(MatrixView<T> input) where T : unmanaged => Shapes.Present(nameof(SquaredNorm), nameof(input), input);

    public static void SumRows<T>(MatrixView<T> input, MatrixView<T> output) where T : unmanaged
    {
        Shapes.Present(nameof(SumRows), nameof(input), input);
        Shapes.Is(nameof(SumRows), nameof(output), output, 1, input.Columns, $"one sum for each column of input {input}");
    }
}
