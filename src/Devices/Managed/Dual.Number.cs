using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace LdNetGpu.Devices.Managed;

// What .NET asks of a floating-point number besides: constants, kinds of values, conversions, text, bytes. Constants
// and what is rounded have the tangent 0.
public readonly partial struct Dual<T>
{
    /// <inheritdoc/>
    public static Dual<T> One => T.One;

    /// <inheritdoc/>
    public static Dual<T> Zero => T.Zero;

    /// <inheritdoc/>
    public static Dual<T> NegativeOne => T.NegativeOne;

    /// <inheritdoc/>
    public static int Radix => T.Radix;

    /// <inheritdoc/>
    public static Dual<T> AdditiveIdentity => T.Zero;

    /// <inheritdoc/>
    public static Dual<T> MultiplicativeIdentity => T.One;

    /// <inheritdoc/>
    public static Dual<T> E => T.E;

    /// <inheritdoc/>
    public static Dual<T> Pi => T.Pi;

    /// <inheritdoc/>
    public static Dual<T> Tau => T.Tau;

    /// <inheritdoc/>
    public static Dual<T> Epsilon => T.Epsilon;

    /// <inheritdoc/>
    public static Dual<T> NaN => T.NaN;

    /// <inheritdoc/>
    public static Dual<T> NegativeInfinity => T.NegativeInfinity;

    /// <inheritdoc/>
    public static Dual<T> PositiveInfinity => T.PositiveInfinity;

    /// <inheritdoc/>
    public static Dual<T> NegativeZero => T.NegativeZero;

    /// <inheritdoc/>
    public static int ILogB(Dual<T> x) => T.ILogB(x.Value);

    /// <inheritdoc/>
    public static bool IsCanonical(Dual<T> value) => T.IsCanonical(value.Value);

    /// <inheritdoc/>
    public static bool IsComplexNumber(Dual<T> value) => T.IsComplexNumber(value.Value);

    /// <inheritdoc/>
    public static bool IsEvenInteger(Dual<T> value) => T.IsEvenInteger(value.Value);

    /// <inheritdoc/>
    public static bool IsFinite(Dual<T> value) => T.IsFinite(value.Value);

    /// <inheritdoc/>
    public static bool IsImaginaryNumber(Dual<T> value) => T.IsImaginaryNumber(value.Value);

    /// <inheritdoc/>
    public static bool IsInfinity(Dual<T> value) => T.IsInfinity(value.Value);

    /// <inheritdoc/>
    public static bool IsInteger(Dual<T> value) => T.IsInteger(value.Value);

    /// <inheritdoc/>
    public static bool IsNaN(Dual<T> value) => T.IsNaN(value.Value);

    /// <inheritdoc/>
    public static bool IsNegative(Dual<T> value) => T.IsNegative(value.Value);

    /// <inheritdoc/>
    public static bool IsNegativeInfinity(Dual<T> value) => T.IsNegativeInfinity(value.Value);

    /// <inheritdoc/>
    public static bool IsNormal(Dual<T> value) => T.IsNormal(value.Value);

    /// <inheritdoc/>
    public static bool IsOddInteger(Dual<T> value) => T.IsOddInteger(value.Value);

    /// <inheritdoc/>
    public static bool IsPositive(Dual<T> value) => T.IsPositive(value.Value);

    /// <inheritdoc/>
    public static bool IsPositiveInfinity(Dual<T> value) => T.IsPositiveInfinity(value.Value);

    /// <inheritdoc/>
    public static bool IsRealNumber(Dual<T> value) => T.IsRealNumber(value.Value);

    /// <inheritdoc/>
    public static bool IsSubnormal(Dual<T> value) => T.IsSubnormal(value.Value);

    /// <inheritdoc/>
    public static bool IsZero(Dual<T> value) => T.IsZero(value.Value);

    /// <inheritdoc/>
    public static Dual<T> Parse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider) =>
        T.Parse(s, style, provider);

    /// <inheritdoc/>
    public static Dual<T> Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return T.Parse(s, style, provider);
    }

    /// <inheritdoc/>
    public static Dual<T> Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => T.Parse(s, provider);

    /// <inheritdoc/>
    public static Dual<T> Parse(string s, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return T.Parse(s, provider);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider,
        out Dual<T> result) => Constant(T.TryParse(s, style, provider, out var value), value, out result);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out Dual<T> result) => Constant(T.TryParse(s, style, provider, out var value), value, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Dual<T> result) =>
        Constant(T.TryParse(s, provider, out var value), value, out result);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Dual<T> result) =>
        Constant(T.TryParse(s, provider, out var value), value, out result);

    static bool Constant(bool succeeded, T value, out Dual<T> result)
    {
        result = value;
        return succeeded;
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        formatProvider ??= CultureInfo.InvariantCulture;
        return $"{value.ToString(format, formatProvider)} + {tangent.ToString(format, formatProvider)}ε";
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format,
        IFormatProvider? provider)
    {
        var text = ToString(format.ToString(), provider);
        var fits = text.TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }

    // Numbers of other kinds become constants; a dual number becomes one of another kind by its value. Whole numbers
    // have no derivative; another floating-point number had one, which is lost.
    static T Plain<TOther>(Dual<T> value) where TOther : INumberBase<TOther>
    {
        if (value.Tangent != T.Zero && TOther.CreateTruncating(0.5) != TOther.Zero)
            TangentWatch.Lose(value.Value, typeof(TOther));
        else NoteJump(value, T.IsInteger(value.Value) && value.Value != T.Zero);
        return value.Value;
    }

    static bool INumberBase<Dual<T>>.TryConvertFromChecked<TOther>(TOther value, out Dual<T> result) =>
        Constant(true, T.CreateChecked(value), out result);

    static bool INumberBase<Dual<T>>.TryConvertFromSaturating<TOther>(TOther value, out Dual<T> result) =>
        Constant(true, T.CreateSaturating(value), out result);

    static bool INumberBase<Dual<T>>.TryConvertFromTruncating<TOther>(TOther value, out Dual<T> result) =>
        Constant(true, T.CreateTruncating(value), out result);

    static bool INumberBase<Dual<T>>.TryConvertToChecked<TOther>(Dual<T> value,
        [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateChecked(Plain<TOther>(value));
        return true;
    }

    static bool INumberBase<Dual<T>>.TryConvertToSaturating<TOther>(Dual<T> value,
        [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateSaturating(Plain<TOther>(value));
        return true;
    }

    static bool INumberBase<Dual<T>>.TryConvertToTruncating<TOther>(Dual<T> value,
        [MaybeNullWhen(false)] out TOther result)
    {
        result = TOther.CreateTruncating(Plain<TOther>(value));
        return true;
    }

    int IFloatingPoint<Dual<T>>.GetExponentByteCount() => value.GetExponentByteCount();

    int IFloatingPoint<Dual<T>>.GetExponentShortestBitLength() => value.GetExponentShortestBitLength();

    int IFloatingPoint<Dual<T>>.GetSignificandBitLength() => value.GetSignificandBitLength();

    int IFloatingPoint<Dual<T>>.GetSignificandByteCount() => value.GetSignificandByteCount();

    bool IFloatingPoint<Dual<T>>.TryWriteExponentBigEndian(Span<byte> destination, out int bytesWritten) =>
        value.TryWriteExponentBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Dual<T>>.TryWriteExponentLittleEndian(Span<byte> destination, out int bytesWritten) =>
        value.TryWriteExponentLittleEndian(destination, out bytesWritten);

    bool IFloatingPoint<Dual<T>>.TryWriteSignificandBigEndian(Span<byte> destination, out int bytesWritten) =>
        value.TryWriteSignificandBigEndian(destination, out bytesWritten);

    bool IFloatingPoint<Dual<T>>.TryWriteSignificandLittleEndian(Span<byte> destination, out int bytesWritten) =>
        value.TryWriteSignificandLittleEndian(destination, out bytesWritten);
}
