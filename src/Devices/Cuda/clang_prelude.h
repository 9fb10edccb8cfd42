// What clang lacks without CUDA's headers, and NVRTC has built in, to make PTX of CUDA C++. Put before a kernel's text.

#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __shared__ __attribute__((shared))
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define CLANG_DEVICE static __device__ __forceinline__

// ---- Position

#define CLANG_REGISTER(name, special) \
    struct name##_t \
    { \
        __device__ unsigned get_x() const { return special##_x(); } \
        __device__ unsigned get_y() const { return special##_y(); } \
        __device__ unsigned get_z() const { return special##_z(); } \
        __declspec(property(get = get_x)) unsigned x; \
        __declspec(property(get = get_y)) unsigned y; \
        __declspec(property(get = get_z)) unsigned z; \
    }; \
    extern const __device__ __attribute__((weak)) name##_t name;
CLANG_REGISTER(threadIdx, __nvvm_read_ptx_sreg_tid)
CLANG_REGISTER(blockIdx, __nvvm_read_ptx_sreg_ctaid)
CLANG_REGISTER(blockDim, __nvvm_read_ptx_sreg_ntid)
CLANG_REGISTER(gridDim, __nvvm_read_ptx_sreg_nctaid)
#define warpSize 32

// ---- Numbers

struct __align__(16) double2
{
    double x, y;
};
CLANG_DEVICE float __int_as_float(int x) { return __builtin_bit_cast(float, x); }
CLANG_DEVICE float __uint_as_float(unsigned x) { return __builtin_bit_cast(float, x); }
CLANG_DEVICE int __float_as_int(float x) { return __builtin_bit_cast(int, x); }
CLANG_DEVICE unsigned __float_as_uint(float x) { return __builtin_bit_cast(unsigned, x); }
CLANG_DEVICE long long __double_as_longlong(double x) { return __builtin_bit_cast(long long, x); }
CLANG_DEVICE double __longlong_as_double(long long x) { return __builtin_bit_cast(double, x); }
CLANG_DEVICE int __popc(unsigned x) { return __builtin_popcount(x); }

// CUDA's own library has these: they are left to who links the PTX.
#define CLANG_UNARY(name) \
    extern "C" __device__ float name##f(float); \
    extern "C" __device__ double name(double);
#define CLANG_BINARY(name) \
    extern "C" __device__ float name##f(float, float); \
    extern "C" __device__ double name(double, double);
CLANG_UNARY(exp) CLANG_UNARY(exp2) CLANG_UNARY(expm1)
CLANG_UNARY(log) CLANG_UNARY(log2) CLANG_UNARY(log10) CLANG_UNARY(log1p)
CLANG_UNARY(tanh) CLANG_UNARY(sin) CLANG_UNARY(cos) CLANG_UNARY(tan) CLANG_UNARY(atan)
CLANG_BINARY(pow) CLANG_BINARY(fmod)

// These are instructions.
#define CLANG_UNARY_INSTRUCTION(name) \
    CLANG_DEVICE float name##f(float x) { return __builtin_##name##f(x); } \
    CLANG_DEVICE double name(double x) { return __builtin_##name(x); }
#define CLANG_BINARY_INSTRUCTION(name) \
    CLANG_DEVICE float name##f(float x, float y) { return __builtin_##name##f(x, y); } \
    CLANG_DEVICE double name(double x, double y) { return __builtin_##name(x, y); }
CLANG_UNARY_INSTRUCTION(sqrt)
CLANG_UNARY_INSTRUCTION(floor)
CLANG_UNARY_INSTRUCTION(ceil)
CLANG_UNARY_INSTRUCTION(rint)
CLANG_UNARY_INSTRUCTION(trunc)
CLANG_UNARY_INSTRUCTION(fabs)
CLANG_BINARY_INSTRUCTION(fmax)
CLANG_BINARY_INSTRUCTION(fmin)
CLANG_BINARY_INSTRUCTION(copysign)
CLANG_DEVICE float fmaf(float x, float y, float z) { return __builtin_fmaf(x, y, z); }
CLANG_DEVICE double fma(double x, double y, double z) { return __builtin_fma(x, y, z); }

// ---- Memory

template <typename T> CLANG_DEVICE T __ldg(const T* from) { return *from; }
CLANG_DEVICE void __threadfence_block() { __nvvm_membar_cta(); }
CLANG_DEVICE void __threadfence() { __nvvm_membar_gl(); }
CLANG_DEVICE void __threadfence_system() { __nvvm_membar_sys(); }

#define CLANG_ATOMIC(name, builtin) \
    template <typename T> CLANG_DEVICE T name(T* target, T value) { return builtin(target, value, __ATOMIC_RELAXED); }
CLANG_ATOMIC(atomicAdd, __atomic_fetch_add)
CLANG_ATOMIC(atomicMin, __atomic_fetch_min)
CLANG_ATOMIC(atomicMax, __atomic_fetch_max)
CLANG_ATOMIC(atomicAnd, __atomic_fetch_and)
CLANG_ATOMIC(atomicOr, __atomic_fetch_or)
CLANG_ATOMIC(atomicXor, __atomic_fetch_xor)
CLANG_ATOMIC(atomicExch, __atomic_exchange_n)
template <typename T> CLANG_DEVICE T atomicCAS(T* target, T compare, T value)
{
    __atomic_compare_exchange_n(target, &compare, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return compare;
}

// ---- Blocks and warps; clang has __syncthreads itself

CLANG_DEVICE int __syncthreads_count(int predicate) { return __nvvm_bar0_popc(predicate); }
CLANG_DEVICE int __syncthreads_and(int predicate) { return __nvvm_bar0_and(predicate); }
CLANG_DEVICE int __syncthreads_or(int predicate) { return __nvvm_bar0_or(predicate); }
CLANG_DEVICE void __syncwarp(unsigned mask = 0xffffffffu) { __nvvm_bar_warp_sync(mask); }
#if __CUDA_ARCH__ >= 700
CLANG_DEVICE void __nanosleep(unsigned nanoseconds) { __nvvm_nanosleep(nanoseconds); }
#endif

// The last operand of shfl.sync: the mask of a part of the warp, above the bound of the source lane (PTX ISA).
#define CLANG_SHUFFLE_OF_WORDS(name, instruction, bound, type, wide) \
    CLANG_DEVICE type name(unsigned mask, type value, int by, int width = 32) \
    { \
        return __nvvm_shfl_sync_##instruction##_##wide(mask, value, by, ((32 - width) << 8) | bound); \
    }
#define CLANG_SHUFFLE(name, instruction, bound) \
    CLANG_SHUFFLE_OF_WORDS(name, instruction, bound, int, i32) \
    CLANG_SHUFFLE_OF_WORDS(name, instruction, bound, unsigned, i32) \
    CLANG_SHUFFLE_OF_WORDS(name, instruction, bound, float, f32) \
    CLANG_DEVICE unsigned long long name(unsigned mask, unsigned long long value, int by, int width = 32) \
    { \
        const unsigned high = name(mask, (unsigned)(value >> 32), by, width); \
        return (unsigned long long)high << 32 | name(mask, (unsigned)value, by, width); \
    } \
    CLANG_DEVICE long long name(unsigned mask, long long value, int by, int width = 32) \
    { \
        return (long long)name(mask, (unsigned long long)value, by, width); \
    } \
    CLANG_DEVICE double name(unsigned mask, double value, int by, int width = 32) \
    { \
        return __longlong_as_double(name(mask, __double_as_longlong(value), by, width)); \
    }
CLANG_SHUFFLE(__shfl_sync, idx, 31)
CLANG_SHUFFLE(__shfl_down_sync, down, 31)
CLANG_SHUFFLE(__shfl_up_sync, up, 0)
CLANG_SHUFFLE(__shfl_xor_sync, bfly, 31)
