using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>
/// The numbers of an optimizer's steps in the memory of a device that runs kernels. The host writes the settings before
/// a step, <see cref="ClipOrSkip"/> adds what follows from the gradients, and the updates read both there: nothing is
/// read back within a step, and a recorded step replays with other numbers.
/// </summary>
/// <remarks>A skipped step skips all that follow, until the host has read of it (<see cref="Read"/>).</remarks>
public sealed class StepNumbers : IDisposable
{
    readonly GpuDevice device;
    readonly KernelChoice choice;
    readonly DeviceBuffer<double> settings, clipped;

    internal StepNumbers(GpuDevice device, KernelChoice choice)
    {
        (this.device, this.choice) = (device, choice);
        settings = device.Allocate<double>(StepSettings.Length);
        clipped = device.Allocate<double>(ClippedStep.Length);
        Reset();
    }

    internal StepSettings Settings => new(settings.View);

    internal ClippedStep Clipped => new(clipped.View);

    /// <summary>The block that each gradient of the last step starts with.</summary>
    internal int[] FirstBlocks { get; set; } = [];

    /// <summary>Whether a step taken now is one to replay, with what <see cref="Write"/> has written by then.</summary>
    public bool AreRecording => device.IsRecording;

    /// <summary>What the next step reads.</summary>
    /// <param name="learningRate">Of the rule.</param>
    /// <param name="number">From 1.</param>
    /// <param name="clipNorm">The norm that gradients are scaled down to when they exceed it; none: as they
    /// are.</param>
    /// <exception cref="ArgumentOutOfRangeException">A rate that is no finite number, a number below 1, or a norm below
    /// 0.</exception>
    public void Write(double learningRate, int number, double? clipNorm)
    {
        if (!double.IsFinite(learningRate))
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "A rate is a finite number.");
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        if (clipNorm is { } norm && !(norm >= 0))
            throw new ArgumentOutOfRangeException(nameof(clipNorm), norm, "A norm is 0 or more.");
        settings.CopyFrom([learningRate, number, clipNorm ?? double.PositiveInfinity]);
    }

    /// <summary>
    /// The norm of all gradients, what they are multiplied by, and whether the step applies: not where the norm or the
    /// loss [1 x 1] (optional) is not finite. β1, β2: of an Adam step, which is corrected for its number. Nothing is
    /// read back; steps whose OnDevice is this follow it.
    /// </summary>
    /// <param name="gradients">Of all parameters.</param>
    /// <param name="loss">[1 x 1] or none.</param>
    /// <param name="beta1">0 for a rule without.</param>
    /// <param name="beta2">0 for a rule without.</param>
    public void ClipOrSkip<T>(ReadOnlySpan<MatrixView<T>> gradients, MatrixView<T> loss = default, double beta1 = 0,
        double beta2 = 0)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new GpuClipping<T>(device, choice).ClipOrSkip(this, gradients, loss, beta1, beta2);

    /// <summary>What the last step came to, when the device has come to it; a skipped one is then forgotten.</summary>
    public StepReport Read()
    {
        var values = new double[ClippedStep.Length];
        clipped.CopyTo(values);
        var skipped = (int)values[ClippedStep.SkippedAt];
        if (skipped == 0) return new(values[ClippedStep.NormAt], values[ClippedStep.LossAt], 0, -1);
        Reset();
        var block = (int)values[ClippedStep.BadBlockAt];
        return new(values[ClippedStep.NormAt], values[ClippedStep.LossAt], skipped,
            Math.Max(0, Array.FindLastIndex(FirstBlocks, first => first <= block)));
    }

    /// <summary>Gives the memory back; steps that are queued still read it.</summary>
    public void Dispose()
    {
        settings.Dispose();
        clipped.Dispose();
    }

    void Reset()
    {
        var nothing = new double[ClippedStep.Length];
        nothing[ClippedStep.AppliesAt] = 1;
        clipped.CopyFrom(nothing);
    }
}

/// <summary>What a step came to.</summary>
/// <param name="Norm">Of all gradients, before clipping.</param>
/// <param name="Loss">0 where none was given.</param>
/// <param name="Skipped">The step that changed nothing, for its norm or its loss is not finite; 0: none.</param>
/// <param name="BadGradient">The first gradient that is not finite, where a step was skipped for its norm.</param>
public readonly record struct StepReport(double Norm, double Loss, int Skipped, int BadGradient);
