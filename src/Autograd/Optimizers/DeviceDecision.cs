using System.Numerics;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>Steps that the device decides: their scale stays there, and the host reads of them when it asks.</summary>
sealed class DeviceDecision<T>(StepNumbers numbers) : StepDecision<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    StepOutcome outcome;
    string[] measured = [];
    double? recordedClipNorm;
    bool isUnread;

    public override StepNumbers OnDevice => numbers;

    public override bool IsRecording => numbers.AreRecording;

    public override double Decide(UndecidedStep<T> step, MatrixView<T>[] gradients, string[] names)
    {
        measured = names;
        if (IsRecording) recordedClipNorm = step.ClipNorm;
        else Write(step.Number, step.LearningRate, step.ClipNorm);
        numbers.Decide(gradients, step.Loss?.View ?? default, step.Decays.Beta1, step.Decays.Beta2);
        return 1;
    }

    public override void PrepareReplay(int number, double learningRate) => Write(number, learningRate, recordedClipNorm);

    public override (StepOutcome Outcome, int Refused, DivergedException? Error) Read()
    {
        if (!isUnread) return (outcome, 0, null);
        isUnread = false;
        var report = numbers.Read();
        outcome = new(report.Norm, report.Loss);
        return report.Refused == 0
            ? (outcome, 0, null)
            : (outcome, report.Refused, Refusal(outcome, report.Refused, measured.ElementAtOrDefault(report.BadGradient) ?? ""));
    }

    public override void Dispose() => numbers.Dispose();

    void Write(int number, double learningRate, double? clipNorm)
    {
        numbers.Write(learningRate, number, clipNorm);
        isUnread = true;
    }
}
