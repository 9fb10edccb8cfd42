using System.Numerics;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Optimizer;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>The host clips or skips, at once.</summary>
sealed class HostClipping<T>(DeviceBackend<T> backend) : GradientClipping<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    StepOutcome outcome;

    public override StepNumbers? OnDevice => null;

    public override bool IsRecording => false;

    public override double ClipOrSkip(UnclippedStep<T> step, MatrixView<T>[] gradients, string[] names)
    {
        var squares = backend.Reduction.SquaredNorms(gradients);
        double sum = 0;
        foreach (var square in squares) sum += square;
        outcome = new(Math.Sqrt(sum), step.Loss?.Item() ?? 0);
        if (!double.IsFinite(sum) || !double.IsFinite(outcome.Loss))
        {
            var bad = Math.Max(0, Array.FindIndex(squares, square => !double.IsFinite(square)));
            throw Divergence(outcome, step.Number, names.ElementAtOrDefault(bad) ?? "");
        }
        // PyTorch's clip_grad_norm_: the small term keeps the factor defined at norm 0.
        return step.ClipNorm is { } limit ? Math.Min(1, limit / (outcome.GradientNorm + 1e-6)) : 1;
    }

    public override void PrepareReplay(int number, double learningRate) =>
        throw new InvalidOperationException("PrepareReplay: the CPU records no steps.");

    public override (StepOutcome Outcome, int Skipped, DivergedException? Error) Read() => (outcome, 0, null);

    public override void Dispose() { }
}
