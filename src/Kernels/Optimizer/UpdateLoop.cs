using System.Numerics;
using LdNetGpu.Kernels.Elementwise;

namespace LdNetGpu.Kernels.Optimizer;

/// <summary>
/// One update rule: new weight and state from the gradient. A rule with less state leaves the rest as it is.
/// </summary>
interface IUpdateRule<T> where T : unmanaged
{
    void Apply(ref Vector<T> weight, Vector<T> gradient, ref Vector<T> first, ref Vector<T> second);
}

/// <summary>
/// Reads weights, gradient and state once, writes weights and state once: an optimizer step costs what its memory
/// traffic costs.
/// </summary>
static class UpdateLoop
{
    /// <summary>State spans are as long as the weights, or empty where the rule has no such state.</summary>
    public static void Run<T, TRule>(TRule rule, Span<T> weight, ReadOnlySpan<T> gradient, Span<T> first,
        Span<T> second)
        where T : unmanaged where TRule : struct, IUpdateRule<T>
    {
        bool hasFirst = !first.IsEmpty, hasSecond = !second.IsEmpty;
        var i = 0;
        for (; i <= weight.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var w = VectorLoop.Load<T>(weight, i);
            var a = hasFirst ? VectorLoop.Load<T>(first, i) : default;
            var b = hasSecond ? VectorLoop.Load<T>(second, i) : default;
            rule.Apply(ref w, VectorLoop.Load(gradient, i), ref a, ref b);
            VectorLoop.Store(w, weight, i);
            if (hasFirst) VectorLoop.Store(a, first, i);
            if (hasSecond) VectorLoop.Store(b, second, i);
        }
        if (i == weight.Length) return;
        var lastWeight = VectorLoop.LoadPart<T>(weight, i);
        var lastFirst = hasFirst ? VectorLoop.LoadPart<T>(first, i) : default;
        var lastSecond = hasSecond ? VectorLoop.LoadPart<T>(second, i) : default;
        rule.Apply(ref lastWeight, VectorLoop.LoadPart(gradient, i), ref lastFirst, ref lastSecond);
        VectorLoop.StorePart(lastWeight, weight, i);
        if (hasFirst) VectorLoop.StorePart(lastFirst, first, i);
        if (hasSecond) VectorLoop.StorePart(lastSecond, second, i);
    }
}
