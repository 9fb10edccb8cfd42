using System.Numerics;
using System.Runtime.CompilerServices;

namespace LdNetGpu.Kernels;

/// <summary>
/// Vectorised exponential, logistic function and hyperbolic tangent with the constants of Moshier's Cephes library. Largest errors: float exp 2 ulp, sigmoid 3 ulp
/// (from -87 to infinity, below 1e-37 before), tanh 3 ulp; double sigmoid and tanh 4 ulp. An element's bits may depend on its lane's
/// vector width, never on its neighbours. NaN stays NaN.
/// </summary>
static class Transcendental<TSimd, TVector, T>
    where TSimd : ISimd<TVector, T> where TVector : struct where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>e^x; in float, x is clamped to -87..88, where the result is normal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        if (typeof(T) != typeof(float)) return TSimd.Exp(x);
        var q = ExpFraction(TSimd.Clamp(x, C(-87), C(88)), out var n);
        return TSimd.Scale(TSimd.Add(q, C(1)), n);
    }

    /// <summary>In float, x = n·ln 2 + r: e^r - 1, and n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector ExpFraction(TVector x, out TVector n)
    {
        n = TSimd.Round(TSimd.Multiply(x, C(1.44269504088896341)));
        var r = TSimd.MultiplyAdd(n, C(-0.693359375), x);
        r = TSimd.MultiplyAdd(n, C(2.12194440e-4), r);
        var p = TSimd.MultiplyAdd(C(1.9875691500e-4), r, C(1.3981999507e-3));
        p = TSimd.MultiplyAdd(p, r, C(8.3334519073e-3));
        p = TSimd.MultiplyAdd(p, r, C(4.1665795894e-2));
        p = TSimd.MultiplyAdd(p, r, C(1.6666665459e-1));
        p = TSimd.MultiplyAdd(p, r, C(5.0000001201e-1));
        return TSimd.MultiplyAdd(TSimd.Multiply(p, r), r, r);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x) => TSimd.Divide(C(1), TSimd.Add(C(1), Exp(TSimd.Subtract(C(0), x))));

    /// <summary>In float (e^2x - 1) / (e^2x + 1); in double a rational function where |x| is less than 0.625, 1 - 2 / (e^2|x| + 1) beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        if (typeof(T) == typeof(float))
        {
            // Beyond 22 the quotient is 1.
            var q = ExpFraction(TSimd.Clamp(TSimd.Add(x, x), C(-44), C(44)), out var n);
            var power = TSimd.Scale(C(1), n);
            var e = TSimd.MultiplyAdd(power, q, TSimd.Subtract(power, C(1)));
            return TSimd.Divide(e, TSimd.Add(e, C(2)));
        }
        var size = TSimd.Abs(x);
        var far = TSimd.Subtract(C(1), TSimd.Divide(C(2), TSimd.Add(Exp(TSimd.Add(size, size)), C(1))));
        var z = TSimd.Multiply(x, x);
        var p = TSimd.MultiplyAdd(C(-9.64399179425052238628e-1), z, C(-9.92877231001918586564e1));
        p = TSimd.MultiplyAdd(p, z, C(-1.61468768441708447952e3));
        var d = TSimd.Add(z, C(1.12811678491632931402e2));
        d = TSimd.MultiplyAdd(d, z, C(2.23548839060100448583e3));
        d = TSimd.MultiplyAdd(d, z, C(4.84406305325125486048e3));
        var near = TSimd.MultiplyAdd(TSimd.Multiply(TSimd.Divide(p, d), z), x, x);
        return TSimd.SelectLess(size, C(0.625), near, TSimd.CopySign(far, x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static TVector C(double value) => TSimd.Broadcast(T.CreateTruncating(value));
}
