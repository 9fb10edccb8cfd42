using System.Numerics;
using ILGPU;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Kernels;

/// <summary>Launches of <see cref="DecisionKernels"/>: eight gradients a launch where they have no gaps, then the decision.</summary>
sealed class GpuDecision<T>(GpuDevice device, KernelChoice? choice) where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Decide(StepNumbers numbers, ReadOnlySpan<MatrixView<T>> gradients, MatrixView<T> loss, double beta1, double beta2)
    {
        if (!loss.IsNone) Shapes.Is(nameof(Decide), nameof(loss), loss, 1, 1, "a loss is one number");
        var firstBlocks = new int[gradients.Length];
        var blocks = 0;
        for (var i = 0; i < gradients.Length; i++)
        {
            Shapes.Present(nameof(Decide), $"gradients[{i}]", gradients[i]);
            firstBlocks[i] = blocks;
            blocks = checked(blocks + DecisionKernels.Blocks(gradients[i].Count));
        }
        numbers.FirstBlocks = firstBlocks;
        using var buffer = device.Allocate<double>(blocks);
        var squares = buffer.View;
        var several = KernelVariants.GradientNorm.IsTaken(new(device.Capabilities, typeof(T), choice ?? KernelChoice.Default, 0, 0, 0));
        for (var first = 0; first < gradients.Length;)
        {
            var count = 1;
            if (!several || !gradients[first].IsContiguous) One(gradients[first], firstBlocks[first], squares);
            else
            {
                while (count < Eight<ArrayView<T>>.Count && first + count < gradients.Length && gradients[first + count].IsContiguous) count++;
                Together(gradients.Slice(first, count), firstBlocks[first], squares);
            }
            first += count;
        }
        DecisionKernels.LaunchDecide(device, (1, ReductionKernels.Lanes), squares, loss.IsNone ? default : loss.Array,
            numbers.Settings, beta1, beta2, numbers.Decision);
    }

    void One(MatrixView<T> gradient, int firstBlock, ArrayView<double> squares)
    {
        var blocks = DecisionKernels.Blocks(gradient.Count);
        if (blocks == 0) return;
        var (count, columns) = Elements.Of(gradient, gradient.IsContiguous);
        ReductionKernels.LaunchDotBlocks<T>(device, (blocks, ReductionKernels.Lanes), gradient, gradient, columns, count, squares.SubView(firstBlock, blocks));
    }

    void Together(ReadOnlySpan<MatrixView<T>> gradients, int firstBlock, ArrayView<double> squares)
    {
        var blocks = 0;
        foreach (var gradient in gradients) blocks += DecisionKernels.Blocks(gradient.Count);
        if (blocks == 0) return;
        DecisionKernels.LaunchSquareBlocks(device, (blocks, ReductionKernels.Lanes),
            Eight<ArrayView<T>>.Of(gradients, static gradient => gradient.Array), squares.SubView(firstBlock, blocks));
    }
}
