using System.Numerics;
using LdNetGpu.Kernels.Elementwise;

namespace LdNetGpu.Kernels.Reduction;

/// <summary>
/// Sums over one span, in T with four vectors of running sums that are combined pairwise: a fixed order that depends on
/// the length alone.
/// </summary>
static class SpanSums
{
    public static T Sum<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> s0 = default, s1 = default, s2 = default, s3 = default;
        var (i, width) = (0, Vector<T>.Count);
        for (; i <= x.Length - 4 * width; i += 4 * width)
        {
            s0 += VectorLoop.Load(x, i);
            s1 += VectorLoop.Load(x, i + width);
            s2 += VectorLoop.Load(x, i + 2 * width);
            s3 += VectorLoop.Load(x, i + 3 * width);
        }
        for (; i <= x.Length - width; i += width) s0 += VectorLoop.Load(x, i);
        if (i < x.Length) s1 += VectorLoop.LoadPart(x, i);
        return Vector.Sum(s0 + s1 + (s2 + s3));
    }

    public static T Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Vector<T> s0 = default, s1 = default, s2 = default, s3 = default;
        var (i, width) = (0, Vector<T>.Count);
        for (; i <= a.Length - 4 * width; i += 4 * width)
        {
            s0 += VectorLoop.Load(a, i) * VectorLoop.Load(b, i);
            s1 += VectorLoop.Load(a, i + width) * VectorLoop.Load(b, i + width);
            s2 += VectorLoop.Load(a, i + 2 * width) * VectorLoop.Load(b, i + 2 * width);
            s3 += VectorLoop.Load(a, i + 3 * width) * VectorLoop.Load(b, i + 3 * width);
        }
        for (; i <= a.Length - width; i += width) s0 += VectorLoop.Load(a, i) * VectorLoop.Load(b, i);
        if (i < a.Length) s1 += VectorLoop.LoadPart(a, i) * VectorLoop.LoadPart(b, i);
        return Vector.Sum(s0 + s1 + (s2 + s3));
    }

    /// <summary>Sum of squares in double: squares of floats are exact there and cannot overflow.</summary>
    public static double SquaredNorm<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) != typeof(float)) return double.CreateChecked(Dot(x, x));
        Vector<double> low = default, high = default;
        var i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count) Square(VectorLoop.Load(x, i), ref low, ref high);
        if (i < x.Length) Square(VectorLoop.LoadPart(x, i), ref low, ref high);
        return Vector.Sum(low + high);

        static void Square(Vector<T> part, ref Vector<double> low, ref Vector<double> high)
        {
            Vector.Widen(part.As<T, float>(), out var a, out var b);
            low += a * a;
            high += b * b;
        }
    }
}
