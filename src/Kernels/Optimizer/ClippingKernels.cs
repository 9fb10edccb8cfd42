using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Reduction;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>
/// From the gradients to the factor that clips them, on the device: squares of all gradients by blocks, then one group
/// that clips or skips.
/// </summary>
static partial class ClippingKernels
{
    /// <summary>
    /// squares[group] = sum of squares of the group's block, the gradients' blocks one after the other; as
    /// <see cref="ReductionKernels.DotBlocks"/> sums it. The gradients have no gaps.
    /// </summary>
    [Kernel]
    public static void SquareBlocks<T>(Eight<ArrayView<T>> gradients, ArrayView<double> squares)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var block = Grid.IdxX;
        var sum = Part(gradients.Item0, block);
        block -= Blocks(gradients.Item0.Length);
        sum += Part(gradients.Item1, block);
        block -= Blocks(gradients.Item1.Length);
        sum += Part(gradients.Item2, block);
        block -= Blocks(gradients.Item2.Length);
        sum += Part(gradients.Item3, block);
        block -= Blocks(gradients.Item3.Length);
        sum += Part(gradients.Item4, block);
        block -= Blocks(gradients.Item4.Length);
        sum += Part(gradients.Item5, block);
        block -= Blocks(gradients.Item5.Length);
        sum += Part(gradients.Item6, block);
        block -= Blocks(gradients.Item6.Length);
        sum += Part(gradients.Item7, block);
        var total = GroupExtensions.Reduce<double, Add<double>>(sum);
        if (Group.IdxX == 0) squares[Grid.IdxX] = total;
    }

    /// <summary>
    /// Norm, clip factor as PyTorch's clip_grad_norm_, rate and correction; by one group.
    /// A norm or a loss that is not finite skips the step, and all later ones.
    /// </summary>
    [Kernel]
    public static void ClipOrSkip<T>(ArrayView<double> squares, ArrayView<T> loss, StepSettings settings, double beta1,
        double beta2, ClippedStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var part = 0.0;
        var bad = squares.IntLength;
        for (var i = Group.IdxX; i < squares.IntLength; i += ReductionKernels.Lanes)
        {
            part += squares[i];
            if (!double.IsFinite(squares[i])) bad = Math.Min(bad, i);
        }
        var sum = GroupExtensions.Reduce<double, Add<double>>(part);
        var badBlock = GroupExtensions.Reduce<int, Min<int>>(bad);
        if (Group.IdxX != 0) return;
        var values = step.Values;
        if (values[ClippedStep.SkippedAt] != 0) return;
        var norm = Math.Sqrt(sum);
        var lossValue = loss.Length > 0 ? double.CreateTruncating(loss[0]) : 0.0;
        values[ClippedStep.NormAt] = norm;
        values[ClippedStep.LossAt] = lossValue;
        if (!double.IsFinite(sum) || !double.IsFinite(lossValue))
        {
            values[ClippedStep.AppliesAt] = 0;
            values[ClippedStep.SkippedAt] = settings.Number;
            values[ClippedStep.BadBlockAt] = badBlock < squares.IntLength ? badBlock : 0;
            return;
        }
        // The small term keeps the factor defined at norm 0.
        values[ClippedStep.ScaleAt] = double.IsFinite(settings.ClipNorm)
            ? double.MinNumber(1.0, settings.ClipNorm / (norm + 1e-6)) : 1.0;
        values[ClippedStep.RateAt] = settings.LearningRate / Decay.OneMinusPower(beta1, settings.Number);
        values[ClippedStep.CorrectionAt] = 1 / Math.Sqrt(Decay.OneMinusPower(beta2, settings.Number));
    }

    /// <summary>Blocks of a gradient of that many elements.</summary>
    public static int Blocks(long count) => (int)((count + ReductionKernels.Block - 1) / ReductionKernels.Block);

    // The lane's share of the block's sum; 0 where the block is another gradient's.
    static double Part<T>(ArrayView<T> gradient, int block) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sum = 0.0;
        if (block < 0 || block >= Blocks(gradient.Length)) return sum;
        var start = (long)block * ReductionKernels.Block;
        var end = Math.Min(gradient.Length, start + ReductionKernels.Block);
        for (var i = start + Group.IdxX; i < end; i += ReductionKernels.Lanes)
            sum += double.CreateTruncating(gradient[i]) * double.CreateTruncating(gradient[i]);
        return sum;
    }
}
