using System.Numerics;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Optimizer;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>A step whose gradients are not clipped yet.</summary>
/// <param name="Number">From 1.</param>
/// <param name="LearningRate">Of the rule.</param>
/// <param name="ClipNorm">The global L2 norm that gradients are scaled down to when they exceed it.</param>
/// <param name="Loss">What was minimised, one element.</param>
/// <param name="Decays">An Adam step's β1 and β2; 0 for rules that are not corrected for the step's number.</param>
readonly record struct UnclippedStep<T>(int Number, double LearningRate, double? ClipNorm, Tensor<T>? Loss,
    (double Beta1, double Beta2) Decays)
    where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>
/// What a step's gradients are multiplied by, so that their global norm is clipped, and whether the step is skipped, as
/// it is where its norm or its loss is not finite: found where the gradients are at hand.
/// </summary>
abstract class GradientClipping<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>By the device where it can, else by the host, which then reads gradients as fast as any.</summary>
    public static GradientClipping<T> Of(DeviceBackend<T> backend) =>
        backend.Optimizers.NewStepNumbers() is { } numbers
            ? new DeviceClipping<T>(numbers) : new HostClipping<T>(backend);

    /// <summary>Where updates find the factor; null where they are given its scale.</summary>
    public abstract StepNumbers? OnDevice { get; }

    /// <summary>Whether a step taken now is one to replay.</summary>
    public abstract bool IsRecording { get; }

    /// <summary>Clips a step's gradients, or skips it.</summary>
    /// <param name="step">What it is to be decided by.</param>
    /// <param name="gradients">Of all parameters that have one.</param>
    /// <param name="names">Of the gradients, for the error.</param>
    /// <returns>What updates multiply the gradients by; 1 where they find that on the device.</returns>
    /// <exception cref="DivergedException">The host has skipped the step.</exception>
    public abstract double ClipOrSkip(UnclippedStep<T> step, MatrixView<T>[] gradients, string[] names);

    /// <summary>Before the replay of a recorded step: what it is to read.</summary>
    public abstract void PrepareReplay(int number, double learningRate);

    /// <summary>
    /// What the last step came to, and the step that the device has skipped since the last call, with the error that
    /// says so.
    /// </summary>
    public abstract (StepOutcome Outcome, int Skipped, DivergedException? Error) Read();

    public abstract void Dispose();

    protected static DivergedException Divergence(StepOutcome outcome, int number, string badGradient) =>
        double.IsFinite(outcome.Loss)
        ? new(number, badGradient, outcome.GradientNorm,
            $"step {number}: the gradient of {badGradient} is not finite; no parameter was changed.")
        : new(number, "loss", outcome.Loss, Invariant($"the loss is {outcome.Loss}"));
}
