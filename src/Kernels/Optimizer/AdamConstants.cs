using System.Numerics;

namespace LdNetGpu.Kernels;

/// <summary>What every step of an Adam run has in common, in T.</summary>
readonly record struct AdamConstants<T>(T Decay1, T Share1, T Decay2, T Share2, T Epsilon) where T : unmanaged, IFloatingPointIeee754<T>
{
    public static AdamConstants<T> Of(AdamStep step) => new(
        T.CreateTruncating(step.Beta1), T.CreateTruncating(1 - step.Beta1), T.CreateTruncating(step.Beta2), T.CreateTruncating(1 - step.Beta2), T.CreateTruncating(step.Epsilon));
}
