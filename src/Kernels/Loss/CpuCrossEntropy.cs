using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

#pragma warning disable CS9113
public sealed class CpuCrossEntropy<T>(CpuDevice device) : ICrossEntropy<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void LogSoftmax(MatrixView<T> input, MatrixView<T> output) => throw new NotSupportedException();
    public void LogSoftmaxBackward(MatrixView<T> output, MatrixView<T> outputGradient, MatrixView<T> inputGradient, bool accumulate) => throw new NotSupportedException();
    public void Forward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition, MatrixView<T> losses) => throw new NotSupportedException();
    public void Backward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition, MatrixView<T> lossGradient, MatrixView<T> logitsGradient, bool accumulate = false) => throw new NotSupportedException();
}
