using System.Numerics;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>Softmax losses on a device that runs kernels.</summary>
public sealed class GpuCrossEntropy<T>(GpuDevice device, KernelChoice? choice = null) : ICrossEntropy<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void LogSoftmax(MatrixView<T> input, MatrixView<T> output)
    {
        CrossEntropyChecks.LogSoftmax(input, output);
        if (input.Count == 0) return;
        CrossEntropyKernels.LaunchLogSoftmax<T>(device, GroupARow(input), input, output, input.Columns);
    }

    public void LogSoftmaxBackward(MatrixView<T> output, MatrixView<T> outputGradient, MatrixView<T> inputGradient, bool accumulate)
    {
        CrossEntropyChecks.LogSoftmaxBackward(output, outputGradient, inputGradient);
        if (output.Count == 0) return;
        CrossEntropyKernels.LaunchLogSoftmaxBackward<T>(device, GroupARow(output), output, outputGradient, inputGradient, output.Columns, accumulate);
    }

    public void Forward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition, MatrixView<T> losses)
    {
        CrossEntropyChecks.Forward(logits, targets, logPartition, losses);
        if (logits.Count == 0) return;
        if (KernelVariants.VectorCrossEntropy.IsTaken(Query(logits)) && IsWide(logits))
        {
            VectorCrossEntropyKernels.LaunchForward(device, GroupARow(logits), logits.As<float>(), logits.Columns, targets.Array,
                logPartition.As<float>(), losses.As<float>());
            return;
        }
        CrossEntropyKernels.LaunchForward<T>(device, GroupARow(logits), logits, logits.Columns, targets.Array, logPartition, losses);
    }

    public void Backward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition, MatrixView<T> lossGradient,
        MatrixView<T> logitsGradient, bool accumulate = false)
    {
        CrossEntropyChecks.Backward(logits, targets, logPartition, lossGradient, logitsGradient);
        if (logits.Count == 0) return;
        if (KernelVariants.VectorCrossEntropyBackward.IsTaken(Query(logits)) && IsWide(logits) && IsWide(logitsGradient))
        {
            VectorCrossEntropyKernels.LaunchBackward(device, GroupARow(logits), logits.As<float>(), logits.Columns, targets.Array,
                logPartition.As<float>(), lossGradient.As<float>(), logitsGradient.As<float>(), accumulate);
            return;
        }
        var (count, columns) = Elements.Of(logits, contiguous: false);
        CrossEntropyKernels.LaunchBackward<T>(device, count, logits, columns, targets.Array, logPartition, lossGradient, logitsGradient, accumulate);
    }

    KernelQuery Query(MatrixView<T> logits) => new(device.Capabilities, typeof(T), choice ?? KernelChoice.Default, logits.Rows, logits.Columns, 0);

    // Every row starts on a multiple of 16 bytes; T is float.
    static bool IsWide(MatrixView<T> view) => view.Offset % 4 == 0 && view.RowStride % 4 == 0;

    static LaunchConfig GroupARow(MatrixView<T> view) => (view.Rows, view.Columns <= 256 ? 64 : 256);
}
