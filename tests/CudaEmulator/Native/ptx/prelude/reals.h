// Real arithmetic. Without a rounding modifier a product and a sum may be fused (PTX ISA, mul and add), so those are
// left to the compiler.

INLINE f32 toFloat(bf16 a) { return as<f32>((u32)a.bits << 16); }
INLINE bf16 toBf16(f32 a, Modifier mode)
{
    if (isNan(a)) return canonicalNan<bf16>();
    if (isInfinite(a)) return bf16{(u16)(bits<u32>(a) >> 16)};
    return rounded<bf16>(exactOf(a), mode);
}

// Hides a result from the compiler, which would fuse it.
template <class F> INLINE F unfused(F a)
{
    asm("" : "+x"(a));
    return a;
}

// Subnormal numbers as zeros of their sign (.ftz); nothing else changes.
template <class T> INLINE T flush(T a) { return a; }
INLINE f32 flush(f32 a) { return magnitude(a) < 0x00800000u ? as<f32>(bits<u32>(a) & 0x80000000u) : a; }
INLINE f16 flush(f16 a) { return magnitude(a) < 0x0400 ? as<f16>((u16)(bits<u16>(a) & 0x8000)) : a; }
INLINE f16x2 flush(f16x2 a) { return {{flush(a.v[0]), flush(a.v[1])}}; }

// Between 0 and 1 (.sat); NaN becomes 0.
template <class F> INLINE F saturate(F a) { return !(a > (F)0) ? (F)0 : a > (F)1 ? (F)1 : a; }
INLINE f16x2 saturate(f16x2 a) { return {{saturate(a.v[0]), saturate(a.v[1])}}; }

// Nearest, by the processor. Sums, products, quotients and roots of .f16 are right through .f32, which has more than
// twice its bits.
INLINE f32 plus(f32 a, f32 b) { return a + b; }
INLINE f64 plus(f64 a, f64 b) { return a + b; }
INLINE f16 plus(f16 a, f16 b) { return (f16)((f32)a + (f32)b); }
INLINE bf16 plus(bf16 a, bf16 b) { return toBf16(toFloat(a) + toFloat(b), Rn); }
INLINE f32 times(f32 a, f32 b) { return a * b; }
INLINE f64 times(f64 a, f64 b) { return a * b; }
INLINE f16 times(f16 a, f16 b) { return (f16)((f32)a * (f32)b); }
INLINE bf16 times(bf16 a, bf16 b) { return toBf16(toFloat(a) * toFloat(b), Rn); }
INLINE f32 over(f32 a, f32 b) { return a / b; }
INLINE f64 over(f64 a, f64 b) { return a / b; }
INLINE f32 root(f32 a) { return __builtin_sqrtf(a); }
INLINE f64 root(f64 a) { return __builtin_sqrt(a); }

// A product of .f16 is exact in .f64, and its sum with one is, or is far from where rounding twice would matter.
INLINE f32 timesPlus(f32 a, f32 b, f32 c) { return __builtin_fmaf(a, b, c); }
INLINE f64 timesPlus(f64 a, f64 b, f64 c) { return __builtin_fma(a, b, c); }
INLINE f16 timesPlus(f16 a, f16 b, f16 c) { return (f16)((f64)a * (f64)b + (f64)c); }
INLINE bf16 timesPlus(bf16 a, bf16 b, bf16 c) { return toBf16(toFloat(a) * toFloat(b) + toFloat(c), Rn); }

template <class F> INLINE F negated(F a) { return as<F>((Bits<F>)(bits<Bits<F>>(a) ^ signBit<F>)); }
template <class F> INLINE F magnitudeOf(F a) { return as<F>(magnitude(a)); }

// PTX ISA, copysign: "Copy sign bit of a into value of b".
template <class F> INLINE F copySign(F a, F b)
{
    return as<F>((Bits<F>)(magnitude(b) | (bits<Bits<F>>(a) & signBit<F>)));
}

/// Nearest by the processor, or, for .bf16 and the other directions, exactly and rounded once.
template <class F, Modifier mode> constexpr bool byProcessor = (mode == None || mode == Rn) && !IsSame<F, bf16>::value;

template <Modifier mode, class F> INLINE F addReal(F a, F b)
{
    F nearest = plus(a, b);
    if constexpr (!byProcessor<F, mode>) return addRounded(a, b, mode == None ? Rn : mode, nearest);
    else if constexpr (mode == None || IsSame<F, f16>::value) return nearest;
    else return canonical(unfused(nearest));
}

template <Modifier mode, class F> INLINE F subReal(F a, F b)
{
    if constexpr (byProcessor<F, mode> && mode == None && !IsSame<F, f16>::value) return a - b;
    else return addReal<mode>(a, negated(b));
}

template <Modifier mode, class F> INLINE F mulReal(F a, F b)
{
    F nearest = times(a, b);
    if constexpr (!byProcessor<F, mode>) return mulRounded(a, b, mode == None ? Rn : mode, nearest);
    else if constexpr (mode == None || IsSame<F, f16>::value) return nearest;
    else return canonical(unfused(nearest));
}

template <Modifier mode, class F> INLINE F fmaReal(F a, F b, F c)
{
    F nearest = timesPlus(a, b, c);
    if constexpr (byProcessor<F, mode>) return canonical(nearest);
    else return fmaRounded(a, b, c, mode, nearest);
}

template <Modifier mode, class F> INLINE F divReal(F a, F b)
{
    F nearest = over(a, b);
    if constexpr (byProcessor<F, mode>) return canonical(unfused(nearest));
    else return divRounded(a, b, mode, nearest);
}

template <Modifier mode, class F> INLINE F rcpReal(F a) { return divReal<mode>((F)1, a); }

template <Modifier mode, class F> INLINE F sqrtReal(F a)
{
    F nearest = root(a);
    if constexpr (byProcessor<F, mode>) return canonical(nearest);
    else return sqrtRounded(a, mode, nearest);
}

template <class F> INLINE bool below(F a, F b) { return a < b; }
INLINE bool below(bf16 a, bf16 b) { return toFloat(a) < toFloat(b); }

// PTX ISA, min and max: a NaN gives way to the other operand, or with .NaN makes the result NaN; +0.0 > -0.0.
template <class F> INLINE F minReal(F a, F b, bool keepNan)
{
    if (isNan(a) || isNan(b)) return keepNan || (isNan(a) && isNan(b)) ? canonicalNan<F>() : isNan(a) ? b : a;
    if (magnitude(a) == 0 && magnitude(b) == 0) return isNegative(a) ? a : b;
    return below(b, a) ? b : a;
}

template <class F> INLINE F maxReal(F a, F b, bool keepNan)
{
    if (isNan(a) || isNan(b)) return keepNan || (isNan(a) && isNan(b)) ? canonicalNan<F>() : isNan(a) ? b : a;
    if (magnitude(a) == 0 && magnitude(b) == 0) return isNegative(a) ? b : a;
    return below(a, b) ? b : a;
}

// .f16x2 and .bf16x2: each half for itself.
template <Modifier mode, class F> INLINE Pack<F, 2> addReal(Pack<F, 2> a, Pack<F, 2> b)
{
    return {{addReal<mode>(a.v[0], b.v[0]), addReal<mode>(a.v[1], b.v[1])}};
}
template <Modifier mode, class F> INLINE Pack<F, 2> subReal(Pack<F, 2> a, Pack<F, 2> b)
{
    return {{subReal<mode>(a.v[0], b.v[0]), subReal<mode>(a.v[1], b.v[1])}};
}
template <Modifier mode, class F> INLINE Pack<F, 2> mulReal(Pack<F, 2> a, Pack<F, 2> b)
{
    return {{mulReal<mode>(a.v[0], b.v[0]), mulReal<mode>(a.v[1], b.v[1])}};
}
template <Modifier mode, class F> INLINE Pack<F, 2> fmaReal(Pack<F, 2> a, Pack<F, 2> b, Pack<F, 2> c)
{
    return {{fmaReal<mode>(a.v[0], b.v[0], c.v[0]), fmaReal<mode>(a.v[1], b.v[1], c.v[1])}};
}
template <class F> INLINE Pack<F, 2> minReal(Pack<F, 2> a, Pack<F, 2> b, bool keepNan)
{
    return {{minReal(a.v[0], b.v[0], keepNan), minReal(a.v[1], b.v[1], keepNan)}};
}
template <class F> INLINE Pack<F, 2> maxReal(Pack<F, 2> a, Pack<F, 2> b, bool keepNan)
{
    return {{maxReal(a.v[0], b.v[0], keepNan), maxReal(a.v[1], b.v[1], keepNan)}};
}
template <class F> INLINE Pack<F, 2> negated(Pack<F, 2> a) { return {{negated(a.v[0]), negated(a.v[1])}}; }
template <class F> INLINE Pack<F, 2> magnitudeOf(Pack<F, 2> a) { return {{magnitudeOf(a.v[0]), magnitudeOf(a.v[1])}}; }

template <Modifier kind, class F> INLINE bool test(F a)
{
    bool normal = isFinite(a) && magnitude(a) >> (Format<F>::precision - 1) != 0;
    switch (kind)
    {
        case Finite: return isFinite(a);
        case Infinite: return isInfinite(a);
        case Number: return !isNan(a);
        case Notanumber: return isNan(a);
        case Normal: return normal;
        default: return isFinite(a) && !normal && magnitude(a) != 0;
    }
}

// Comparisons: eq ... ge are false of a NaN, equ ... geu true; lo, ls, hi, hs are lt, le, gt, ge of unsigned numbers.
template <Modifier how, class T> INLINE bool ordered(T a, T b)
{
    switch (how)
    {
        case Eq: case Equ: return a == b;
        case Ne: case Neu: return a != b;
        case Lt: case Ltu: case Lo: return a < b;
        case Le: case Leu: case Ls: return a <= b;
        case Gt: case Gtu: case Hi: return a > b;
        case Ge: case Geu: case Hs: return a >= b;
        default: return true;
    }
}

template <Modifier how, class T> INLINE bool compare(T a, T b)
{
    if constexpr (isInteger<T>) return ordered<how>(a, b);
    else
    {
        bool unordered = isNan(a) || isNan(b);
        if (how == Num) return !unordered;
        if (how == Nan) return unordered;
        if (unordered) return how >= Equ && how <= Geu;
        if constexpr (IsSame<T, bf16>::value) return ordered<how>(toFloat(a), toFloat(b));
        else return ordered<how>(a, b);
    }
}

template <Modifier how> INLINE bool combine(bool a, bool b)
{
    return how == And ? a && b : how == Or ? a || b : a != b;
}

// setp: what was found for p, and the opposite for q, each combined with c.
INLINE bool setPredicates(bool found, bool& q)
{
    q = !found;
    return found;
}
template <Modifier how> INLINE bool setPredicates(bool found, bool c, bool& q)
{
    q = combine<how>(!found, c);
    return combine<how>(found, c);
}

// set: all ones, or 1.0.
template <class T> INLINE T setValue(bool found)
{
    if constexpr (isInteger<T>) return found ? (T)-1 : 0;
    else return found ? (T)1 : (T)0;
}

template <class T> INLINE T selectBySign(T a, T b, s32 c) { return c >= 0 ? a : b; }
template <class T> INLINE T selectBySign(T a, T b, f32 c) { return c >= 0 ? a : b; }
