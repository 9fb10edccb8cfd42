using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Kernels;

/// <summary>
/// The numbers of an optimizer's steps in the memory of a device that runs kernels. The host writes the settings before a step,
/// <see cref="Decide"/> adds what follows from the gradients, and the updates read both there: nothing is read back within a
/// step, and a recorded step replays with other numbers.
/// </summary>
/// <remarks>A refused step refuses all that follow, until the host has read of it (<see cref="Read"/>).</remarks>
public sealed class StepNumbers : IDisposable
{
    readonly GpuDevice device;
    readonly KernelChoice choice;
    readonly DeviceBuffer<double> settings, decision;

    internal StepNumbers(GpuDevice device, KernelChoice choice)
    {
        (this.device, this.choice) = (device, choice);
        settings = device.Allocate<double>(StepSettings.Length);
        decision = device.Allocate<double>(DecidedStep.Length);
        Allow();
    }

    internal StepSettings Settings => new(settings.View);

    internal DecidedStep Decision => new(decision.View);

    /// <summary>The block that each gradient of the last decision starts with.</summary>
    internal int[] FirstBlocks { get; set; } = [];

    /// <summary>Whether a step taken now is one to replay, with what <see cref="Write"/> has written by then.</summary>
    public bool AreRecording => device.IsRecording;

    /// <summary>What the next step reads.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="clipNorm">The norm that gradients are scaled down to when they exceed it; none: as they are.</param>
    /// <param name="learningRate">Of the rule.</param>
    public void Write(double learningRate, int number, double? clipNorm) => settings.CopyFrom([learningRate, number, clipNorm ?? double.PositiveInfinity]);

    /// <summary>
    /// The norm of all gradients, what they are multiplied by, and whether the step applies: not where the norm or the loss [1 x 1] (optional) is not
    /// finite. β1, β2: of an Adam step, which is corrected for its number. Nothing is read back; steps whose OnDevice is this follow it.
    /// </summary>
    /// <param name="gradients">Of all parameters.</param>
    /// <param name="loss">[1 x 1] or none.</param>
    /// <param name="beta1">0 for a rule without.</param>
    /// <param name="beta2">0 for a rule without.</param>
    public void Decide<T>(ReadOnlySpan<MatrixView<T>> gradients, MatrixView<T> loss = default, double beta1 = 0, double beta2 = 0)
        where T : unmanaged, IFloatingPointIeee754<T> => new GpuDecision<T>(device, choice).Decide(this, gradients, loss, beta1, beta2);

    /// <summary>What the last step came to, when the device has come to it; a refused one is then forgotten.</summary>
    public StepReport Read()
    {
        var values = new double[DecidedStep.Length];
        decision.CopyTo(values);
        var refused = (int)values[DecidedStep.RefusedAt];
        if (refused == 0) return new(values[DecidedStep.NormAt], values[DecidedStep.LossAt], 0, -1);
        Allow();
        var block = (int)values[DecidedStep.BadBlockAt];
        return new(values[DecidedStep.NormAt], values[DecidedStep.LossAt], refused, Math.Max(0, Array.FindLastIndex(FirstBlocks, first => first <= block)));
    }

    /// <summary>Gives the memory back; steps that are queued still read it.</summary>
    public void Dispose()
    {
        settings.Dispose();
        decision.Dispose();
    }

    void Allow()
    {
        var nothing = new double[DecidedStep.Length];
        nothing[DecidedStep.AppliesAt] = 1;
        decision.CopyFrom(nothing);
    }
}

/// <summary>What a step came to.</summary>
/// <param name="Norm">Of all gradients, before clipping.</param>
/// <param name="Loss">0 where none was given.</param>
/// <param name="Refused">The step that changed nothing, for its norm or its loss is not finite; 0: none.</param>
/// <param name="BadGradient">The first gradient that is not finite, where a step was refused for its norm.</param>
public readonly record struct StepReport(double Norm, double Loss, int Refused, int BadGradient);
