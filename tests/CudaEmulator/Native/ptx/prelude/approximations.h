// The approximations (.approx, .full): off by as much as the PTX ISA's tables allow when emu->approximate is set, so
// that nothing relies on a GPU being better than its manual; else the nearest value.

// Between -1 and 1, by the argument alone: the same argument has the same error.
INLINE f64 noise(u32 argument)
{
    u32 h = argument * 2654435761u;
    h = (h ^ h >> 15) * 2246822519u;
    h = (h ^ h >> 13) * 3266489917u;
    h ^= h >> 16;
    return (f64)(s32)h * 0x1p-31;
}

INLINE f32 approximate(f64 value, u32 argument, f64 relative, f64 absolute)
{
    bool ordinary = value == value && value - value == 0 && value != 0;
    if (emu->approximate && ordinary) value += noise(argument) * (__builtin_fabs(value) * relative + absolute);
    return canonical((f32)value);
}

INLINE u32 argumentOf(f32 a) { return bits<u32>(a); }
INLINE u32 argumentOf(f32 a, f32 b) { return bits<u32>(a) * 3 + bits<u32>(b); }

// ex2: 2 ulp; sin, cos: 2^-20.5 on [-pi, pi]; lg2: 2^-22 between 0.5 and 2, else 2 ulp; tanh: 2^-11 relative.
// Of those on the far side of rounding (2^-24 relative), what is left is taken.
static f32 ex2Approx(f32 a) { return approximate(__builtin_exp2((f64)a), argumentOf(a), 0x1p-22, 0); }
static f32 sinApprox(f32 a) { return approximate(__builtin_sin((f64)a), argumentOf(a), 0, 0x1p-21); }
static f32 cosApprox(f32 a) { return approximate(__builtin_cos((f64)a), argumentOf(a), 0, 0x1p-21); }

static f32 lg2Approx(f32 a)
{
    bool nearOne = a > 0.5f && a < 2;
    return approximate(__builtin_log2((f64)a), argumentOf(a), nearOne ? 0 : 0x1p-22, nearOne ? 0x1p-22 : 0);
}

static f32 tanhApprox(f32 a)
{
    f32 value = approximate(__builtin_tanh((f64)a), argumentOf(a), 0x1p-11, 0);
    return value > 1 ? 1 : value < -1 ? -1 : value;
}

// rcp, sqrt: 1 ulp; rsqrt: 2^-22.9.
static f32 rcpApprox(f32 a) { return approximate(1.0 / (f64)a, argumentOf(a), 0x1p-24, 0); }
static f32 sqrtApprox(f32 a) { return approximate(__builtin_sqrt((f64)a), argumentOf(a), 0x1p-24, 0); }
static f32 rsqrtApprox(f32 a) { return approximate(1.0 / __builtin_sqrt((f64)a), argumentOf(a), 0x1p-23, 0); }

// div.full: 2 ulp.
static f32 divFull(f32 a, f32 b) { return approximate((f64)a / (f64)b, argumentOf(a, b), 0x1p-22 - 0x1p-24, 0); }

// div.approx: a · (1/b). For 2^126 < |b| < 2^128 the reciprocal is flushed: 0, or NaN where a is infinite.
static f32 divApprox(f32 a, f32 b)
{
    f32 size = magnitudeOf(b);
    if (size <= 0x1p126f || !isFinite(b)) return divFull(a, b);
    if (isInfinite(a)) return canonicalNan<f32>();
    return isNan(a) ? a : copySign(a, 1.0f) * copySign(b, 1.0f) * 0;
}

// rcp.approx.ftz.f64, rsqrt.approx.f64: the upper 32 bits alone, the lower ones are zero.
static f64 upperHalf(f64 value) { return as<f64>(bits<u64>(value) & 0xffffffff00000000ull); }
static f64 rcpGross(f64 a) { return upperHalf(1.0 / a); }
static f64 rsqrtApprox(f64 a) { return 1.0 / __builtin_sqrt(a); }
static f64 rsqrtGross(f64 a) { return upperHalf(1.0 / __builtin_sqrt(a)); }

// .f16: 2^-9.9 relative (ex2), 2^-10.987 absolute (tanh): one rounding of the exact value is within both.
static f16 ex2Approx(f16 a) { return (f16)__builtin_exp2f((f32)a); }
static f16 tanhApprox(f16 a) { return (f16)__builtin_tanhf((f32)a); }
static f16x2 ex2Approx(f16x2 a) { return {{ex2Approx(a.v[0]), ex2Approx(a.v[1])}}; }
static f16x2 tanhApprox(f16x2 a) { return {{tanhApprox(a.v[0]), tanhApprox(a.v[1])}}; }
