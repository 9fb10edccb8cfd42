using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace LdNetGpu.Devices.Managed;

// What .NET asks of a floating-point number besides: constants, kinds of values, conversions, text, bytes. None of it
// is an operation that is counted.
public readonly partial struct Counted<T>
{
    /// <inheritdoc/>
    public static Counted<T> One => T.One;

    /// <inheritdoc/>
    public static Counted<T> Zero => T.Zero;

    /// <inheritdoc/>
    public static Counted<T> NegativeOne => T.NegativeOne;

    /// <inheritdoc/>
    public static int Radix => T.Radix;

    /// <inheritdoc/>
    public static Counted<T> AdditiveIdentity => T.Zero;

    /// <inheritdoc/>
    public static Counted<T> MultiplicativeIdentity => T.One;

    /// <inheritdoc/>
    public static Counted<T> E => T.E;

    /// <inheritdoc/>
    public static Counted<T> Pi => T.Pi;

    /// <inheritdoc/>
    public static Counted<T> Tau => T.Tau;

    /// <inheritdoc/>
    public static Counted<T> Epsilon => T.Epsilon;

    /// <inheritdoc/>
    public static Counted<T> NaN => T.NaN;

    /// <inheritdoc/>
    public static Counted<T> NegativeInfinity => T.NegativeInfinity;

    /// <inheritdoc/>
    public static Counted<T> PositiveInfinity => T.PositiveInfinity;

    /// <inheritdoc/>
    public static Counted<T> NegativeZero => T.NegativeZero;

    /// <inheritdoc/>
    public static int ILogB(Counted<T> x) => T.ILogB(x.Value);

    /// <inheritdoc/>
    public static bool IsCanonical(Counted<T> value) => T.IsCanonical(value.Value);

    /// <inheritdoc/>
    public static bool IsComplexNumber(Counted<T> value) => T.IsComplexNumber(value.Value);

    /// <inheritdoc/>
    public static bool IsEvenInteger(Counted<T> value) => T.IsEvenInteger(value.Value);

    /// <inheritdoc/>
    public static bool IsFinite(Counted<T> value) => T.IsFinite(value.Value);

    /// <inheritdoc/>
    public static bool IsImaginaryNumber(Counted<T> value) => T.IsImaginaryNumber(value.Value);

    /// <inheritdoc/>
    public static bool IsInfinity(Counted<T> value) => T.IsInfinity(value.Value);

    /// <inheritdoc/>
    public static bool IsInteger(Counted<T> value) => T.IsInteger(value.Value);

    /// <inheritdoc/>
    public static bool IsNaN(Counted<T> value) => T.IsNaN(value.Value);

    /// <inheritdoc/>
    public static bool IsNegative(Counted<T> value) => T.IsNegative(value.Value);

    /// <inheritdoc/>
    public static bool IsNegativeInfinity(Counted<T> value) => T.IsNegativeInfinity(value.Value);

    /// <inheritdoc/>
    public static bool IsNormal(Counted<T> value) => T.IsNormal(value.Value);

    /// <inheritdoc/>
    public static bool IsOddInteger(Counted<T> value) => T.IsOddInteger(value.Value);

    /// <inheritdoc/>
    public static bool IsPositive(Counted<T> value) => T.IsPositive(value.Value);

    /// <inheritdoc/>
    public static bool IsPositiveInfinity(Counted<T> value) => T.IsPositiveInfinity(value.Value);

    /// <inheritdoc/>
    public static bool IsRealNumber(Counted<T> value) => T.IsRealNumber(value.Value);

    /// <inheritdoc/>
    public static bool IsSubnormal(Counted<T> value) => T.IsSubnormal(value.Value);

    /// <inheritdoc/>
    public static bool IsZero(Counted<T> value) => T.IsZero(value.Value);

    /// <inheritdoc/>
    public static Counted<T> Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) =>
        T.Parse(s, style, provider);

    /// <inheritdoc/>
    public static Counted<T> Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return T.Parse(s, style, provider);
    }

    /// <inheritdoc/>
    public static Counted<T> Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => T.Parse(s, provider);

    /// <inheritdoc/>
    public static Counted<T> Parse(string s, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return T.Parse(s, provider);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider,
        out Counted<T> result) => Constant(T.TryParse(s, style, provider, out var value), value, out result);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out Counted<T> result) => Constant(T.TryParse(s, style, provider, out var value), value, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Counted<T> result) =>
        Constant(T.TryParse(s, provider, out var value), value, out result);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Counted<T> result) =>
        Constant(T.TryParse(s, provider, out var value), value, out result);

    static bool Constant(bool succeeded, T value, out Counted<T> result)
    {
        result = value;
        return succeeded;
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        value.ToString(format, formatProvider ?? CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format,
        IFormatProvider? provider)
    {
        var text = ToString(format.ToString(), provider);
        var fits = text.TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }

    // What is computed further in floating-point numbers of another kind is counted no more, unless those count too.
    static T Plain<TOther>(Counted<T> value) where TOther : INumberBase<TOther>
    {
        if (TOther.CreateTruncating(0.5) != TOther.Zero) OperationWatch.Lose();
        return value.Value;
    }

    static bool IsCounted<TOther>(TOther value, out T number) where TOther : INumberBase<TOther>
    {
        number = T.Zero;
        if (typeof(TOther) == typeof(Counted<float>))
            number = T.CreateTruncating(((Counted<float>)(object)value).Value);
        else if (typeof(TOther) == typeof(Counted<double>))
            number = T.CreateTruncating(((Counted<double>)(object)value).Value);
        else return false;
        return true;
    }

    static bool INumberBase<Counted<T>>.TryConvertFromChecked<TOther>(TOther value, out Counted<T> result) =>
        Constant(true, IsCounted(value, out var number) ? number : T.CreateChecked(value), out result);

    static bool INumberBase<Counted<T>>.TryConvertFromSaturating<TOther>(TOther value, out Counted<T> result) =>
        Constant(true, IsCounted(value, out var number) ? number : T.CreateSaturating(value), out result);

    static bool INumberBase<Counted<T>>.TryConvertFromTruncating<TOther>(TOther value, out Counted<T> result) =>
        Constant(true, IsCounted(value, out var number) ? number : T.CreateTruncating(value), out result);

    static bool INumberBase<Counted<T>>.TryConvertToChecked<TOther>(Counted<T> value,
        [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateChecked(Plain<TOther>(value));
        return true;
    }

    static bool INumberBase<Counted<T>>.TryConvertToSaturating<TOther>(Counted<T> value,
        [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateSaturating(Plain<TOther>(value));
        return true;
    }

    static bool INumberBase<Counted<T>>.TryConvertToTruncating<TOther>(Counted<T> value,
        [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateTruncating(Plain<TOther>(value));
        return true;
    }

    int IFloatingPoint<Counted<T>>.GetExponentByteCount() => value.GetExponentByteCount();

    int IFloatingPoint<Counted<T>>.GetExponentShortestBitLength() => value.GetExponentShortestBitLength();

    int IFloatingPoint<Counted<T>>.GetSignificandBitLength() => value.GetSignificandBitLength();

    int IFloatingPoint<Counted<T>>.GetSignificandByteCount() => value.GetSignificandByteCount();

    bool IFloatingPoint<Counted<T>>.TryWriteExponentBigEndian(Span<byte> destination, out int bytesWritten) =>
        value.TryWriteExponentBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Counted<T>>.TryWriteExponentLittleEndian(Span<byte> destination, out int bytesWritten) =>
        value.TryWriteExponentLittleEndian(destination, out bytesWritten);

    bool IFloatingPoint<Counted<T>>.TryWriteSignificandBigEndian(Span<byte> destination, out int bytesWritten) =>
        value.TryWriteSignificandBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Counted<T>>.TryWriteSignificandLittleEndian(Span<byte> destination, out int bytesWritten) =>
        value.TryWriteSignificandLittleEndian(destination, out bytesWritten);
}
