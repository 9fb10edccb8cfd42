// What clang lacks without CUDA's headers, and NVRTC has built in, to make PTX of CUDA C++. Put before a kernel's text.

#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __shared__ __attribute__((shared))
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __forceinline__ inline __attribute__((always_inline))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define EMU_DEVICE static __device__ __forceinline__

// ---- Position

#define EMU_REGISTER(name, special) \
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
EMU_REGISTER(threadIdx, __nvvm_read_ptx_sreg_tid)
EMU_REGISTER(blockIdx, __nvvm_read_ptx_sreg_ctaid)
EMU_REGISTER(blockDim, __nvvm_read_ptx_sreg_ntid)
EMU_REGISTER(gridDim, __nvvm_read_ptx_sreg_nctaid)
#define warpSize 32

// ---- Numbers

struct __align__(16) double2
{
    double x, y;
};
EMU_DEVICE float __int_as_float(int x) { return __builtin_bit_cast(float, x); }
EMU_DEVICE float __uint_as_float(unsigned x) { return __builtin_bit_cast(float, x); }
EMU_DEVICE int __float_as_int(float x) { return __builtin_bit_cast(int, x); }
EMU_DEVICE unsigned __float_as_uint(float x) { return __builtin_bit_cast(unsigned, x); }
EMU_DEVICE long long __double_as_longlong(double x) { return __builtin_bit_cast(long long, x); }
EMU_DEVICE double __longlong_as_double(long long x) { return __builtin_bit_cast(double, x); }
EMU_DEVICE int __popc(unsigned x) { return __builtin_popcount(x); }

// CUDA's own library has these: they are left to who links the PTX.
#define EMU_UNARY(name) \
    extern "C" __device__ float name##f(float); \
    extern "C" __device__ double name(double);
#define EMU_BINARY(name) \
    extern "C" __device__ float name##f(float, float); \
    extern "C" __device__ double name(double, double);
EMU_UNARY(exp) EMU_UNARY(exp2) EMU_UNARY(expm1)
EMU_UNARY(log) EMU_UNARY(log2) EMU_UNARY(log10) EMU_UNARY(log1p)
EMU_UNARY(tanh) EMU_UNARY(sin) EMU_UNARY(cos) EMU_UNARY(tan) EMU_UNARY(atan)
EMU_BINARY(pow) EMU_BINARY(fmod)

// These are instructions.
#define EMU_UNARY_INSTRUCTION(name) \
    EMU_DEVICE float name##f(float x) { return __builtin_##name##f(x); } \
    EMU_DEVICE double name(double x) { return __builtin_##name(x); }
#define EMU_BINARY_INSTRUCTION(name) \
    EMU_DEVICE float name##f(float x, float y) { return __builtin_##name##f(x, y); } \
    EMU_DEVICE double name(double x, double y) { return __builtin_##name(x, y); }
EMU_UNARY_INSTRUCTION(sqrt)
EMU_UNARY_INSTRUCTION(floor)
EMU_UNARY_INSTRUCTION(ceil)
EMU_UNARY_INSTRUCTION(rint)
EMU_UNARY_INSTRUCTION(trunc)
EMU_UNARY_INSTRUCTION(fabs)
EMU_BINARY_INSTRUCTION(fmax)
EMU_BINARY_INSTRUCTION(fmin)
EMU_BINARY_INSTRUCTION(copysign)
EMU_DEVICE float fmaf(float x, float y, float z) { return __builtin_fmaf(x, y, z); }
EMU_DEVICE double fma(double x, double y, double z) { return __builtin_fma(x, y, z); }

// ---- Memory

template <typename T> EMU_DEVICE T __ldg(const T* from) { return *from; }
EMU_DEVICE void __threadfence_block() { __nvvm_membar_cta(); }
EMU_DEVICE void __threadfence() { __nvvm_membar_gl(); }
EMU_DEVICE void __threadfence_system() { __nvvm_membar_sys(); }

#define EMU_ATOMIC(name, builtin) \
    template <typename T> EMU_DEVICE T name(T* target, T value) { return builtin(target, value, __ATOMIC_RELAXED); }
EMU_ATOMIC(atomicAdd, __atomic_fetch_add)
EMU_ATOMIC(atomicMin, __atomic_fetch_min)
EMU_ATOMIC(atomicMax, __atomic_fetch_max)
EMU_ATOMIC(atomicAnd, __atomic_fetch_and)
EMU_ATOMIC(atomicOr, __atomic_fetch_or)
EMU_ATOMIC(atomicXor, __atomic_fetch_xor)
EMU_ATOMIC(atomicExch, __atomic_exchange_n)
template <typename T> EMU_DEVICE T atomicCAS(T* target, T compare, T value)
{
    __atomic_compare_exchange_n(target, &compare, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    return compare;
}

// ---- Blocks and warps; clang has __syncthreads itself

EMU_DEVICE int __syncthreads_count(int predicate) { return __nvvm_bar0_popc(predicate); }
EMU_DEVICE int __syncthreads_and(int predicate) { return __nvvm_bar0_and(predicate); }
EMU_DEVICE int __syncthreads_or(int predicate) { return __nvvm_bar0_or(predicate); }
EMU_DEVICE void __syncwarp(unsigned mask = 0xffffffffu) { __nvvm_bar_warp_sync(mask); }
#if __CUDA_ARCH__ >= 700
EMU_DEVICE void __nanosleep(unsigned nanoseconds) { __nvvm_nanosleep(nanoseconds); }
#endif

// The last operand of shfl.sync: the mask of a part of the warp, above the bound of the source lane (PTX ISA).
#define EMU_SHUFFLE_OF_WORDS(name, instruction, bound, type, wide) \
    EMU_DEVICE type name(unsigned mask, type value, int by, int width = 32) \
    { \
        return __nvvm_shfl_sync_##instruction##_##wide(mask, value, by, ((32 - width) << 8) | bound); \
    }
#define EMU_SHUFFLE(name, instruction, bound) \
    EMU_SHUFFLE_OF_WORDS(name, instruction, bound, int, i32) \
    EMU_SHUFFLE_OF_WORDS(name, instruction, bound, unsigned, i32) \
    EMU_SHUFFLE_OF_WORDS(name, instruction, bound, float, f32) \
    EMU_DEVICE unsigned long long name(unsigned mask, unsigned long long value, int by, int width = 32) \
    { \
        const unsigned high = name(mask, (unsigned)(value >> 32), by, width); \
        return (unsigned long long)high << 32 | name(mask, (unsigned)value, by, width); \
    } \
    EMU_DEVICE long long name(unsigned mask, long long value, int by, int width = 32) \
    { \
        return (long long)name(mask, (unsigned long long)value, by, width); \
    } \
    EMU_DEVICE double name(unsigned mask, double value, int by, int width = 32) \
    { \
        return __longlong_as_double(name(mask, __double_as_longlong(value), by, width)); \
    }
EMU_SHUFFLE(__shfl_sync, idx, 31)
EMU_SHUFFLE(__shfl_down_sync, down, 31)
EMU_SHUFFLE(__shfl_up_sync, up, 0)
EMU_SHUFFLE(__shfl_xor_sync, bfly, 31)
