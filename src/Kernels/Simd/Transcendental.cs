using System.Numerics;
using System.Runtime.CompilerServices;

namespace LdNetGpu.Kernels.Simd;

/// <summary>
/// Exponential, logistic function and hyperbolic tangent of a vector of float or double. x = n·ln 2 + r with |r| ≤ ln 2
/// / 2; e^r - 1 is a polynomial (float: degree 7 minimax, Moshier's Cephes expf; double: the Taylor series to r^13,
/// whose rest is below 1e-17), and 2^n is put together from its bits.
/// </summary>
/// <remarks>
/// Relative errors are at most 4 ε, 1 + ε being the number after 1; tests hold them to it. Infinities and NaN come out
/// as in Math. An element's bits may depend on its lane's vector width, never on its neighbours.
/// </remarks>
static class Transcendental<TSimd, TVector, T>
    where TSimd : ISimd<TVector, T> where TVector : struct where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>e^x; results below the normal range too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        var q = ExpFraction(Clamp(x, -104, 89, -745.2, 709.8), out var n);
        // 2^n in two factors, as n may go beyond the exponents of normal numbers at either end.
        var half = TSimd.Round(TSimd.Multiply(n, C(0.5)));
        return TSimd.Multiply(TSimd.Multiply(TSimd.Add(q, C(1)), TSimd.Scale(C(1), half)),
            TSimd.Scale(C(1), TSimd.Subtract(n, half)));
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x) => TSimd.Divide(C(1), TSimd.Add(C(1), Exp(TSimd.Subtract(C(0), x))));

    /// <summary>
    /// <see cref="Sigmoid"/> in fewer instructions, for gates: where it is below 1e-37 (double: 1e-307),
    /// it is no more than a number of that size.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Gate(TVector x)
    {
        var q = ExpFraction(Clamp(TSimd.Subtract(C(0), x), -87, 88, -708, 709), out var n);
        return TSimd.Divide(C(1), TSimd.Add(C(1), TSimd.Scale(TSimd.Add(q, C(1)), n)));
    }

    /// <summary>With e = e^2x - 1: e / (e + 2), which keeps its relative accuracy around 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        // Beyond 22 the quotient is 1.
        var q = ExpFraction(Clamp(TSimd.Add(x, x), -44, 44, -44, 44), out var n);
        var power = TSimd.Scale(C(1), n);
        var e = TSimd.MultiplyAdd(power, q, TSimd.Subtract(power, C(1)));
        return TSimd.Divide(e, TSimd.Add(e, C(2)));
    }

    /// <summary>x = n·ln 2 + r: e^r - 1, and n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector ExpFraction(TVector x, out TVector n)
    {
        n = TSimd.Round(TSimd.Multiply(x, C(1.44269504088896341)));
        if (typeof(T) == typeof(float))
        {
            var r = TSimd.MultiplyAdd(n, C(-0.693359375), x);
            r = TSimd.MultiplyAdd(n, C(2.12194440e-4), r);
            var p = TSimd.MultiplyAdd(C(1.9875691500e-4), r, C(1.3981999507e-3));
            p = TSimd.MultiplyAdd(p, r, C(8.3334519073e-3));
            p = TSimd.MultiplyAdd(p, r, C(4.1665795894e-2));
            p = TSimd.MultiplyAdd(p, r, C(1.6666665459e-1));
            p = TSimd.MultiplyAdd(p, r, C(5.0000001201e-1));
            return TSimd.MultiplyAdd(TSimd.Multiply(p, r), r, r);
        }
        else
        {
            var r = TSimd.MultiplyAdd(n, C(-6.93145751953125e-1), x);
            r = TSimd.MultiplyAdd(n, C(-1.42860682030941723e-6), r);
            var p = TSimd.MultiplyAdd(C(1.0 / 6227020800), r, C(1.0 / 479001600));
            p = TSimd.MultiplyAdd(p, r, C(1.0 / 39916800));
            p = TSimd.MultiplyAdd(p, r, C(1.0 / 3628800));
            p = TSimd.MultiplyAdd(p, r, C(1.0 / 362880));
            p = TSimd.MultiplyAdd(p, r, C(1.0 / 40320));
            p = TSimd.MultiplyAdd(p, r, C(1.0 / 5040));
            p = TSimd.MultiplyAdd(p, r, C(1.0 / 720));
            p = TSimd.MultiplyAdd(p, r, C(1.0 / 120));
            p = TSimd.MultiplyAdd(p, r, C(1.0 / 24));
            p = TSimd.MultiplyAdd(p, r, C(1.0 / 6));
            p = TSimd.MultiplyAdd(p, r, C(0.5));
            return TSimd.MultiplyAdd(TSimd.Multiply(p, r), r, r);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector Clamp(TVector x, float low, float high, double lowDouble, double highDouble) =>
        typeof(T) == typeof(float) ? TSimd.Clamp(x, C(low), C(high)) : TSimd.Clamp(x, C(lowDouble), C(highDouble));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector C(double value) => TSimd.Broadcast(T.CreateTruncating(value));
}
