using System.Numerics;

namespace LdNetGpu.Kernels;

/// <summary>An Adam step's numbers in T: rate = lr / (1 - β1^t), correction = 1 / √(1 - β2^t).</summary>
readonly record struct AdamNumbers<T>(T Decay1, T Share1, T Decay2, T Share2, T Rate, T Correction, T Epsilon, T Scale) where T : unmanaged, IFloatingPointIeee754<T>
{
    public static AdamNumbers<T> Of(AdamStep step) => new(
        T.CreateTruncating(step.Beta1), T.CreateTruncating(1 - step.Beta1), T.CreateTruncating(step.Beta2), T.CreateTruncating(1 - step.Beta2),
        T.CreateTruncating(step.LearningRate / (1 - Math.Pow(step.Beta1, step.Number))),
        T.CreateTruncating(1 / Math.Sqrt(1 - Math.Pow(step.Beta2, step.Number))),
        T.CreateTruncating(step.Epsilon), T.CreateTruncating(step.GradientScale));
}
