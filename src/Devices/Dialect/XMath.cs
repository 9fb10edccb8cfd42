using System.Numerics;

namespace LdNetGpu.Dialect;

/// <summary>Functions of full accuracy, in the precision of their argument: float, double, or a kernel's T that is one of them.</summary>
public static class XMath
{
    public static T Exp<T>(T x) where T : IFloatingPointIeee754<T> => T.Exp(x);

    /// <summary>
    /// e^x - 1. .NET's own subtracts from a power that is rounded already; this is W. Kahan's way around it, right to a few units in the last place.
    /// </summary>
    public static T ExpM1<T>(T x) where T : IFloatingPointIeee754<T>
    {
        var power = T.Exp(x);
        var difference = power - T.One;
        if (difference == T.Zero) return x;
        return difference == -T.One || T.IsInfinity(power) ? difference : difference * (x / T.Log(power));
    }

    public static T Exp2<T>(T x) where T : IFloatingPointIeee754<T> => T.Exp2(x);
    public static T Log<T>(T x) where T : IFloatingPointIeee754<T> => T.Log(x);
    public static T Log2<T>(T x) where T : IFloatingPointIeee754<T> => T.Log2(x);
    public static T Tanh<T>(T x) where T : IFloatingPointIeee754<T> => T.Tanh(x);
    public static T Sqrt<T>(T x) where T : IFloatingPointIeee754<T> => T.Sqrt(x);

    /// <summary>1 / √x.</summary>
    public static T Rsqrt<T>(T x) where T : IFloatingPointIeee754<T> => T.One / T.Sqrt(x);

    /// <summary>1 / x.</summary>
    public static T Rcp<T>(T x) where T : IFloatingPointIeee754<T> => T.One / x;

    public static T Sin<T>(T x) where T : IFloatingPointIeee754<T> => T.Sin(x);
    public static T Cos<T>(T x) where T : IFloatingPointIeee754<T> => T.Cos(x);
    public static T Pow<T>(T x, T y) where T : IFloatingPointIeee754<T> => T.Pow(x, y);
    public static T Floor<T>(T x) where T : IFloatingPointIeee754<T> => T.Floor(x);

    /// <summary>x · y + z, rounded once.</summary>
    public static T FusedMultiplyAdd<T>(T x, T y, T z) where T : IFloatingPointIeee754<T> => T.FusedMultiplyAdd(x, y, z);

    public static T Abs<T>(T x) where T : INumber<T> => T.Abs(x);

    /// <summary>The smaller one; the number where the other is NaN (IEEE 754-2008 minNum), as every device's fmin.</summary>
    public static T Min<T>(T x, T y) where T : INumber<T> => T.MinNumber(x, y);

    /// <summary>The larger one; the number where the other is NaN (IEEE 754-2008 maxNum), as every device's fmax.</summary>
    public static T Max<T>(T x, T y) where T : INumber<T> => T.MaxNumber(x, y);

    public static T Clamp<T>(T x, T lowest, T highest) where T : INumber<T> => Min(Max(x, lowest), highest);

    public static bool IsNaN<T>(T x) where T : INumberBase<T> => T.IsNaN(x);
    public static bool IsInfinity<T>(T x) where T : INumberBase<T> => T.IsInfinity(x);
}
