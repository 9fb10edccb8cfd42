using System.Numerics;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Loss;

/// <summary>Softmax losses on a device that runs kernels.</summary>
sealed class GpuCrossEntropy<T>(GpuDevice device, KernelChoice? choice = null) : ICrossEntropy<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    internal static KernelOperation<ForwardCall> ForwardKernels { get; } = new("cross-entropy",
        new(VectorCrossEntropyKernels.ForwardInstance(),
            static (device, call) => VectorCrossEntropyKernels.LaunchForward(device, GroupARow(call.Logits),
                call.Logits.As<float>(), call.Logits.Columns, call.Targets.Array, call.LogPartition.As<float>(),
                call.Losses.As<float>()),
            KernelCondition.Floats, KernelCondition.RowsOn16Bytes),
        new(CrossEntropyKernels.ForwardInstance<T>(),
            static (device, call) => CrossEntropyKernels.LaunchForward<T>(device, GroupARow(call.Logits),
                call.Logits, call.Logits.Columns, call.Targets.Array, call.LogPartition, call.Losses)));

    internal static KernelOperation<BackwardCall> BackwardKernels { get; } = new("cross-entropy backward",
        new(VectorCrossEntropyKernels.BackwardInstance(),
            static (device, call) => VectorCrossEntropyKernels.LaunchBackward(device, GroupARow(call.Logits),
                call.Logits.As<float>(), call.Logits.Columns, call.Targets.Array, call.LogPartition.As<float>(),
                call.LossGradient.As<float>(), call.LogitsGradient.As<float>(), call.Accumulate),
            KernelCondition.Floats, KernelCondition.RowsOn16Bytes),
        new(CrossEntropyKernels.BackwardInstance<T>(),
            static (device, call) => CrossEntropyKernels.LaunchBackward<T>(device,
                Elements.Of(call.Logits, contiguous: false).Count, call.Logits, call.Logits.Columns, call.Targets.Array,
                call.LogPartition, call.LossGradient, call.LogitsGradient, call.Accumulate)));

    readonly KernelChoice choice = choice ?? KernelChoice.Default;

    internal readonly record struct ForwardCall(MatrixView<T> Logits, IndexView Targets, MatrixView<T> LogPartition,
        MatrixView<T> Losses);

    internal readonly record struct BackwardCall(MatrixView<T> Logits, IndexView Targets, MatrixView<T> LogPartition,
        MatrixView<T> LossGradient, MatrixView<T> LogitsGradient, bool Accumulate);

    public void LogSoftmax(MatrixView<T> input, MatrixView<T> output)
    {
        CrossEntropyChecks.LogSoftmax(device, input, output);
        if (input.Count == 0) return;
        CrossEntropyKernels.LaunchLogSoftmax<T>(device, GroupARow(input), input, output, input.Columns);
    }

    public void LogSoftmaxBackward(MatrixView<T> output, MatrixView<T> outputGradient, MatrixView<T> inputGradient,
        bool accumulate)
    {
        CrossEntropyChecks.LogSoftmaxBackward(device, output, outputGradient, inputGradient);
        if (output.Count == 0) return;
        CrossEntropyKernels.LaunchLogSoftmaxBackward<T>(device, GroupARow(output), output, outputGradient,
            inputGradient, output.Columns, accumulate);
    }

    public void Forward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition, MatrixView<T> losses)
    {
        CrossEntropyChecks.Forward(device, logits, targets, logPartition, losses);
        if (logits.Count == 0) return;
        ForwardKernels.Run(device, Query(logits, logits.HasRowsOn16Bytes), new(logits, targets, logPartition, losses));
    }

    public void Backward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition,
        MatrixView<T> lossGradient, MatrixView<T> logitsGradient, bool accumulate = false)
    {
        CrossEntropyChecks.Backward(device, logits, targets, logPartition, lossGradient, logitsGradient);
        if (logits.Count == 0) return;
        BackwardKernels.Run(device, Query(logits, logits.HasRowsOn16Bytes && logitsGradient.HasRowsOn16Bytes),
            new(logits, targets, logPartition, lossGradient, logitsGradient, accumulate));
    }

    KernelQuery Query(MatrixView<T> logits, bool hasRowsOn16Bytes) =>
        new(device.Capabilities, typeof(T), choice, logits.Rows, logits.Columns,
            0) { HasRowsOn16Bytes = hasRowsOn16Bytes };

    static LaunchConfig GroupARow(MatrixView<T> view) => (view.Rows, view.Columns <= 256 ? 64 : 256);
}
