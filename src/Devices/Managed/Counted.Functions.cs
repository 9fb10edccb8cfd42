namespace LdNetGpu.Devices.Managed;

// Each function of the mathematics is one, whatever a device makes of it; choices, signs and roundings are none.
public readonly partial struct Counted<T>
{
    static Counted<T> Function(T result)
    {
        OperationWatch.CountFunction<T>();
        return result;
    }

    /// <inheritdoc/>
    public static Counted<T> Exp(Counted<T> x) => Function(T.Exp(x.Value));

    /// <inheritdoc/>
    public static Counted<T> ExpM1(Counted<T> x) => Function(T.ExpM1(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Exp2(Counted<T> x) => Function(T.Exp2(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Exp10(Counted<T> x) => Function(T.Exp10(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Log(Counted<T> x) => Function(T.Log(x.Value));

    /// <inheritdoc/>
    public static Counted<T> LogP1(Counted<T> x) => Function(T.LogP1(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Log2(Counted<T> value) => Function(T.Log2(value.Value));

    /// <inheritdoc/>
    public static Counted<T> Log10(Counted<T> x) => Function(T.Log10(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Sqrt(Counted<T> x) => Function(T.Sqrt(x.Value));

    /// <inheritdoc/>
    public static Counted<T> ReciprocalSqrtEstimate(Counted<T> x) => Function(T.ReciprocalSqrtEstimate(x.Value));

    /// <inheritdoc/>
    public static Counted<T> ReciprocalEstimate(Counted<T> x) => Function(T.ReciprocalEstimate(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Cbrt(Counted<T> x) => Function(T.Cbrt(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Sinh(Counted<T> x) => Function(T.Sinh(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Cosh(Counted<T> x) => Function(T.Cosh(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Tanh(Counted<T> x) => Function(T.Tanh(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Asinh(Counted<T> x) => Function(T.Asinh(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Acosh(Counted<T> x) => Function(T.Acosh(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Atanh(Counted<T> x) => Function(T.Atanh(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Sin(Counted<T> x) => Function(T.Sin(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Cos(Counted<T> x) => Function(T.Cos(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Tan(Counted<T> x) => Function(T.Tan(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Asin(Counted<T> x) => Function(T.Asin(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Acos(Counted<T> x) => Function(T.Acos(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Atan(Counted<T> x) => Function(T.Atan(x.Value));

    /// <inheritdoc/>
    public static Counted<T> SinPi(Counted<T> x) => Function(T.SinPi(x.Value));

    /// <inheritdoc/>
    public static Counted<T> CosPi(Counted<T> x) => Function(T.CosPi(x.Value));

    /// <inheritdoc/>
    public static Counted<T> TanPi(Counted<T> x) => Function(T.TanPi(x.Value));

    /// <inheritdoc/>
    public static Counted<T> AsinPi(Counted<T> x) => Function(T.AsinPi(x.Value));

    /// <inheritdoc/>
    public static Counted<T> AcosPi(Counted<T> x) => Function(T.AcosPi(x.Value));

    /// <inheritdoc/>
    public static Counted<T> AtanPi(Counted<T> x) => Function(T.AtanPi(x.Value));

    /// <inheritdoc/>
    public static Counted<T> Log(Counted<T> x, Counted<T> newBase) => Function(T.Log(x.Value, newBase.Value));

    /// <inheritdoc/>
    public static Counted<T> Pow(Counted<T> x, Counted<T> y) => Function(T.Pow(x.Value, y.Value));

    /// <inheritdoc/>
    public static Counted<T> Hypot(Counted<T> x, Counted<T> y) => Function(T.Hypot(x.Value, y.Value));

    /// <inheritdoc/>
    public static Counted<T> Atan2(Counted<T> y, Counted<T> x) => Function(T.Atan2(y.Value, x.Value));

    /// <inheritdoc/>
    public static Counted<T> Atan2Pi(Counted<T> y, Counted<T> x) => Function(T.Atan2Pi(y.Value, x.Value));

    /// <inheritdoc/>
    public static Counted<T> Ieee754Remainder(Counted<T> left, Counted<T> right) =>
        Function(T.Ieee754Remainder(left.Value, right.Value));

    /// <inheritdoc/>
    public static Counted<T> RootN(Counted<T> x, int n) => Function(T.RootN(x.Value, n));

    /// <inheritdoc/>
    public static (Counted<T> Sin, Counted<T> Cos) SinCos(Counted<T> x) => (Sin(x), Cos(x));

    /// <inheritdoc/>
    public static (Counted<T> SinPi, Counted<T> CosPi) SinCosPi(Counted<T> x) => (SinPi(x), CosPi(x));

    /// <inheritdoc/>
    public static Counted<T> FusedMultiplyAdd(Counted<T> left, Counted<T> right, Counted<T> addend)
    {
        OperationWatch.CountFused<T>();
        return T.FusedMultiplyAdd(left.Value, right.Value, addend.Value);
    }

    /// <inheritdoc/>
    public static Counted<T> ScaleB(Counted<T> x, int n) => T.ScaleB(x.Value, n);

    /// <inheritdoc/>
    public static Counted<T> Abs(Counted<T> value) => T.Abs(value.Value);

    /// <inheritdoc/>
    public static Counted<T> Round(Counted<T> x, int digits, MidpointRounding mode) => T.Round(x.Value, digits, mode);

    /// <inheritdoc/>
    public static Counted<T> BitIncrement(Counted<T> x) => T.BitIncrement(x.Value);

    /// <inheritdoc/>
    public static Counted<T> BitDecrement(Counted<T> x) => T.BitDecrement(x.Value);

    /// <inheritdoc/>
    public static Counted<T> CopySign(Counted<T> value, Counted<T> sign) => T.CopySign(value.Value, sign.Value);

    /// <inheritdoc/>
    public static Counted<T> Max(Counted<T> x, Counted<T> y) => T.Max(x.Value, y.Value);

    /// <inheritdoc/>
    public static Counted<T> Min(Counted<T> x, Counted<T> y) => T.Min(x.Value, y.Value);

    /// <inheritdoc/>
    public static Counted<T> MaxNumber(Counted<T> x, Counted<T> y) => T.MaxNumber(x.Value, y.Value);

    /// <inheritdoc/>
    public static Counted<T> MinNumber(Counted<T> x, Counted<T> y) => T.MinNumber(x.Value, y.Value);

    /// <inheritdoc/>
    public static Counted<T> MaxMagnitude(Counted<T> x, Counted<T> y) => T.MaxMagnitude(x.Value, y.Value);

    /// <inheritdoc/>
    public static Counted<T> MaxMagnitudeNumber(Counted<T> x, Counted<T> y) => T.MaxMagnitudeNumber(x.Value, y.Value);

    /// <inheritdoc/>
    public static Counted<T> MinMagnitude(Counted<T> x, Counted<T> y) => T.MinMagnitude(x.Value, y.Value);

    /// <inheritdoc/>
    public static Counted<T> MinMagnitudeNumber(Counted<T> x, Counted<T> y) => T.MinMagnitudeNumber(x.Value, y.Value);
}
