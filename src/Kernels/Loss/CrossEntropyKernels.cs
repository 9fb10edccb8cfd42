using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// Softmax with negative log-likelihood. Forward and log-softmax take a group a row: m = max x, log Z = m + log Σ exp(x - m). Gradients of the logits
/// know log Z already and take a lane an element.
/// </summary>
static partial class CrossEntropyKernels
{
    /// <summary>output = input - log Z, row by row.</summary>
    [Kernel]
    public static void LogSoftmax<T>(ArrayView<T> input, int inputStride, ArrayView<T> output, int outputStride, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var source = (long)Grid.IdxX * inputStride;
        var target = (long)Grid.IdxX * outputStride;
        var logPartition = LogPartition(input, source, columns);
        for (var i = Group.IdxX; i < columns; i += Group.DimX) output[target + i] = input[source + i] - logPartition;
    }

    /// <summary>inputGradient (+)= outputGradient - exp(output) · Σ outputGradient.</summary>
    [Kernel]
    public static void LogSoftmaxBackward<T>(ArrayView<T> output, int outputStride, ArrayView<T> outputGradient, int outputGradientStride,
        ArrayView<T> inputGradient, int inputGradientStride, int columns, bool accumulate) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var saved = (long)Grid.IdxX * outputStride;
        var source = (long)Grid.IdxX * outputGradientStride;
        var target = (long)Grid.IdxX * inputGradientStride;
        var part = T.Zero;
        for (var i = Group.IdxX; i < columns; i += Group.DimX) part += outputGradient[source + i];
        var sum = GroupExtensions.AllReduce<T, Add<T>>(part);
        for (var i = Group.IdxX; i < columns; i += Group.DimX)
        {
            var gradient = outputGradient[source + i] - T.Exp(output[saved + i]) * sum;
            inputGradient[target + i] = accumulate ? inputGradient[target + i] + gradient : gradient;
        }
    }

    /// <summary>logPartition and loss of each row; a target of -1 has loss 0.</summary>
    [Kernel]
    public static void Forward<T>(ArrayView<T> logits, int logitsStride, int columns, ArrayView<int> targets, ArrayView<T> logPartition, int logPartitionStride,
        ArrayView<T> losses, int lossesStride) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = Grid.IdxX;
        var source = (long)row * logitsStride;
        var log = LogPartition(logits, source, columns);
        if (Group.IdxX == 0)
        {
            var target = targets[row];
            logPartition[(long)row * logPartitionStride] = log;
            losses[(long)row * lossesStride] = target < 0 ? T.Zero : log - logits[source + target];
        }
    }

    /// <summary>logitsGradient (+)= lossGradient[row] · (exp(logits - log Z) - [column = target]), 0 for rows that do not count.</summary>
    [Kernel]
    public static void Backward<T>(Index1D index, ArrayView<T> logits, int logitsStride, ArrayView<int> targets,
        ArrayView<T> logPartition, int logPartitionStride, ArrayView<T> lossGradient, int lossGradientStride,
        ArrayView<T> logitsGradient, int logitsGradientStride, int columns, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = index / columns;
        var column = index - row * columns;
        var target = targets[row];
        var place = (long)row.X * logitsGradientStride + column;
        if (target < 0)
        {
            if (!accumulate) logitsGradient[place] = T.Zero;
            return;
        }
        var probability = T.Exp(logits[(long)row.X * logitsStride + column] - logPartition[(long)row.X * logPartitionStride]);
        var gradient = lossGradient[(long)row.X * lossGradientStride] * (column == target ? probability - T.One : probability);
        logitsGradient[place] = accumulate ? logitsGradient[place] + gradient : gradient;
    }

    /// <summary>log Z of the group's row, in every lane.</summary>
    static T LogPartition<T>(ArrayView<T> x, long start, int columns) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var part = T.NegativeInfinity;
        for (var i = Group.IdxX; i < columns; i += Group.DimX) part = T.MaxNumber(part, x[start + i]);
        var largest = GroupExtensions.AllReduce<T, Max<T>>(part);
        var sum = T.Zero;
        for (var i = Group.IdxX; i < columns; i += Group.DimX) sum += T.Exp(x[start + i] - largest);
        var total = GroupExtensions.AllReduce<T, Add<T>>(sum);
        return largest + T.Log(total);
    }
}
