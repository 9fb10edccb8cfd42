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
                while (count < DecisionKernels.GradientsALaunch && first + count < gradients.Length && gradients[first + count].IsContiguous) count++;
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
        ReductionKernels.LaunchDotBlocks(device, (blocks, ReductionKernels.Lanes),
            gradient.Array, gradient.RowStride, gradient.Array, gradient.RowStride, columns, count, squares.SubView(firstBlock, blocks));
    }

    void Together(ReadOnlySpan<MatrixView<T>> gradients, int firstBlock, ArrayView<double> squares)
    {
        var views = new ArrayView<T>[DecisionKernels.GradientsALaunch];
        var blocks = 0;
        for (var i = 0; i < gradients.Length; i++)
        {
            views[i] = gradients[i].Array;
            blocks += DecisionKernels.Blocks(gradients[i].Count);
        }
        if (blocks == 0) return;
        DecisionKernels.LaunchSquareBlocks(device, (blocks, ReductionKernels.Lanes),
            views[0], views[1], views[2], views[3], views[4], views[5], views[6], views[7], squares.SubView(firstBlock, blocks));
    }
}
