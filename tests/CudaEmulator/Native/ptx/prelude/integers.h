// Integer arithmetic, which wraps, and operations on bits.

template <class T> INLINE T add(T a, T b) { return (T)((u64)a + (u64)b); }
template <class T> INLINE T sub(T a, T b) { return (T)((u64)a - (u64)b); }
template <class T> INLINE T mulLo(T a, T b) { return (T)((u64)a * (u64)b); }
template <class T> INLINE T mulHi(T a, T b)
{
    if constexpr (isSigned<T>) return (T)((s128)a * b >> bitsIn<T>);
    else return (T)((u128)a * b >> bitsIn<T>);
}
template <class W, class T> INLINE W mulWide(T a, T b) { return (W)((W)a * (W)b); }

// The whole range of T, for results that are too large for it.
template <class T> INLINE T clampTo(s128 value)
{
    const s128 low = isSigned<T> ? -((s128)1 << (bitsIn<T> - 1)) : 0;
    const s128 high = ((s128)1 << (isSigned<T> ? bitsIn<T> - 1 : bitsIn<T>)) - 1;
    return (T)(value < low ? low : value > high ? high : value);
}

// The upper or lower 32 of the 48 bits that a product of 24-bit numbers has.
template <class T> INLINE T low24(T a) { return isSigned<T> ? (T)((s32)((u32)a << 8) >> 8) : (T)(a & 0xffffff); }
template <class T> INLINE T mul24Lo(T a, T b) { return (T)((s64)low24(a) * (s64)low24(b)); }
template <class T> INLINE T mul24Hi(T a, T b) { return (T)((s64)low24(a) * (s64)low24(b) >> 16); }

// CC.CF, a lane's carry: what an instruction with .cc leaves, and addc, subc and madc take.
template <class T> INLINE T addCarry(T a, T b, bool in, bool& out)
{
    u128 sum = (u128)(Bits<T>)a + (Bits<T>)b + in;
    out = sum >> bitsIn<T> & 1;
    return (T)sum;
}

template <class T> INLINE T subBorrow(T a, T b, bool in, bool& out)
{
    u128 difference = (u128)(Bits<T>)a - (Bits<T>)b - in;
    out = difference >> bitsIn<T> & 1;
    return (T)difference;
}

// PTX ISA, div and rem: by zero "yields an unspecified, machine-specific value"; GPUs give all ones, and the dividend.
template <class T> INLINE T divide(T a, T b)
{
    if (b == 0) return (T)-1;
    if (isSigned<T> && b == (T)-1) return sub((T)0, a);
    return (T)(a / b);
}

template <class T> INLINE T remainder(T a, T b)
{
    if (b == 0) return a;
    if (isSigned<T> && b == (T)-1) return 0;
    return (T)(a % b);
}

template <class T> INLINE T absolute(T a) { return a < 0 ? sub((T)0, a) : a; }
template <class T> INLINE T least(T a, T b) { return b < a ? b : a; }
template <class T> INLINE T most(T a, T b) { return b > a ? b : a; }
template <class T> INLINE T sumOfDifferences(T a, T b, T c) { return add(c, a < b ? sub(b, a) : sub(a, b)); }

// Amounts beyond the width leave nothing, or the sign.
template <class T> INLINE T shl(T a, u32 n) { return n >= (u32)bitsIn<T> ? 0 : (T)(a << n); }
template <class T> INLINE T shr(T a, u32 n)
{
    if (n >= (u32)bitsIn<T>) return isSigned<T> && a < 0 ? (T)-1 : 0;
    return (T)(a >> n);
}

template <Modifier mode> INLINE u32 funnelAmount(u32 n) { return mode == Wrap ? n & 31 : least(n, 32u); }
template <Modifier mode> INLINE u32 funnelLeft(u32 low, u32 high, u32 n)
{
    n = funnelAmount<mode>(n);
    return n == 32 ? low : (u32)(((u64)high << 32 | low) << n >> 32);
}
template <Modifier mode> INLINE u32 funnelRight(u32 low, u32 high, u32 n)
{
    return (u32)(((u64)high << 32 | low) >> funnelAmount<mode>(n));
}

template <class T> INLINE u32 ones(T a) { return __builtin_popcountll(a); }
template <class T> INLINE u32 leadingZeros(T a) { return a == 0 ? bitsIn<T> : __builtin_clzll(a) - (64 - bitsIn<T>); }
template <class T> INLINE T reversed(T a)
{
    T result = 0;
    for (int i = 0; i < bitsIn<T>; i++) result |= (a >> i & 1) << (bitsIn<T> - 1 - i);
    return result;
}

// The highest bit that is not the sign; .shiftamt: how far to the left it can go.
template <class T> INLINE u32 highestBit(T a)
{
    Bits<T> magnitude = (Bits<T>)(isSigned<T> && a < 0 ? ~a : a);
    return magnitude == 0 ? ~0u : bitsIn<T> - 1 - leadingZeros(magnitude);
}
template <class T> INLINE u32 highestBitShift(T a)
{
    u32 bit = highestBit(a);
    return bit == ~0u ? bit : bitsIn<T> - 1 - bit;
}

// Position and length are taken modulo 256; bits beyond the top are the sign's.
template <class T> INLINE T bitField(T a, u32 position, u32 length)
{
    position &= 255;
    length &= 255;
    if (length == 0) return 0;
    const u32 last = bitsIn<T> - 1;
    bool sign = isSigned<T> && ((Bits<T>)a >> least(position + length - 1, last) & 1);
    Bits<T> field = shr((Bits<T>)a, position), mask = (Bits<T>)(shl((Bits<T>)1, length) - 1);
    if (position > last) field = 0;
    u32 filled = position > last ? 0 : least(length, last + 1 - position);
    Bits<T> beyond = (Bits<T>)~(Bits<T>)(shl((Bits<T>)1, filled) - 1);
    return (T)((field & mask) | (sign ? beyond : 0));
}

template <class T> INLINE T insertBits(T from, T into, u32 position, u32 length)
{
    position &= 255;
    length &= 255;
    T mask = shl((T)(shl((T)1, length) - 1), position);
    return (into & ~mask) | (shl(from, position) & mask);
}

template <Modifier mode> INLINE u32 bitMask(u32 position, u32 length)
{
    if (mode == Wrap) position &= 31, length &= 31;
    return shl(shl(1u, length) - 1, position);
}

// Bits of the table by a, b, c as a number of three bits.
INLINE u32 lop3(u32 a, u32 b, u32 c, u32 table)
{
    u32 result = 0;
    for (int i = 0; i < 8; i++)
        if (table >> i & 1) result |= (i & 4 ? a : ~a) & (i & 2 ? b : ~b) & (i & 1 ? c : ~c);
    return result;
}

INLINE u32 byteOf(u64 both, u32 n) { return (u32)(both >> 8 * (n & 7)) & 255; }

// Each four bits of the selector: which of the eight bytes, and whether its sign alone.
INLINE u32 permute(u32 a, u32 b, u32 selector)
{
    u64 both = (u64)b << 32 | a;
    u32 result = 0;
    for (int i = 0; i < 4; i++)
    {
        u32 n = selector >> 4 * i & 15, byte = byteOf(both, n);
        if (n & 8) byte = byte & 128 ? 255 : 0;
        result |= byte << 8 * i;
    }
    return result;
}

// The modes of prmt as selectors, by the last two bits of c.
template <Modifier mode> INLINE u32 permuteBy(u32 a, u32 b, u32 c)
{
    static const u32 selectors[6][4] = {
        {0x3210, 0x4321, 0x5432, 0x6543}, // f4e: four bytes forward
        {0x5670, 0x6701, 0x7012, 0x0123}, // b4e: backward
        {0x0000, 0x1111, 0x2222, 0x3333}, // rc8: one byte four times
        {0x3210, 0x3211, 0x3222, 0x3333}, // ecl: edge clamp left
        {0x0000, 0x1110, 0x2210, 0x3210}, // ecr: right
        {0x1010, 0x3232, 0x1010, 0x3232}, // rc16: one half twice
    };
    return permute(a, b, selectors[mode - F4e][c & 3]);
}

// Four products of bytes, or two of a half and a byte, and c.
template <class A, class B> INLINE u32 dot4(u32 a, u32 b, u32 c)
{
    for (int i = 0; i < 4; i++) c += (u32)((s32)(A)(a >> 8 * i) * (s32)(B)(b >> 8 * i));
    return c;
}

template <class A, class B, int first> INLINE u32 dot2(u32 a, u32 b, u32 c)
{
    for (int i = 0; i < 2; i++) c += (u32)((s32)(A)(a >> 16 * i) * (s32)(B)(b >> 8 * (first + i)));
    return c;
}
