// cvt.

INLINE f64 wholeOf(f64 a, Modifier mode)
{
    switch (mode)
    {
        case Rni: return __builtin_rint(a); // the processor rounds to nearest even
        case Rzi: return __builtin_trunc(a);
        case Rmi: return __builtin_floor(a);
        default: return __builtin_ceil(a);
    }
}

// Every .f16 and .f32 is an .f64.
template <Modifier mode, class F> INLINE F toWhole(F a) { return canonical((F)wholeOf((f64)a, mode)); }

// PTX ISA, cvt: too large is the largest, too small the smallest. NaN: "0 if source is not .f64 and destination is not
// .s64, .u64. Otherwise 1 << (BitWidth(dst) - 1)".
template <class I, Modifier mode, class F> INLINE I toInteger(F a)
{
    const u64 top = (u64)1 << (bitsIn<I> - 1);
    if (isNan(a)) return sizeof(F) == 8 || sizeof(I) == 8 ? (I)top : 0;
    f64 whole = wholeOf((f64)a, mode), limit = isSigned<I> ? (f64)top : 2.0 * (f64)top;
    if (whole >= limit) return isSigned<I> ? (I)(top - 1) : (I)~(I)0;
    if (whole < (isSigned<I> ? -limit : 0.0)) return isSigned<I> ? (I)top : 0;
    return (I)whole;
}

template <class F, Modifier mode, class I> INLINE F fromInteger(I a)
{
    if constexpr (mode == Rn && (IsSame<F, f32>::value || IsSame<F, f64>::value)) return (F)a;
    else
    {
        bool negative = a < 0;
        return rounded<F>({negative, negative ? (u64)0 - (u64)a : (u64)a, 0, false}, mode);
    }
}

// To a type with fewer bits.
template <class T, Modifier mode, class F> INLINE T narrowed(F a)
{
    if (isNan(a)) return canonicalNan<T>();
    if (isInfinite(a)) return finished<T>(isNegative(a), infinityBits<T>);
    if constexpr (mode == Rn && IsSame<T, f32>::value) return (f32)a;
    else return rounded<T>(exactOf(a), mode);
}

template <class T, class F> INLINE T widened(F a)
{
    if constexpr (IsSame<F, bf16>::value) return (T)toFloat(a);
    else return canonical((T)a);
}

// cvt.*.f16x2.f32 d, a, b: a becomes the upper half.
template <class T, Modifier mode> INLINE Pack<T, 2> narrowedBoth(f32 upper, f32 lower)
{
    return {{narrowed<T, mode>(lower), narrowed<T, mode>(upper)}};
}

// tf32: a float with 10 bits of fraction, the others zero.
template <Modifier mode> INLINE u32 toTf32(f32 a)
{
    u32 b = bits<u32>(a);
    if (isNan(a)) return 0x7fffe000u;
    if (isInfinite(a)) return b;
    u32 half = mode == Rna ? 0x1000u : mode == Rn ? 0xfffu + (b >> 13 & 1) : 0;
    return (b + half) & 0xffffe000u;
}
