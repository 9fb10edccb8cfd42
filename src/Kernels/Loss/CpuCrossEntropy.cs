using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Reduction;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Loss;

/// <summary>
/// Softmax losses, rows divided over the device's threads. A row is read twice forward and once backward.
/// </summary>
sealed class CpuCrossEntropy<T>(CpuDevice device) : ICrossEntropy<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void LogSoftmax(MatrixView<T> input, MatrixView<T> output)
    {
        CrossEntropyChecks.LogSoftmax(device, input, output);
        CpuLoops.OverRows(device, input.Rows, input.Columns, (first, count) =>
        {
            for (var r = first; r < first + count; r++)
                TensorPrimitives.Subtract(input.Row(r), SoftmaxRow.LogPartition<T>(input.Row(r)), output.Row(r));
        });
    }

    public void LogSoftmaxBackward(MatrixView<T> output, MatrixView<T> outputGradient, MatrixView<T> inputGradient,
        bool accumulate)
    {
        CrossEntropyChecks.LogSoftmaxBackward(device, output, outputGradient, inputGradient);
        CpuLoops.OverRows(device, output.Rows, output.Columns, (first, count) =>
        {
            for (var r = first; r < first + count; r++)
            {
                var sum = SpanSums.Sum<T>(outputGradient.Row(r));
                if (accumulate) TensorPrimitives.Add(inputGradient.Row(r), outputGradient.Row(r), inputGradient.Row(r));
                else outputGradient.Row(r).CopyTo(inputGradient.Row(r));
                SoftmaxRow.Probabilities(output.Row(r), T.Zero, -sum, inputGradient.Row(r), accumulate: true);
            }
        });
    }

    public void Forward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition, MatrixView<T> losses)
    {
        CrossEntropyChecks.Forward(device, logits, targets, logPartition, losses);
        CpuLoops.OverRows(device, logits.Rows, logits.Columns, (first, count) =>
        {
            var target = targets.Span;
            for (var r = first; r < first + count; r++)
            {
                var row = logits.Row(r);
                var log = SoftmaxRow.LogPartition<T>(row);
                logPartition.Row(r)[0] = log;
                losses.Row(r)[0] = target[r] < 0 ? T.Zero : log - row[target[r]];
            }
        });
    }

    public void Backward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition,
        MatrixView<T> lossGradient, MatrixView<T> logitsGradient, bool accumulate = false)
    {
        CrossEntropyChecks.Backward(device, logits, targets, logPartition, lossGradient, logitsGradient);
        CpuLoops.OverRows(device, logits.Rows, logits.Columns, (first, count) =>
        {
            var target = targets.Span;
            for (var r = first; r < first + count; r++)
            {
                var gradient = logitsGradient.Row(r);
                if (target[r] < 0)
                {
                    if (!accumulate) gradient.Clear();
                    continue;
                }
                var factor = lossGradient.Row(r)[0];
                SoftmaxRow.Probabilities(logits.Row(r), logPartition.Row(r)[0], factor, gradient, accumulate);
                gradient[target[r]] -= factor;
            }
        });
    }
}
