using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// One parameter of an Adam step over several: weights, gradient and moments, of one length, without gaps.
/// All empty where a place is left over.
/// </summary>
readonly record struct AdamViews<T>(ArrayView<T> Weight, ArrayView<T> Gradient, ArrayView<T> First, ArrayView<T> Second) where T : unmanaged;

/// <summary>
/// Adam over up to eight parameters in one launch, a lane an element, the parameters one after the other;
/// element for element what <see cref="OptimizerKernels.Adam"/> does.
/// </summary>
static partial class AdamAllKernels
{
    public const int ParametersALaunch = 8;

    [Kernel]
    public static void Adam<T>(Index1D index, AdamViews<T> p0, AdamViews<T> p1, AdamViews<T> p2, AdamViews<T> p3,
        AdamViews<T> p4, AdamViews<T> p5, AdamViews<T> p6, AdamViews<T> p7,
        AdamConstants<T> rule, DecidedStep step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var i = (long)(int)index;
        i = Take(p0, i, rule, step);
        i = Take(p1, i, rule, step);
        i = Take(p2, i, rule, step);
        i = Take(p3, i, rule, step);
        i = Take(p4, i, rule, step);
        i = Take(p5, i, rule, step);
        i = Take(p6, i, rule, step);
        Take(p7, i, rule, step);
    }

    // Updates the element, where it is one of this parameter; its number among those of the parameters behind, -1 where it is done.
    static long Take<T>(AdamViews<T> parameter, long i, AdamConstants<T> rule, DecidedStep step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (i < 0) return i;
        if (i >= parameter.Weight.Length) return i - parameter.Weight.Length;
        var g = T.CreateTruncating(step.Scale) * parameter.Gradient[i];
        var m = rule.Decay1 * parameter.First[i] + rule.Share1 * g;
        var v = rule.Decay2 * parameter.Second[i] + rule.Share2 * (g * g);
        parameter.First[i] = m;
        parameter.Second[i] = v;
        parameter.Weight[i] -= T.CreateTruncating(step.Rate) * m / (T.Sqrt(v) * T.CreateTruncating(step.Correction) + rule.Epsilon);
        return -1;
    }
}
