using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Loss;

/// <summary>
/// Softmax with negative log-likelihood. Forward and log-softmax take a group a row: m = max x, log Z = m + log Σ exp(x
/// - m). Gradients of the logits know log Z already and take a lane an element.
/// </summary>
static partial class CrossEntropyKernels
{
    /// <summary>output = input - log Z, row by row.</summary>
    [Kernel]
    public static void LogSoftmax<T>(Matrix<T> input, Matrix<T> output, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = Grid.IdxX;
        var logPartition = LogPartition(input, row, columns);
        for (var i = Group.IdxX; i < columns; i += Group.DimX) output[row, i] = input[row, i] - logPartition;
    }

    /// <summary>inputGradient (+)= outputGradient - exp(output) · Σ outputGradient.</summary>
    [Kernel]
    public static void LogSoftmaxBackward<T>(Matrix<T> output, Matrix<T> outputGradient, Matrix<T> inputGradient,
        int columns, Flag accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = Grid.IdxX;
        var part = T.Zero;
        for (var i = Group.IdxX; i < columns; i += Group.DimX) part += outputGradient[row, i];
        var sum = GroupExtensions.AllReduce<T, Add<T>>(part);
        for (var i = Group.IdxX; i < columns; i += Group.DimX)
        {
            var gradient = outputGradient[row, i] - T.Exp(output[row, i]) * sum;
            inputGradient[row, i] = accumulate ? inputGradient[row, i] + gradient : gradient;
        }
    }

    /// <summary>logPartition and loss of each row; a target of -1 has loss 0.</summary>
    [Kernel]
    public static void Forward<T>(Matrix<T> logits, int columns, ArrayView<int> targets, Matrix<T> logPartition,
        Matrix<T> losses)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = Grid.IdxX;
        var log = LogPartition(logits, row, columns);
        if (Group.IdxX == 0)
        {
            var target = targets[row];
            logPartition[row, 0] = log;
            losses[row, 0] = target < 0 ? T.Zero : log - logits[row, target];
        }
    }

    /// <summary>
    /// logitsGradient (+)= lossGradient[row] · (exp(logits - log Z) - [column = target]), 0 for rows that do not count.
    /// </summary>
    [Kernel]
    public static void Backward<T>(Index1D index, Matrix<T> logits, int columns, ArrayView<int> targets,
        Matrix<T> logPartition, Matrix<T> lossGradient, Matrix<T> logitsGradient, Flag accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        var target = targets[row];
        if (target < 0)
        {
            if (!accumulate) logitsGradient[row, column] = T.Zero;
            return;
        }
        var probability = T.Exp(logits[row, column] - logPartition[row, 0]);
        var gradient = lossGradient[row, 0] * (column == target ? probability - T.One : probability);
        logitsGradient[row, column] = accumulate ? logitsGradient[row, column] + gradient : gradient;
    }

    /// <summary>log Z of the group's row, in every lane.</summary>
    static T LogPartition<T>(Matrix<T> x, int row, int columns) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var part = T.NegativeInfinity;
        for (var i = Group.IdxX; i < columns; i += Group.DimX) part = T.MaxNumber(part, x[row, i]);
        var largest = GroupExtensions.AllReduce<T, Max<T>>(part);
        var sum = T.Zero;
        for (var i = Group.IdxX; i < columns; i += Group.DimX) sum += T.Exp(x[row, i] - largest);
        var total = GroupExtensions.AllReduce<T, Add<T>>(sum);
        return largest + T.Log(total);
    }
}
