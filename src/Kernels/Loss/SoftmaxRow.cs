using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Simd;

namespace LdNetGpu.Kernels.Loss;

/// <summary>The three passes over one row that softmax is made of.</summary>
static class SoftmaxRow
{
    /// <summary>log sum exp(x): the largest element is taken out first, so nothing overflows.</summary>
    public static T LogPartition<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var largest = TensorPrimitives.Max(x);
        return largest + T.Log(SumExp(x, largest));
    }

    /// <summary>output = exp(x - logPartition) · factor, added to what is there or in its place.</summary>
    public static void Probabilities<T>(ReadOnlySpan<T> x, T logPartition, T factor, Span<T> output, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (shift, scale) = (new Vector<T>(logPartition), new Vector<T>(factor));
        var i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var p = Exp(VectorLoop.Load(x, i) - shift) * scale;
            VectorLoop.Store(accumulate ? p + VectorLoop.Load<T>(output, i) : p, output, i);
        }
        if (i == x.Length) return;
        var last = Exp(VectorLoop.LoadPart(x, i) - shift) * scale;
        VectorLoop.StorePart(accumulate ? last + VectorLoop.LoadPart<T>(output, i) : last, output, i);
    }

    static T SumExp<T>(ReadOnlySpan<T> x, T largest) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var shift = new Vector<T>(largest);
        Vector<T> even = default, odd = default;
        var (i, width) = (0, Vector<T>.Count);
        for (; i <= x.Length - 2 * width; i += 2 * width)
        {
            even += Exp(VectorLoop.Load(x, i) - shift);
            odd += Exp(VectorLoop.Load(x, i + width) - shift);
        }
        for (; i < x.Length; i += width)
            even += Exp((i <= x.Length - width ? VectorLoop.Load(x, i) : VectorLoop.LoadPart(x, i, T.NegativeInfinity))
                - shift);
        return Vector.Sum(even + odd);
    }

    static Vector<T> Exp<T>(Vector<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => Transcendental<SimdNative<T>, Vector<T>, T>.Exp(x);
}
