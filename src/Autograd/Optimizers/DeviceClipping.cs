using System.Numerics;
using LdNetGpu.Kernels.Optimizer;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>The device clips or skips: the factor stays there, and the host reads of them when it asks.</summary>
sealed class DeviceClipping<T>(StepNumbers numbers) : GradientClipping<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    StepOutcome outcome;
    string[] measured = [];
    double? recordedClipNorm;
    bool isUnread;

    public override StepNumbers OnDevice => numbers;

    public override bool IsRecording => numbers.AreRecording;

    public override double ClipOrSkip(UnclippedStep<T> step, MatrixView<T>[] gradients, string[] names)
    {
        measured = names;
        if (IsRecording) recordedClipNorm = step.ClipNorm;
        else Write(step.Number, step.LearningRate, step.ClipNorm);
        numbers.ClipOrSkip(gradients, step.Loss?.View ?? default, step.Decays.Beta1, step.Decays.Beta2);
        return 1;
    }

    public override void PrepareReplay(int number, double learningRate) =>
        Write(number, learningRate, recordedClipNorm);

    public override (StepOutcome Outcome, int Skipped, DivergedException? Error) Read()
    {
        if (!isUnread) return (outcome, 0, null);
        isUnread = false;
        var report = numbers.Read();
        outcome = new(report.Norm, report.Loss);
        return report.Skipped == 0
            ? (outcome, 0, null)
            : (outcome, report.Skipped,
                Divergence(outcome, report.Skipped, measured.ElementAtOrDefault(report.BadGradient) ?? ""));
    }

    public override void Dispose() => numbers.Dispose();

    void Write(int number, double learningRate, double? clipNorm)
    {
        numbers.Write(learningRate, number, clipNorm);
        isUnread = true;
    }
}
