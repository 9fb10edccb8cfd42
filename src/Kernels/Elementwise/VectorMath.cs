using System.Numerics;
using System.Runtime.CompilerServices;

namespace LdNetGpu.Kernels;

/// <summary>
/// Exponentials a vector at a time, for float and double. x = n·ln 2 + r with |r| ≤ ln 2 / 2; e^r - 1 is a polynomial (float: degree 7
/// minimax, Moshier's Cephes expf; double: the Taylor series to r^13, whose rest is below 1e-17), and 2^n is put together from its bits.
/// </summary>
/// <remarks>
/// The relative error of Exp, Sigmoid and Tanh is at most 4 ε, 1 + ε being the number after 1; tests hold them to it. Infinities, results below
/// the normal range and NaN come out as in Math.Exp.
/// </remarks>
static class VectorMath
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float)) return ExpSingle(x.As<T, float>()).As<float, T>();
        if (typeof(T) == typeof(double)) return ExpDouble(x.As<T, double>()).As<double, T>();
        throw new NotSupportedException($"Exp of {typeof(T)}.");
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sigmoid<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector<T>.One / (Vector<T>.One + Exp(-x));

    /// <summary>With e = e^2x - 1: e / (e + 2), which keeps its relative accuracy around 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Tanh<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var e = ExpMinusOne(x + x);
        return e / (e + new Vector<T>(T.One + T.One));
    }

    /// <summary>e^x - 1, for arguments whose magnitude is cut to 44: beyond it, what <see cref="Tanh"/> makes of it is ±1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<T> ExpMinusOne<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            var q = Fraction(Limit(x.As<T, float>(), -44, 44), out var n);
            var power = PowerOfTwo(n);
            return Vector.MultiplyAddEstimate(power, q, power - Vector<float>.One).As<float, T>();
        }
        if (typeof(T) == typeof(double))
        {
            var q = Fraction(Limit(x.As<T, double>(), -44, 44), out var n);
            var power = PowerOfTwo(n);
            return Vector.MultiplyAddEstimate(power, q, power - Vector<double>.One).As<double, T>();
        }
        throw new NotSupportedException($"Exp of {typeof(T)}.");
    }

    // 2^n in two factors, so that n may go beyond the exponents of normal numbers at either end.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<float> ExpSingle(Vector<float> x)
    {
        var q = Fraction(Limit(x, -104, 89), out var n);
        var half = Round(n * 0.5f);
        return (q + Vector<float>.One) * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<double> ExpDouble(Vector<double> x)
    {
        var q = Fraction(Limit(x, -745.2, 709.8), out var n);
        var half = Round(n * 0.5);
        return (q + Vector<double>.One) * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    // The native minimum hands on its second operand where either is NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<T> Limit<T>(Vector<T> x, T low, T high) => Vector.MinNative(new Vector<T>(high), Vector.MaxNative(new Vector<T>(low), x));

    // Adding 1.5 · 2^23 (2^52 in double) leaves no bits for a fraction: the sum is rounded to an integer, which its low bits then hold.
    const float RoundSingle = 12582912f;
    const double RoundDouble = 6755399441055744d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<float> Round(Vector<float> x) => x + new Vector<float>(RoundSingle) - new Vector<float>(RoundSingle);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<double> Round(Vector<double> x) => x + new Vector<double>(RoundDouble) - new Vector<double>(RoundDouble);

    /// <summary>2^n for an integral n in the normal range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<float> PowerOfTwo(Vector<float> n) =>
        Vector.ShiftLeft((n + new Vector<float>(RoundSingle + 127)).As<float, int>(), 23).As<int, float>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<double> PowerOfTwo(Vector<double> n) =>
        Vector.ShiftLeft((n + new Vector<double>(RoundDouble + 1023)).As<double, long>(), 52).As<long, double>();

    /// <summary>e^r - 1 and n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<float> Fraction(Vector<float> x, out Vector<float> n)
    {
        n = Round(x * 1.44269504088896341f);
        var r = Vector.MultiplyAddEstimate(n, new Vector<float>(-0.693359375f), x);
        r = Vector.MultiplyAddEstimate(n, new Vector<float>(2.12194440e-4f), r);
        var p = new Vector<float>(1.9875691500e-4f);
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(1.3981999507e-3f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(8.3334519073e-3f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(4.1665795894e-2f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(1.6666665459e-1f));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<float>(5.0000001201e-1f));
        return Vector.MultiplyAddEstimate(p, r * r, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<double> Fraction(Vector<double> x, out Vector<double> n)
    {
        n = Round(x * 1.4426950408889634);
        var r = Vector.MultiplyAddEstimate(n, new Vector<double>(-6.93145751953125e-1), x);
        r = Vector.MultiplyAddEstimate(n, new Vector<double>(-1.42860682030941723e-6), r);
        var p = new Vector<double>(1.0 / 6227020800);
        p = Vector.MultiplyAddEstimate(p, r, new Vector<double>(1.0 / 479001600));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<double>(1.0 / 39916800));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<double>(1.0 / 3628800));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<double>(1.0 / 362880));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<double>(1.0 / 40320));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<double>(1.0 / 5040));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<double>(1.0 / 720));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<double>(1.0 / 120));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<double>(1.0 / 24));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<double>(1.0 / 6));
        p = Vector.MultiplyAddEstimate(p, r, new Vector<double>(0.5));
        return Vector.MultiplyAddEstimate(p, r * r, r);
    }
}
