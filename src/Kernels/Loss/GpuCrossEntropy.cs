using System.Numerics;
using ILGPU;
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
        CrossEntropyKernels.LaunchLogSoftmax(device, GroupARow(input), input.Array, input.RowStride, output.Array, output.RowStride, input.Columns);
    }

    public void LogSoftmaxBackward(MatrixView<T> output, MatrixView<T> outputGradient, MatrixView<T> inputGradient, bool accumulate)
    {
        CrossEntropyChecks.LogSoftmaxBackward(output, outputGradient, inputGradient);
        if (output.Count == 0) return;
        CrossEntropyKernels.LaunchLogSoftmaxBackward(device, GroupARow(output), output.Array, output.RowStride, outputGradient.Array, outputGradient.RowStride,
            inputGradient.Array, inputGradient.RowStride, output.Columns, accumulate);
    }

    public void Forward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition, MatrixView<T> losses)
    {
        CrossEntropyChecks.Forward(logits, targets, logPartition, losses);
        if (logits.Count == 0) return;
        if (KernelVariants.VectorCrossEntropy.IsTaken(Query(logits)) && IsWide(logits))
        {
            VectorCrossEntropyKernels.LaunchForward(device, GroupARow(logits), Floats(logits), logits.RowStride, logits.Columns, targets.Array,
                Floats(logPartition), logPartition.RowStride, Floats(losses), losses.RowStride);
            return;
        }
        CrossEntropyKernels.LaunchForward(device, GroupARow(logits), logits.Array, logits.RowStride, logits.Columns, targets.Array,
            logPartition.Array, logPartition.RowStride, losses.Array, losses.RowStride);
    }

    public void Backward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition, MatrixView<T> lossGradient,
        MatrixView<T> logitsGradient, bool accumulate = false)
    {
        CrossEntropyChecks.Backward(logits, targets, logPartition, lossGradient, logitsGradient);
        if (logits.Count == 0) return;
        if (KernelVariants.VectorCrossEntropyBackward.IsTaken(Query(logits)) && IsWide(logits) && IsWide(logitsGradient))
        {
            VectorCrossEntropyKernels.LaunchBackward(device, GroupARow(logits), Floats(logits), logits.RowStride, logits.Columns, targets.Array,
                Floats(logPartition), logPartition.RowStride, Floats(lossGradient), lossGradient.RowStride,
                Floats(logitsGradient), logitsGradient.RowStride, accumulate);
            return;
        }
        var (count, columns) = Elements.Of(logits, contiguous: false);
        CrossEntropyKernels.LaunchBackward(device, count, logits.Array, logits.RowStride, targets.Array, logPartition.Array, logPartition.RowStride,
            lossGradient.Array, lossGradient.RowStride, logitsGradient.Array, logitsGradient.RowStride, columns, accumulate);
    }

    KernelQuery Query(MatrixView<T> logits) => new(device.Capabilities, typeof(T), choice ?? KernelChoice.Default, logits.Rows, logits.Columns, 0);

    // Every row starts on a multiple of 16 bytes; T is float.
    static bool IsWide(MatrixView<T> view) => view.Offset % 4 == 0 && view.RowStride % 4 == 0;

    // The variant was chosen for T = float.
    static ArrayView<float> Floats(MatrixView<T> view) => view.Array.Cast<float>();

    static LaunchConfig GroupARow(MatrixView<T> view) => (view.Rows, view.Columns <= 256 ? 64 : 256);
}
