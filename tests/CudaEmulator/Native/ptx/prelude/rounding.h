// Sums, products, quotients and roots rounded in any direction: first exactly, as an integer times a power of two, then
// rounded once. Nearest is the processor's own where it has the type; this is the slow way that needs no change of the
// processor's rounding.

/// (-1)^negative · significand · 2^exponent; more: and less than one unit of the significand more.
struct Exact
{
    bool negative;
    u128 significand;
    int exponent;
    bool more;
};

/// precision: bits with the hidden one; lowest: exponent of the smallest subnormal.
template <class F> struct Format;
template <> struct Format<f16> { static const int precision = 11, lowest = -24; };
template <> struct Format<bf16> { static const int precision = 8, lowest = -133; };
template <> struct Format<f32> { static const int precision = 24, lowest = -149; };
template <> struct Format<f64> { static const int precision = 53, lowest = -1074; };

template <class F> constexpr Bits<F> signBit = (Bits<F>)1 << (bitsIn<F> - 1);
template <class F> constexpr Bits<F> infinityBits =
    (Bits<F>)((((Bits<F>)1 << (bitsIn<F> - Format<F>::precision)) - 1) << (Format<F>::precision - 1));

template <class F> INLINE Bits<F> magnitude(F a) { return bits<Bits<F>>(a) & (Bits<F>)~signBit<F>; }
template <class F> INLINE bool isNan(F a) { return magnitude(a) > infinityBits<F>; }
template <class F> INLINE bool isInfinite(F a) { return magnitude(a) == infinityBits<F>; }
template <class F> INLINE bool isFinite(F a) { return magnitude(a) < infinityBits<F>; }
template <class F> INLINE bool isNegative(F a) { return bits<Bits<F>>(a) & signBit<F>; }

// PTX ISA: a NaN result is 0x7fffffff (.f32), 0x7fff (.f16, .bf16); of .f64 no pattern is promised.
template <class F> INLINE F canonicalNan() { return as<F>((Bits<F>)~signBit<F>); }
template <class F> INLINE F canonical(F a) { return isNan(a) ? canonicalNan<F>() : a; }

INLINE int widthOf(u128 a)
{
    u64 high = (u64)(a >> 64), low = (u64)a;
    return high ? 128 - __builtin_clzll(high) : low ? 64 - __builtin_clzll(low) : 0;
}

template <class F> INLINE Exact exactOf(F a) // finite
{
    const int stored = Format<F>::precision - 1;
    u64 fraction = magnitude(a) & (((u64)1 << stored) - 1);
    int exponent = (int)(magnitude(a) >> stored);
    if (exponent) fraction |= (u64)1 << stored;
    return {isNegative(a), fraction, Format<F>::lowest + (exponent ? exponent - 1 : 0), false};
}

/// Top bit to the given place, so that what follows has bits enough; exact.
INLINE Exact raised(Exact a, int width)
{
    int by = width - widthOf(a.significand);
    if (a.significand == 0 || by <= 0) return a;
    return {a.negative, a.significand << by, a.exponent - by, a.more};
}

/// The larger exponent by a shift to the right, what falls out noted in more.
INLINE Exact lowered(Exact a, int exponent)
{
    int by = exponent - a.exponent;
    if (by <= 0) return a;
    if (by > 127) return {a.negative, 0, exponent, a.more || a.significand != 0};
    bool lost = (a.significand & (((u128)1 << by) - 1)) != 0;
    return {a.negative, a.significand >> by, exponent, a.more || lost};
}

template <class F> INLINE F finished(bool negative, u64 magnitudeBits)
{
    return as<F>((Bits<F>)(magnitudeBits | (negative ? (u64)signBit<F> : 0)));
}

template <class F> static F rounded(Exact a, Modifier mode)
{
    const int precision = Format<F>::precision, lowest = Format<F>::lowest;
    int unit = a.exponent + widthOf(a.significand) - precision; // exponent of the last bit that is kept
    if (unit < lowest || a.significand == 0) unit = lowest;
    u128 kept;
    bool half = false, below = a.more;
    if (unit <= a.exponent) kept = a.significand << (a.exponent - unit);
    else
    {
        Exact halves = lowered(a, unit - 1);
        kept = halves.significand >> 1;
        half = halves.significand & 1;
        below = halves.more;
    }
    bool up = mode == Rn ? half && (below || (kept & 1))
        : mode == Rna    ? half
                         : (half || below) && mode == (a.negative ? Rm : Rp);
    u128 result = kept + up + ((u128)(unit - lowest) << (precision - 1)); // a carry into the exponent is right
    if (result < infinityBits<F>) return finished<F>(a.negative, (u64)result);
    bool infinite = mode == Rn || mode == Rna || mode == (a.negative ? Rm : Rp);
    return finished<F>(a.negative, infinite ? infinityBits<F> : infinityBits<F> - 1);
}

INLINE Exact product(Exact a, Exact b)
{
    return {a.negative != b.negative, a.significand * b.significand, a.exponent + b.exponent, false};
}

static Exact sum(Exact a, Exact b, Modifier mode)
{
    // IEEE 754: a sum of opposite numbers is +0, downward -0.
    bool zeroSign = a.negative == b.negative ? a.negative : mode == Rm;
    if (a.significand == 0 && b.significand == 0) return {zeroSign, 0, 0, false};
    if (a.significand == 0) return b;
    if (b.significand == 0) return a;
    a = raised(a, 126);
    b = raised(b, 126);
    if (a.exponent < b.exponent || (a.exponent == b.exponent && a.significand < b.significand))
    {
        Exact larger = b;
        b = a;
        a = larger;
    }
    b = lowered(b, a.exponent);
    if (a.negative == b.negative) return {a.negative, a.significand + b.significand, a.exponent, b.more};
    u128 difference = a.significand - b.significand - b.more;
    if (difference == 0 && !b.more) return {zeroSign, 0, 0, false};
    return {a.negative, difference, a.exponent, b.more};
}

// What is no finite number, or divides by zero, rounds nowhere: nearest gives it.
template <class F> static F addRounded(F a, F b, Modifier mode, F nearest)
{
    if (!isFinite(a) || !isFinite(b)) return canonical(nearest);
    return rounded<F>(sum(exactOf(a), exactOf(b), mode), mode);
}

template <class F> static F fmaRounded(F a, F b, F c, Modifier mode, F nearest)
{
    if (!isFinite(a) || !isFinite(b) || !isFinite(c)) return canonical(nearest);
    return rounded<F>(sum(product(exactOf(a), exactOf(b)), exactOf(c), mode), mode);
}

template <class F> static F mulRounded(F a, F b, Modifier mode, F nearest)
{
    if (!isFinite(a) || !isFinite(b)) return canonical(nearest);
    return rounded<F>(product(exactOf(a), exactOf(b)), mode);
}

template <class F> static F divRounded(F a, F b, Modifier mode, F nearest)
{
    if (!isFinite(a) || !isFinite(b) || magnitude(a) == 0 || magnitude(b) == 0) return canonical(nearest);
    Exact dividend = raised(exactOf(a), 128), divisor = exactOf(b);
    u128 quotient = dividend.significand / divisor.significand, rest = dividend.significand % divisor.significand;
    return rounded<F>(
        {dividend.negative != divisor.negative, quotient, dividend.exponent - divisor.exponent, rest != 0}, mode);
}

template <class F> static F sqrtRounded(F a, Modifier mode, F nearest)
{
    if (!isFinite(a) || magnitude(a) == 0 || isNegative(a)) return canonical(nearest);
    Exact x = raised(exactOf(a), 126);
    if (x.exponent & 1) x.significand <<= 1, x.exponent--;
    u128 root = 0;
    for (int bit = 63; bit >= 0; bit--)
    {
        u128 next = root | (u128)1 << bit;
        if (next * next <= x.significand) root = next;
    }
    return rounded<F>({false, root, x.exponent / 2, root * root != x.significand}, mode);
}
