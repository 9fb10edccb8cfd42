namespace LdNetGpu.Devices.Managed;

// Each function with its derivative.
public readonly partial struct Dual<T>
{
    static readonly T Two = T.CreateChecked(2), Three = T.CreateChecked(3), Ten = T.CreateChecked(10);
    static readonly T Ln2 = T.Log(Two), Ln10 = T.Log(Ten);

    /// <inheritdoc/>
    public static Dual<T> Exp(Dual<T> x)
    {
        var y = T.Exp(x.Value);
        return x.Map(y, y);
    }

    /// <inheritdoc/>
    public static Dual<T> ExpM1(Dual<T> x) => x.Map(T.ExpM1(x.Value), T.Exp(x.Value));

    /// <inheritdoc/>
    public static Dual<T> Exp2(Dual<T> x)
    {
        var y = T.Exp2(x.Value);
        return x.Map(y, y * Ln2);
    }

    /// <inheritdoc/>
    public static Dual<T> Exp10(Dual<T> x)
    {
        var y = T.Exp10(x.Value);
        return x.Map(y, y * Ln10);
    }

    /// <inheritdoc/>
    public static Dual<T> Log(Dual<T> x) => x.Map(T.Log(x.Value), T.One / x.Value);

    /// <inheritdoc/>
    public static Dual<T> Log(Dual<T> x, Dual<T> newBase) => Log(x) / Log(newBase);

    /// <inheritdoc/>
    public static Dual<T> LogP1(Dual<T> x) => x.Map(T.LogP1(x.Value), T.One / (T.One + x.Value));

    /// <inheritdoc/>
    public static Dual<T> Log2(Dual<T> value) => value.Map(T.Log2(value.Value), T.One / (value.Value * Ln2));

    /// <inheritdoc/>
    public static Dual<T> Log10(Dual<T> x) => x.Map(T.Log10(x.Value), T.One / (x.Value * Ln10));

    /// <inheritdoc/>
    public static Dual<T> Pow(Dual<T> x, Dual<T> y)
    {
        var power = T.Pow(x.Value, y.Value);
        return new(power, Scaled(y.Value * T.Pow(x.Value, y.Value - T.One), x.Tangent)
            + Scaled(power * T.Log(x.Value), y.Tangent));
    }

    /// <inheritdoc/>
    public static Dual<T> Sqrt(Dual<T> x)
    {
        var y = T.Sqrt(x.Value);
        return x.Map(y, T.One / (Two * y));
    }

    /// <inheritdoc/>
    public static Dual<T> ReciprocalSqrtEstimate(Dual<T> x) => One / Sqrt(x);

    /// <inheritdoc/>
    public static Dual<T> ReciprocalEstimate(Dual<T> x) => One / x;

    /// <inheritdoc/>
    public static Dual<T> Cbrt(Dual<T> x)
    {
        var y = T.Cbrt(x.Value);
        return x.Map(y, T.One / (Three * y * y));
    }

    /// <inheritdoc/>
    public static Dual<T> RootN(Dual<T> x, int n)
    {
        var y = T.RootN(x.Value, n);
        return x.Map(y, y / (T.CreateChecked(n) * x.Value));
    }

    /// <inheritdoc/>
    public static Dual<T> Hypot(Dual<T> x, Dual<T> y)
    {
        var length = T.Hypot(x.Value, y.Value);
        return new(length, Scaled(x.Value / length, x.Tangent) + Scaled(y.Value / length, y.Tangent));
    }

    /// <inheritdoc/>
    public static Dual<T> Sinh(Dual<T> x) => x.Map(T.Sinh(x.Value), T.Cosh(x.Value));

    /// <inheritdoc/>
    public static Dual<T> Cosh(Dual<T> x) => x.Map(T.Cosh(x.Value), T.Sinh(x.Value));

    /// <inheritdoc/>
    public static Dual<T> Tanh(Dual<T> x)
    {
        var y = T.Tanh(x.Value);
        return x.Map(y, (T.One - y) * (T.One + y));
    }

    /// <inheritdoc/>
    public static Dual<T> Asinh(Dual<T> x) => x.Map(T.Asinh(x.Value), T.One / T.Sqrt(x.Value * x.Value + T.One));

    /// <inheritdoc/>
    public static Dual<T> Acosh(Dual<T> x) => x.Map(T.Acosh(x.Value), T.One / T.Sqrt(x.Value * x.Value - T.One));

    /// <inheritdoc/>
    public static Dual<T> Atanh(Dual<T> x) => x.Map(T.Atanh(x.Value), T.One / ((T.One - x.Value) * (T.One + x.Value)));

    /// <inheritdoc/>
    public static Dual<T> Sin(Dual<T> x) => x.Map(T.Sin(x.Value), T.Cos(x.Value));

    /// <inheritdoc/>
    public static Dual<T> Cos(Dual<T> x) => x.Map(T.Cos(x.Value), -T.Sin(x.Value));

    /// <inheritdoc/>
    public static Dual<T> Tan(Dual<T> x)
    {
        var y = T.Tan(x.Value);
        return x.Map(y, T.One + y * y);
    }

    /// <inheritdoc/>
    public static (Dual<T> Sin, Dual<T> Cos) SinCos(Dual<T> x) => (Sin(x), Cos(x));

    /// <inheritdoc/>
    public static Dual<T> Asin(Dual<T> x) =>
        x.Map(T.Asin(x.Value), T.One / T.Sqrt((T.One - x.Value) * (T.One + x.Value)));

    /// <inheritdoc/>
    public static Dual<T> Acos(Dual<T> x) =>
        x.Map(T.Acos(x.Value), -T.One / T.Sqrt((T.One - x.Value) * (T.One + x.Value)));

    /// <inheritdoc/>
    public static Dual<T> Atan(Dual<T> x) => x.Map(T.Atan(x.Value), T.One / (T.One + x.Value * x.Value));

    /// <inheritdoc/>
    public static Dual<T> Atan2(Dual<T> y, Dual<T> x)
    {
        var square = x.Value * x.Value + y.Value * y.Value;
        return new(T.Atan2(y.Value, x.Value),
            Scaled(x.Value / square, y.Tangent) - Scaled(y.Value / square, x.Tangent));
    }

    /// <inheritdoc/>
    public static Dual<T> SinPi(Dual<T> x) => x.Map(T.SinPi(x.Value), T.Pi * T.CosPi(x.Value));

    /// <inheritdoc/>
    public static Dual<T> CosPi(Dual<T> x) => x.Map(T.CosPi(x.Value), -T.Pi * T.SinPi(x.Value));

    /// <inheritdoc/>
    public static Dual<T> TanPi(Dual<T> x)
    {
        var y = T.TanPi(x.Value);
        return x.Map(y, T.Pi * (T.One + y * y));
    }

    /// <inheritdoc/>
    public static (Dual<T> SinPi, Dual<T> CosPi) SinCosPi(Dual<T> x) => (SinPi(x), CosPi(x));

    /// <inheritdoc/>
    public static Dual<T> AsinPi(Dual<T> x) => Asin(x) / Pi;

    /// <inheritdoc/>
    public static Dual<T> AcosPi(Dual<T> x) => Acos(x) / Pi;

    /// <inheritdoc/>
    public static Dual<T> AtanPi(Dual<T> x) => Atan(x) / Pi;

    /// <inheritdoc/>
    public static Dual<T> Atan2Pi(Dual<T> y, Dual<T> x) => Atan2(y, x) / Pi;

    /// <inheritdoc/>
    public static Dual<T> FusedMultiplyAdd(Dual<T> left, Dual<T> right, Dual<T> addend) =>
        new(T.FusedMultiplyAdd(left.Value, right.Value, addend.Value), (left * right).Tangent + addend.Tangent);

    /// <inheritdoc/>
    public static Dual<T> ScaleB(Dual<T> x, int n) =>
        new(T.ScaleB(x.Value, n), x.Tangent == T.Zero ? T.Zero : T.ScaleB(x.Tangent, n));

    /// <inheritdoc/>
    public static Dual<T> Abs(Dual<T> value)
    {
        NoteTie(value, Zero);
        return T.IsNegative(value.Value) ? -value : value;
    }

    /// <inheritdoc/>
    public static Dual<T> Ieee754Remainder(Dual<T> left, Dual<T> right) =>
        new(T.Ieee754Remainder(left.Value, right.Value),
            left.Tangent - Scaled(T.Round(left.Value / right.Value), right.Tangent));

    /// <inheritdoc/>
    public static Dual<T> Round(Dual<T> x, int digits, MidpointRounding mode)
    {
        var rounded = T.Round(x.Value, digits, mode);
        var isMidpoint = mode is MidpointRounding.ToEven or MidpointRounding.AwayFromZero;
        var unit = digits == 0 ? T.One : T.Pow(T.CreateTruncating(10), T.CreateTruncating(-digits));
        NoteJump(x, isMidpoint ? T.Abs(x.Value - rounded) * T.CreateTruncating(2) == unit
            : x.Value == rounded && !(mode == MidpointRounding.ToZero && x.Value == T.Zero));
        return rounded;
    }

    /// <inheritdoc/>
    public static Dual<T> BitIncrement(Dual<T> x) => new(T.BitIncrement(x.Value), x.Tangent);

    /// <inheritdoc/>
    public static Dual<T> BitDecrement(Dual<T> x) => new(T.BitDecrement(x.Value), x.Tangent);

    /// <inheritdoc/>
    public static Dual<T> CopySign(Dual<T> value, Dual<T> sign) =>
        T.IsNegative(value.Value) == T.IsNegative(sign.Value) ? value : -value;

    /// <inheritdoc/>
    public static Dual<T> Max(Dual<T> x, Dual<T> y) => Chosen(T.Max(x.Value, y.Value), x, y);

    /// <inheritdoc/>
    public static Dual<T> Min(Dual<T> x, Dual<T> y) => Chosen(T.Min(x.Value, y.Value), x, y);

    /// <inheritdoc/>
    public static Dual<T> MaxNumber(Dual<T> x, Dual<T> y) => Chosen(T.MaxNumber(x.Value, y.Value), x, y);

    /// <inheritdoc/>
    public static Dual<T> MinNumber(Dual<T> x, Dual<T> y) => Chosen(T.MinNumber(x.Value, y.Value), x, y);

    /// <inheritdoc/>
    public static Dual<T> MaxMagnitude(Dual<T> x, Dual<T> y) => Chosen(T.MaxMagnitude(x.Value, y.Value), x, y);

    /// <inheritdoc/>
    public static Dual<T> MaxMagnitudeNumber(Dual<T> x, Dual<T> y) =>
        Chosen(T.MaxMagnitudeNumber(x.Value, y.Value), x, y);

    /// <inheritdoc/>
    public static Dual<T> MinMagnitude(Dual<T> x, Dual<T> y) => Chosen(T.MinMagnitude(x.Value, y.Value), x, y);

    /// <inheritdoc/>
    public static Dual<T> MinMagnitudeNumber(Dual<T> x, Dual<T> y) =>
        Chosen(T.MinMagnitudeNumber(x.Value, y.Value), x, y);

    // The one that the choice fell on; the first of two that are equal.
    static Dual<T> Chosen(T choice, Dual<T> x, Dual<T> y)
    {
        NoteTie(x, y);
        return new(choice, choice.Equals(x.Value) ? x.Tangent : y.Tangent);
    }
}
