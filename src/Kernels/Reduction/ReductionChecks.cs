using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Reduction;

/// <summary>What sums must satisfy on any device.</summary>
static class ReductionChecks
{
    public static void Sum<T>(ComputeDevice device, MatrixView<T> input, MatrixView<T> output) where T : unmanaged
    {
        Shapes.Present(device, nameof(Sum), nameof(input), input);
        Shapes.Is(device, nameof(Sum), nameof(output), output, 1, 1, "the sum is one number");
        Overlap.Refuse(nameof(Sum), nameof(output), output, nameof(input), input);
    }

    public static void Dot<T>(ComputeDevice device, MatrixView<T> a, MatrixView<T> b, MatrixView<T> output)
        where T : unmanaged
    {
        Shapes.Same(device, nameof(Dot), nameof(a), a, nameof(b), b);
        Shapes.Is(device, nameof(Dot), nameof(output), output, 1, 1, "the sum is one number");
        Overlap.Refuse(nameof(Dot), nameof(output), output, nameof(a), a);
        Overlap.Refuse(nameof(Dot), nameof(output), output, nameof(b), b);
    }

    public static void SquaredNorm<T>(ComputeDevice device, MatrixView<T> input) where T : unmanaged =>
        Shapes.Present(device, nameof(SquaredNorm), nameof(input), input);

    public static void SumRows<T>(ComputeDevice device, MatrixView<T> input, MatrixView<T> output) where T : unmanaged
    {
        Shapes.Present(device, nameof(SumRows), nameof(input), input);
        Shapes.Is(device, nameof(SumRows), nameof(output), output, 1, input.Columns,
            $"one sum for each column of input {input}");
        Overlap.Refuse(nameof(SumRows), nameof(output), output, nameof(input), input);
    }
}
