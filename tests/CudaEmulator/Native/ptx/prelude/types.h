// PTX's types as C++ types, and how a register's bits become a value of one. The text of machine.h comes before this
// one.

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned u32;
typedef unsigned long long u64;
typedef unsigned __int128 u128;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;
typedef __int128 s128;
typedef u8 b8;
typedef u16 b16;
typedef u32 b32;
typedef u64 b64;
typedef bool pred;
typedef _Float16 f16;
typedef float f32;
typedef double f64;

/// Upper half of a float; the arithmetic is in rounding.h.
struct bf16
{
    u16 bits;
};

/// Registers in braces, and the two halves of .f16x2 and .bf16x2 (the first is the lower one).
template <class T, int N> struct Pack
{
    T v[N];
};

typedef Pack<f16, 2> f16x2;
typedef Pack<bf16, 2> bf16x2;

/// Words of an instruction's name that choose what a function of this prelude does.
enum Modifier
{
    None,
    Rn, Rz, Rm, Rp,     // to nearest even, to zero, down, up
    Rni, Rzi, Rmi, Rpi, // the same, to an integer
    Rna,                // to nearest, ties away from zero
    Eq, Ne, Lt, Le, Gt, Ge,
    Lo, Ls, Hi, Hs,
    Equ, Neu, Ltu, Leu, Gtu, Geu, Num, Nan,
    And, Or, Xor,
    Idx, Up, Down, Bfly,
    All, Any, Uni,
    Add, Min, Max,
    F4e, B4e, Rc8, Ecl, Ecr, Rc16,
    Finite, Infinite, Number, Notanumber, Normal, Subnormal,
    Clamp, Wrap,
};

#define INLINE static inline __attribute__((always_inline))
#define EXPORTED extern "C" __attribute__((visibility("default")))

// Lanes switch only inside of the machine's functions; before and after those, memory is what the other lanes see.
#define FENCE __atomic_signal_fence(__ATOMIC_SEQ_CST)

EXPORTED Emu* emu;
Emu* emu;

template <class A, class B> struct IsSame { static const bool value = false; };
template <class A> struct IsSame<A, A> { static const bool value = true; };

template <int bytes> struct BitsOfSize;
template <> struct BitsOfSize<1> { typedef u8 type; };
template <> struct BitsOfSize<2> { typedef u16 type; };
template <> struct BitsOfSize<4> { typedef u32 type; };
template <> struct BitsOfSize<8> { typedef u64 type; };

/// The unsigned integer of a type's size.
template <class T> using Bits = typename BitsOfSize<sizeof(T)>::type;

template <class T> constexpr int bitsIn = sizeof(T) * 8;
template <class T> constexpr bool isInteger = false;
template <> constexpr bool isInteger<u8> = true;
template <> constexpr bool isInteger<u16> = true;
template <> constexpr bool isInteger<u32> = true;
template <> constexpr bool isInteger<u64> = true;
template <> constexpr bool isInteger<s8> = true;
template <> constexpr bool isInteger<s16> = true;
template <> constexpr bool isInteger<s32> = true;
template <> constexpr bool isInteger<s64> = true;
template <> constexpr bool isInteger<bool> = true;
template <class T> constexpr bool isSigned = false;
template <> constexpr bool isSigned<s8> = true;
template <> constexpr bool isSigned<s16> = true;
template <> constexpr bool isSigned<s32> = true;
template <> constexpr bool isSigned<s64> = true;

/// The value that the lower bits of a register are.
template <class T, class R> INLINE T as(R bits)
{
    if constexpr (isInteger<T>) return (T)bits;
    else return __builtin_bit_cast(T, (Bits<T>)bits);
}

/// The bits of a value, extended to a wider register with its sign where it has one.
template <class R, class T> INLINE R bits(T value)
{
    if constexpr (isInteger<T>) return (R)value;
    else return (R)__builtin_bit_cast(Bits<T>, value);
}

INLINE EmuSite at(int line) { return EmuSite{nullptr, line}; }
