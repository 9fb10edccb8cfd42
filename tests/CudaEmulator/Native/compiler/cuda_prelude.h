// What CUDA C++ needs to be C++ of this processor: built-in names, and a call of the machine for all that lanes do
// together. Put behind machine.h and before the kernel's text; needs no header. Compiled with -fsanitize=thread, each
// access is told to the machine.

#define __CUDACC__ 1
#define __CUDACC_RTC__ 1
#define __device__
#define __host__
#define __global__ __attribute__((visibility("default")))
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __launch_bounds__(...)
// Shared memory of fixed size is one section of the library, which the driver keeps for each block that is under way.
#define __shared__ static __attribute__((section("emu_shared"), used))

#define EMU_EXPORT extern "C" __attribute__((visibility("default")))
#define EMU_INLINE static inline __attribute__((always_inline))
/// Code of the emulator itself, whose accesses are not the kernel's. Not inlined, so that its caller is the kernel.
#define EMU_UNCHECKED __attribute__((noinline, no_sanitize("thread"), disable_sanitizer_instrumentation))
/// Where the kernel's C# calls: a macro, so that it is the line of the call.
#define EMU_SITE (EmuSite{__FILE__, __LINE__})
/// No memory access moves over what other lanes wait for.
#define EMU_FENCE __atomic_signal_fence(__ATOMIC_SEQ_CST)

EMU_EXPORT Emu* emu;
Emu* emu;

// ---- Position

struct EmuIndex
{
    unsigned x, y, z;
};
EMU_INLINE EmuIndex emu_index(const unsigned* of) { return {of[0], of[1], of[2]}; }
#define threadIdx (emu_index(emu->lane->thread))
#define blockIdx (emu_index(emu->lane->block))
#define blockDim (emu_index(emu->lane->blockSize))
#define gridDim (emu_index(emu->lane->gridSize))
#define warpSize 32

// ---- Accesses, where they are checked: the calls that clang makes for -fsanitize=thread

#define EMU_CHECKED __has_feature(thread_sanitizer)
#if __has_feature(thread_sanitizer)
EMU_UNCHECKED void emu_access(const void* address, int bytes, int kind, const void* pc)
{
    if (emu->access) emu->access(address, bytes, kind, pc, EmuSite{nullptr, 0});
}
#define EMU_CALLER __builtin_return_address(0)
#define EMU_TOLD(name, bytes, kind) \
    extern "C" EMU_UNCHECKED void __tsan_##name##bytes(void* address) { emu_access(address, bytes, kind, EMU_CALLER); }
#define EMU_TOLD_OF_SIZE(bytes) \
    EMU_TOLD(read, bytes, EmuRead) \
    EMU_TOLD(write, bytes, EmuWrite) \
    EMU_TOLD(unaligned_read, bytes, EmuRead | EmuUnaligned) \
    EMU_TOLD(unaligned_write, bytes, EmuWrite | EmuUnaligned) \
    /* A volatile access is one that others are waited for with: it races as little as an atomic one. */ \
    EMU_TOLD(volatile_read, bytes, EmuRead | EmuAtomic) \
    EMU_TOLD(volatile_write, bytes, EmuWrite | EmuAtomic) \
    EMU_TOLD(unaligned_volatile_read, bytes, EmuRead | EmuAtomic | EmuUnaligned) \
    EMU_TOLD(unaligned_volatile_write, bytes, EmuWrite | EmuAtomic | EmuUnaligned)
EMU_TOLD_OF_SIZE(1)
EMU_TOLD_OF_SIZE(2)
EMU_TOLD_OF_SIZE(4)
EMU_TOLD_OF_SIZE(8)
EMU_TOLD_OF_SIZE(16)
extern "C" EMU_UNCHECKED void* __tsan_memcpy(void* to, const void* from, unsigned long bytes)
{
    emu_access(from, (int)bytes, EmuRead | EmuUnaligned, EMU_CALLER);
    emu_access(to, (int)bytes, EmuWrite | EmuUnaligned, EMU_CALLER);
    return __builtin_memcpy(to, from, bytes);
}
extern "C" EMU_UNCHECKED void* __tsan_memmove(void* to, const void* from, unsigned long bytes)
{
    emu_access(from, (int)bytes, EmuRead | EmuUnaligned, EMU_CALLER);
    emu_access(to, (int)bytes, EmuWrite | EmuUnaligned, EMU_CALLER);
    return __builtin_memmove(to, from, bytes);
}
extern "C" EMU_UNCHECKED void* __tsan_memset(void* to, int value, unsigned long bytes)
{
    emu_access(to, (int)bytes, EmuWrite | EmuUnaligned, EMU_CALLER);
    return __builtin_memset(to, value, bytes);
}
extern "C" EMU_UNCHECKED void __tsan_init() { }
extern "C" EMU_UNCHECKED void __tsan_atomic_signal_fence(int) { }
#define EMU_ATOMIC_FUNCTION static EMU_UNCHECKED
#define EMU_ATOMIC_ACCESS(target) emu_access(target, sizeof *(target), EmuWrite | EmuAtomic, EMU_CALLER)
#else
#define EMU_ATOMIC_FUNCTION EMU_INLINE
#define EMU_ATOMIC_ACCESS(target)
#endif

// ---- Numbers

struct __align__(16) double2
{
    double x, y;
};
EMU_INLINE float __int_as_float(int x) { return __builtin_bit_cast(float, x); }
EMU_INLINE float __uint_as_float(unsigned x) { return __builtin_bit_cast(float, x); }
EMU_INLINE int __float_as_int(float x) { return __builtin_bit_cast(int, x); }
EMU_INLINE unsigned __float_as_uint(float x) { return __builtin_bit_cast(unsigned, x); }
EMU_INLINE long long __double_as_longlong(double x) { return __builtin_bit_cast(long long, x); }
EMU_INLINE double __longlong_as_double(long long x) { return __builtin_bit_cast(double, x); }
EMU_INLINE int __popc(unsigned x) { return __builtin_popcount(x); }

#define EMU_UNARY(name) extern "C" float name##f(float); extern "C" double name(double);
#define EMU_BINARY(name) extern "C" float name##f(float, float); extern "C" double name(double, double);
EMU_UNARY(exp) EMU_UNARY(exp2) EMU_UNARY(expm1)
EMU_UNARY(log) EMU_UNARY(log2) EMU_UNARY(log10) EMU_UNARY(log1p)
EMU_UNARY(tanh) EMU_UNARY(sin) EMU_UNARY(cos) EMU_UNARY(tan) EMU_UNARY(atan)
EMU_UNARY(sqrt) EMU_UNARY(floor) EMU_UNARY(ceil) EMU_UNARY(rint) EMU_UNARY(trunc) EMU_UNARY(fabs)
EMU_BINARY(pow) EMU_BINARY(fmod) EMU_BINARY(copysign)
extern "C" float fmaf(float, float, float);
extern "C" double fma(double, double, double);
// PTX ISA, max and min: +0.0 is greater than -0.0, which C leaves open.
#define EMU_EXTREMUM(name, type, function, larger, smaller) \
    EMU_INLINE type name(type x, type y) { return x == y ? (__builtin_signbit(x) ? smaller : larger) : function(x, y); }
EMU_EXTREMUM(fmaxf, float, __builtin_fmaxf, x, y) EMU_EXTREMUM(fminf, float, __builtin_fminf, y, x)
EMU_EXTREMUM(fmax, double, __builtin_fmax, x, y) EMU_EXTREMUM(fmin, double, __builtin_fmin, y, x)

// ---- Memory

template <typename T> EMU_INLINE T __ldg(const T* from) { return *from; }

/// What "extern __shared__ T name[];" declares: the launch's dynamic shared memory.
template <typename T> struct EmuDynamicShared
{
    template <typename U> operator U*() const { return (U*)emu->dynamicShared; }
    T& operator[](long long i) const { return ((T*)emu->dynamicShared)[i]; }
    T* operator+(long long i) const { return (T*)emu->dynamicShared + i; }
};

// Lanes run one at a time, so every write is seen at once; only the compiler must not move it.
EMU_INLINE void __threadfence_block() { EMU_FENCE; }
EMU_INLINE void __threadfence() { EMU_FENCE; }
EMU_INLINE void __threadfence_system() { EMU_FENCE; }

// Only the overloads that CUDA has: CUDA C++ Programming Guide, "Atomic Functions".
#define EMU_ATOMIC(name, type, result) \
    EMU_ATOMIC_FUNCTION type name(type* target, type value) \
    { \
        EMU_ATOMIC_ACCESS(target); \
        type old = *target; \
        *target = result; \
        return old; \
    }
#define EMU_ATOMICS_OF(type) \
    EMU_ATOMIC(atomicMin, type, value < old ? value : old) \
    EMU_ATOMIC(atomicMax, type, value > old ? value : old) \
    EMU_ATOMIC(atomicAnd, type, old & value) \
    EMU_ATOMIC(atomicOr, type, old | value) \
    EMU_ATOMIC(atomicXor, type, old ^ value)
EMU_ATOMICS_OF(int)
EMU_ATOMICS_OF(unsigned)
EMU_ATOMICS_OF(long long)
EMU_ATOMICS_OF(unsigned long long)
EMU_ATOMIC(atomicAdd, int, old + value)
EMU_ATOMIC(atomicAdd, unsigned, old + value)
EMU_ATOMIC(atomicAdd, unsigned long long, old + value)
EMU_ATOMIC(atomicAdd, float, old + value)
EMU_ATOMIC(atomicAdd, double, old + value)
EMU_ATOMIC(atomicExch, int, value)
EMU_ATOMIC(atomicExch, unsigned, value)
EMU_ATOMIC(atomicExch, unsigned long long, value)
EMU_ATOMIC(atomicExch, float, value)
#define EMU_COMPARE_AND_SWAP(type) \
    EMU_ATOMIC_FUNCTION type atomicCAS(type* target, type compare, type value) \
    { \
        EMU_ATOMIC_ACCESS(target); \
        type old = *target; \
        if (old == compare) *target = value; \
        return old; \
    }
EMU_COMPARE_AND_SWAP(int)
EMU_COMPARE_AND_SWAP(unsigned)
EMU_COMPARE_AND_SWAP(unsigned long long)

// ---- Blocks

EMU_INLINE int emu_barrier(int kind, int predicate, EmuSite site)
{
    EMU_FENCE;
    const int result = emu->barrier(kind, predicate, site);
    EMU_FENCE;
    return result;
}
#define __syncthreads() ((void)emu_barrier(EmuBarrierPlain, 0, EMU_SITE))
#define __syncthreads_count(predicate) emu_barrier(EmuBarrierCount, (predicate) != 0, EMU_SITE)
#define __syncthreads_and(predicate) emu_barrier(EmuBarrierAnd, (predicate) != 0, EMU_SITE)
#define __syncthreads_or(predicate) emu_barrier(EmuBarrierOr, (predicate) != 0, EMU_SITE)

/// A lane that sleeps waits for another one: that one has its turn.
EMU_INLINE void __nanosleep(unsigned)
{
    EMU_FENCE;
    emu->yield();
    EMU_FENCE;
}

// ---- Warps

struct EmuMeeting
{
    unsigned lanes; // that took part
    unsigned long long values[32];
};
EMU_UNCHECKED static EmuMeeting emu_meet(int operation, unsigned mask, unsigned long long value, EmuSite site)
{
    EmuMeeting meeting;
    meeting.lanes = emu->meet(operation, mask, value, meeting.values, site);
    return meeting;
}

/// The running lane's number in its warp: lanes are counted x first.
EMU_INLINE int emu_lane()
{
    const EmuLane& lane = *emu->lane;
    return (lane.thread[0] + lane.blockSize[0] * (lane.thread[1] + lane.blockSize[1] * lane.thread[2])) & 31;
}

enum EmuShuffle
{
    EmuShuffleIndex,
    EmuShuffleUp,
    EmuShuffleDown,
    EmuShuffleXor,
};

/// The lane that a shuffle reads, itself where the wanted one is outside of its part of the warp.
/// CUDA C++ Programming Guide, "Warp Shuffle Functions".
EMU_INLINE int emu_source(int kind, int lane, int by, int width)
{
    const int first = lane & ~(width - 1), end = first + width;
    if (kind == EmuShuffleIndex) return first + (by & (width - 1));
    if (kind == EmuShuffleUp) return lane - by < first ? lane : lane - by;
    const int other = kind == EmuShuffleDown ? lane + by : lane ^ by;
    return other >= end ? lane : other;
}

template <typename T>
EMU_UNCHECKED T emu_shuffle(EmuSite site, int kind, unsigned mask, T value, int by, int width = 32)
{
    static_assert(__is_arithmetic(T) && sizeof(T) <= 8, "CUDA shuffles numbers of at most 8 bytes.");
    // The guide: "width must have a value which is a power of two in the range [1, warpSize]".
    const bool allowed = width >= 1 && width <= 32 && (width & (width - 1)) == 0;
    if (!allowed) emu->fault(719, "a shuffle's width is no power of two up to 32", site);
    unsigned long long bits = 0;
    __builtin_memcpy(&bits, &value, sizeof value);
    EMU_FENCE;
    const EmuMeeting meeting = emu_meet(EmuWarpShuffle + kind, mask, bits, site);
    EMU_FENCE;
    const int source = emu_source(kind, emu_lane(), by, width);
    bits = meeting.values[source];
    if ((meeting.lanes >> source & 1) == 0)
    {
        // The guide: "if the target thread is inactive, the retrieved value is undefined". By index it is surely meant;
        // up and down read behind the end of a partial warp, and do not use it.
        if (kind == EmuShuffleIndex) emu->fault(0, "a shuffle reads a lane that does not take part", site);
        bits = 0x7fe1dead7fe1deadull;
    }
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}
#define __shfl_sync(...) emu_shuffle(EMU_SITE, EmuShuffleIndex, __VA_ARGS__)
#define __shfl_up_sync(...) emu_shuffle(EMU_SITE, EmuShuffleUp, __VA_ARGS__)
#define __shfl_down_sync(...) emu_shuffle(EMU_SITE, EmuShuffleDown, __VA_ARGS__)
#define __shfl_xor_sync(...) emu_shuffle(EMU_SITE, EmuShuffleXor, __VA_ARGS__)

EMU_INLINE void emu_sync_warp(EmuSite site, unsigned mask = 0xffffffffu)
{
    EMU_FENCE;
    emu_meet(EmuWarpSync, mask, 0, site);
    EMU_FENCE;
}
#define __syncwarp(...) emu_sync_warp(EMU_SITE __VA_OPT__(, ) __VA_ARGS__)

EMU_UNCHECKED static unsigned emu_ballot(EmuSite site, unsigned mask, int predicate)
{
    const EmuMeeting meeting = emu_meet(EmuWarpVote, mask, predicate != 0, site);
    unsigned votes = 0;
    for (int lane = 0; lane < 32; lane++)
        if ((meeting.lanes >> lane & 1) != 0 && meeting.values[lane] != 0) votes |= 1u << lane;
    return votes;
}
#define __ballot_sync(mask, predicate) emu_ballot(EMU_SITE, mask, predicate)
#define __any_sync(mask, predicate) (emu_ballot(EMU_SITE, mask, predicate) != 0)
#define __all_sync(mask, predicate) (emu_ballot(EMU_SITE, mask, !(predicate)) == 0)

// ---- What asm statements become (inline_ptx.cpp)

/// cvt.rna.tf32: 10 bits of mantissa, halves away from zero; a NaN is the canonical one.
EMU_INLINE unsigned emu_tf32(float x)
{
    const unsigned bits = __builtin_bit_cast(unsigned, x);
    if (x != x) return 0x7fffe000u;
    const bool infinite = (bits & 0x7f800000u) == 0x7f800000u;
    return infinite ? bits : (bits + 0x1000u) & 0xffffe000u;
}

/// cvt.rn.bf16: 7 bits of mantissa, halves to even; a NaN is the canonical one.
EMU_INLINE unsigned emu_bf16(float x)
{
    const unsigned bits = __builtin_bit_cast(unsigned, x);
    if (x != x) return 0x7fffu;
    return (bits + 0x7fffu + (bits >> 16 & 1)) >> 16;
}
EMU_INLINE unsigned emu_bf16_pair(float high, float low) { return emu_bf16(high) << 16 | emu_bf16(low); }

EMU_INLINE void emu_multiply(EmuSite site, int shape, float& c0, float& c1, float& c2, float& c3,
    unsigned a0, unsigned a1, unsigned a2, unsigned a3, unsigned b0, unsigned b1)
{
    const unsigned a[4] = {a0, a1, a2, a3}, b[2] = {b0, b1};
    float c[4] = {c0, c1, c2, c3};
    EMU_FENCE;
    emu->multiply(shape, a, b, c, site);
    EMU_FENCE;
    c0 = c[0];
    c1 = c[1];
    c2 = c[2];
    c3 = c[3];
}

EMU_INLINE void emu_copy_async(EmuSite site, void* to, const void* from, int size, int bytes)
{
    EMU_FENCE;
    emu->copyAsync(to, from, size, bytes, site);
    EMU_FENCE;
}

EMU_INLINE void emu_wait_copies(EmuSite site, int pending)
{
    EMU_FENCE;
    emu->waitCopies(pending, site);
    EMU_FENCE;
}

// ---- The entry, as the driver calls it: a pointer to each parameter; sizes from the kernel's own signature

template <unsigned... I> struct EmuNumbers { };
template <unsigned N, unsigned... I> struct EmuNumbersTo : EmuNumbersTo<N - 1, N - 1, I...> { };
template <unsigned... I> struct EmuNumbersTo<0, I...>
{
    typedef EmuNumbers<I...> type;
};
template <typename... P, unsigned... I>
EMU_INLINE void emu_call(void (*kernel)(P...), void** parameters, EmuNumbers<I...>)
{
    kernel(*(P*)parameters[I]...);
}
template <typename... P> EMU_INLINE void emu_call(void (*kernel)(P...), void** parameters)
{
    emu_call(kernel, parameters, typename EmuNumbersTo<sizeof...(P)>::type());
}

template <typename P> struct EmuElement
{
    static const int size = 0;
};
template <typename T> struct EmuElement<T*>
{
    static const int size = sizeof(T);
};
template <typename... P> EMU_INLINE int emu_sizes(void (*)(P...), int* sizes, int* elementSizes)
{
    const int count = sizeof...(P), size[] = {0, (int)sizeof(P)...}, element[] = {0, EmuElement<P>::size...};
    for (int i = 0; i < count; i++)
    {
        sizes[i] = size[i + 1];
        elementSizes[i] = element[i + 1];
    }
    return count;
}

extern char __start_emu_shared[] __attribute__((weak, visibility("hidden")));
extern char __stop_emu_shared[] __attribute__((weak, visibility("hidden")));
#define EMU_ENTRY(kernel) \
    EMU_EXPORT const char* emu_name; \
    const char* emu_name = #kernel; \
    EMU_EXPORT void emu_entry(void** parameters) { emu_call(kernel, parameters); } \
    EMU_EXPORT int emu_checked() { return EMU_CHECKED; } \
    EMU_EXPORT int emu_parameters(int* sizes, int* elementSizes) { return emu_sizes(kernel, sizes, elementSizes); } \
    EMU_EXPORT char* emu_shared_begin() { return __start_emu_shared; } \
    EMU_EXPORT char* emu_shared_end() { return __stop_emu_shared; }
