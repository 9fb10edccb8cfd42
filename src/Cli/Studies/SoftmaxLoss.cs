using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Cli.Studies;

/// <summary>Mean cross-entropy of [batch, 256] logits, and its gradient.</summary>
sealed record SoftmaxLoss(int Batch, bool IsFused) : IImplementation
{
    const int Classes = 256;

    public string Name => IsFused ? "one operation" : "log-softmax apart";

    public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var logits = inputs.Numbers("logits", Batch, Classes);
        logits.RequiresGradient = true;
        int[] classes = [.. Enumerable.Range(0, Batch).Select(row => row * 37 % Classes)];
        if (IsFused)
        {
            var targets = inputs.Integers("targets", classes);
            return () => Gradients.Of(() => logits.CrossEntropy(targets).Mean(), logits);
        }
        // -1 at each row's class: what is picked from the log-probabilities.
        var picked = new T[Batch * Classes];
        for (var row = 0; row < Batch; row++) picked[row * Classes + classes[row]] = -T.One;
        var mask = inputs.Zeros("picked", Batch, Classes);
        mask.CopyFrom(picked);
        return () => Gradients.Of(() => logits.LogSoftmax().Multiply(mask).Sum().Scale(1.0 / Batch), logits);
    }
}
