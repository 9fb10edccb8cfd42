using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

/// <summary>Softmax losses, rows divided over the device's threads. A row is read twice forward and once backward.</summary>
public sealed class CpuCrossEntropy<T>(CpuDevice device) : ICrossEntropy<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void LogSoftmax(MatrixView<T> input, MatrixView<T> output)
    {
        Shapes.Same(nameof(LogSoftmax), nameof(input), input, nameof(output), output);
        CpuLoops.OverRows(device, input.Rows, input.Columns, (first, count) =>
        {
            for (var r = first; r < first + count; r++)
                TensorPrimitives.Subtract(input.Row(r), SoftmaxRow.LogPartition<T>(input.Row(r)), output.Row(r));
        });
    }

    public void LogSoftmaxBackward(MatrixView<T> output, MatrixView<T> outputGradient, MatrixView<T> inputGradient, bool accumulate)
    {
        Shapes.Same(nameof(LogSoftmaxBackward), nameof(output), output, nameof(outputGradient), outputGradient);
        Shapes.Same(nameof(LogSoftmaxBackward), nameof(output), output, nameof(inputGradient), inputGradient);
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
        const string Operation = "CrossEntropy.Forward";
        Check(Operation, logits, targets, logPartition);
        Shapes.Is(Operation, nameof(losses), losses, logits.Rows, 1, $"one for each row of logits {logits}");
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

    public void Backward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition, MatrixView<T> lossGradient, MatrixView<T> logitsGradient, bool accumulate = false)
    {
        const string Operation = "CrossEntropy.Backward";
        Check(Operation, logits, targets, logPartition);
        Shapes.Is(Operation, nameof(lossGradient), lossGradient, logits.Rows, 1, $"one for each row of logits {logits}");
        Shapes.Same(Operation, nameof(logits), logits, nameof(logitsGradient), logitsGradient);
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

    static void Check(string operation, MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition)
    {
        Shapes.Present(operation, nameof(logits), logits);
        if (logits.Columns == 0 && logits.Rows > 0) throw new ShapeException(operation, $"logits {logits} has no classes to choose from.");
        Shapes.Count(operation, nameof(targets), targets, logits.Rows, $"one for each row of logits {logits}");
        Shapes.Is(operation, nameof(logPartition), logPartition, logits.Rows, 1, $"one for each row of logits {logits}");
        Shapes.InRange(operation, nameof(targets), targets, -1, logits.Columns, $"the columns of logits {logits} (-1: a row that does not count)");
    }
}
