using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Loss;

/// <summary>What softmax losses must satisfy on any device.</summary>
static class CrossEntropyChecks
{
    public static void LogSoftmax<T>(ComputeDevice device, MatrixView<T> input, MatrixView<T> output)
        where T : unmanaged
    {
        Shapes.Same(device, nameof(LogSoftmax), nameof(input), input, nameof(output), output);
        Overlap.RefuseInPart(nameof(LogSoftmax), nameof(output), output, nameof(input), input);
    }

    public static void LogSoftmaxBackward<T>(ComputeDevice device, MatrixView<T> output, MatrixView<T> outputGradient,
        MatrixView<T> inputGradient)
        where T : unmanaged
    {
        Shapes.Same(device, nameof(LogSoftmaxBackward), nameof(output), output, nameof(outputGradient), outputGradient);
        Shapes.Same(device, nameof(LogSoftmaxBackward), nameof(output), output, nameof(inputGradient), inputGradient);
        Overlap.Refuse(nameof(LogSoftmaxBackward), nameof(inputGradient), inputGradient, nameof(output), output);
        Overlap.Refuse(nameof(LogSoftmaxBackward), nameof(inputGradient), inputGradient, nameof(outputGradient),
            outputGradient);
    }

    public static void Forward<T>(ComputeDevice device, MatrixView<T> logits, IndexView targets,
        MatrixView<T> logPartition, MatrixView<T> losses)
        where T : unmanaged
    {
        const string Operation = "CrossEntropy.Forward";
        Rows(device, Operation, logits, targets, logPartition);
        Shapes.Is(device, Operation, nameof(losses), losses, logits.Rows, 1, $"one for each row of logits {logits}");
        Overlap.Refuse(Operation, nameof(logPartition), logPartition, nameof(logits), logits);
        Overlap.Refuse(Operation, nameof(losses), losses, nameof(logits), logits);
        Overlap.Refuse(Operation, nameof(losses), losses, nameof(logPartition), logPartition);
    }

    public static void Backward<T>(ComputeDevice device, MatrixView<T> logits, IndexView targets,
        MatrixView<T> logPartition, MatrixView<T> lossGradient, MatrixView<T> logitsGradient)
        where T : unmanaged
    {
        const string Operation = "CrossEntropy.Backward";
        Rows(device, Operation, logits, targets, logPartition);
        Shapes.Is(device, Operation, nameof(lossGradient), lossGradient, logits.Rows, 1,
            $"one for each row of logits {logits}");
        Shapes.Same(device, Operation, nameof(logits), logits, nameof(logitsGradient), logitsGradient);
        Overlap.RefuseInPart(Operation, nameof(logitsGradient), logitsGradient, nameof(logits), logits);
        Overlap.Refuse(Operation, nameof(logitsGradient), logitsGradient, nameof(logPartition), logPartition);
        Overlap.Refuse(Operation, nameof(logitsGradient), logitsGradient, nameof(lossGradient), lossGradient);
    }

    static void Rows<T>(ComputeDevice device, string operation, MatrixView<T> logits, IndexView targets,
        MatrixView<T> logPartition) where T : unmanaged
    {
        Shapes.Present(device, operation, nameof(logits), logits);
        if (logits.Columns == 0 && logits.Rows > 0)
            throw new ShapeException(operation, $"logits {logits} has no classes to choose from.");
        Shapes.Count(device, operation, nameof(targets), targets, logits.Rows, $"one for each row of logits {logits}");
        Shapes.Is(device, operation, nameof(logPartition), logPartition, logits.Rows, 1,
            $"one for each row of logits {logits}");
        Shapes.InRange(device, operation, nameof(targets), targets, -1, logits.Columns,
            $"the columns of logits {logits} (-1: a row that does not count)");
    }
}
