using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Loss;

/// <summary>Softmax over columns with negative log-likelihood, each row its own distribution.</summary>
/// <exception cref="Devices.ShapeException">
/// Of every operation: shapes differ, an operand is missing or on another device, or an output shares
/// elements with another operand (<see cref="DeviceBackend{T}"/>).
/// </exception>
/// <exception cref="ObjectDisposedException">
/// Of every operation: the memory of an operand went back to its device.
/// </exception>
public interface ICrossEntropy<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// output = input - log sum exp(input), row by row; stable for any finite input. output may be input.
    /// </summary>
    /// <param name="input">[rows x classes].</param>
    /// <param name="output">[rows x classes], overwritten.</param>
    void LogSoftmax(MatrixView<T> input, MatrixView<T> output);

    /// <summary>inputGradient (+)= outputGradient - exp(output) · (row sum of outputGradient).</summary>
    /// <param name="output">[rows x classes]: what the forward pass wrote.</param>
    /// <param name="outputGradient">[rows x classes].</param>
    /// <param name="inputGradient">[rows x classes].</param>
    /// <param name="accumulate">Whether the gradient is added to what is there.</param>
    void LogSoftmaxBackward(MatrixView<T> output, MatrixView<T> outputGradient, MatrixView<T> inputGradient,
        bool accumulate);

    /// <summary>
    /// losses [rows x 1] = logPartition - logits[target]; logPartition [rows x 1] is kept for the backward pass. A
    /// target of -1 is a row that does not count: loss 0.
    /// </summary>
    /// <param name="logits">[rows x classes].</param>
    /// <param name="targets">[rows], each -1 to classes - 1.</param>
    /// <param name="logPartition">Overwritten.</param>
    /// <param name="losses">Overwritten.</param>
    /// <exception cref="Devices.ShapeException">Shapes differ, or a target is no class.</exception>
    void Forward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition, MatrixView<T> losses);

    /// <summary>
    /// logitsGradient (+)= lossGradient[row] · (softmax(logits) - onehot(target)); logitsGradient may be logits, which
    /// it then overwrites.
    /// </summary>
    /// <param name="logits">As in the forward pass.</param>
    /// <param name="targets">As in the forward pass.</param>
    /// <param name="logPartition">What the forward pass wrote.</param>
    /// <param name="lossGradient">[rows x 1].</param>
    /// <param name="logitsGradient">[rows x classes].</param>
    /// <param name="accumulate">Whether the gradient is added to what is there.</param>
    /// <exception cref="Devices.ShapeException">Shapes differ, or a target is no class.</exception>
    void Backward(MatrixView<T> logits, IndexView targets, MatrixView<T> logPartition, MatrixView<T> lossGradient,
        MatrixView<T> logitsGradient, bool accumulate = false);
}
