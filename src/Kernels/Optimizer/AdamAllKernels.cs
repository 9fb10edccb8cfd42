using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>
/// One parameter of an Adam step over several: weights, gradient and moments, of one length, without gaps.
/// </summary>
readonly record struct AdamViews<T>(ArrayView<T> Weight, ArrayView<T> Gradient, ArrayView<T> First, ArrayView<T> Second)
    where T : unmanaged
{
    public static AdamViews<T> Of(AdamParameter<T> parameter) =>
        new(parameter.Weight.Array, parameter.Gradient.Array, parameter.FirstMoment.Array,
            parameter.SecondMoment.Array);
}

/// <summary>
/// Adam over up to eight parameters in one launch, a lane an element, the parameters one after the other;
/// element for element what <see cref="OptimizerKernels.Adam"/> does.
/// </summary>
static partial class AdamAllKernels
{
    [Kernel]
    public static void Adam<T>(Index1D index, Eight<AdamViews<T>> parameters, AdamConstants<T> rule, ClippedStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!step.Applies) return;
        var i = (long)(int)index;
        i = Take(parameters.Item0, i, rule, step);
        i = Take(parameters.Item1, i, rule, step);
        i = Take(parameters.Item2, i, rule, step);
        i = Take(parameters.Item3, i, rule, step);
        i = Take(parameters.Item4, i, rule, step);
        i = Take(parameters.Item5, i, rule, step);
        i = Take(parameters.Item6, i, rule, step);
        Take(parameters.Item7, i, rule, step);
    }

    // Updates the element, where it is one of this parameter; its number among those of the parameters behind, -1 where
    // it is done.
    static long Take<T>(AdamViews<T> parameter, long i, AdamConstants<T> rule, ClippedStep step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (i < 0) return i;
        if (i >= parameter.Weight.Length) return i - parameter.Weight.Length;
        var (w, m, v) = rule.Updated(parameter.Weight[i], parameter.Gradient[i], parameter.First[i],
            parameter.Second[i], step);
        parameter.First[i] = m;
        parameter.Second[i] = v;
        parameter.Weight[i] = w;
        return -1;
    }
}
