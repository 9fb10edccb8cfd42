namespace LdNetGpu.Tests;

/// <summary>What clang lacks without CUDA's headers and NVRTC has built in. Put before the prelude.</summary>
static class ClangPrelude
{
    public const string Text = """
        #define __device__ __attribute__((device))
        #define __global__ __attribute__((global))
        #define __shared__ __attribute__((shared))
        #define __align__(bytes) __attribute__((aligned(bytes)))
        #define __forceinline__ inline __attribute__((always_inline))
        #define SREG(name, register) struct name##_t { __attribute__((device)) unsigned get_x() const { return register##_x(); } \
            __attribute__((device)) unsigned get_y() const { return register##_y(); } __attribute__((device)) unsigned get_z() const { return register##_z(); } \
            __declspec(property(get = get_x)) unsigned x; __declspec(property(get = get_y)) unsigned y; __declspec(property(get = get_z)) unsigned z; }; \
            extern const __attribute__((device)) __attribute__((weak)) name##_t name;
        SREG(threadIdx, __nvvm_read_ptx_sreg_tid) SREG(blockIdx, __nvvm_read_ptx_sreg_ctaid) SREG(blockDim, __nvvm_read_ptx_sreg_ntid) SREG(gridDim, __nvvm_read_ptx_sreg_nctaid)
        struct double2 { double x, y; };
        #define D static __attribute__((device)) inline __attribute__((always_inline))
        D float __int_as_float(int x) { return __builtin_bit_cast(float, x); }
        D float __uint_as_float(unsigned x) { return __builtin_bit_cast(float, x); }
        D unsigned __float_as_uint(float x) { return __builtin_bit_cast(unsigned, x); }
        D long long __double_as_longlong(double x) { return __builtin_bit_cast(long long, x); }
        D double __longlong_as_double(long long x) { return __builtin_bit_cast(double, x); }
        #define EXTERN1(name) extern "C" __attribute__((device)) float name##f(float); extern "C" __attribute__((device)) double name(double);
        #define EXTERN2(name) extern "C" __attribute__((device)) float name##f(float, float); extern "C" __attribute__((device)) double name(double, double);
        EXTERN1(exp) EXTERN1(exp2) EXTERN1(expm1) EXTERN1(log) EXTERN1(log2) EXTERN1(log10) EXTERN1(log1p) EXTERN1(tanh) EXTERN1(sin) EXTERN1(cos) EXTERN1(tan) EXTERN1(atan)
        EXTERN2(pow)
        #define BUILTIN1(name) D float name##f(float x) { return __builtin_##name##f(x); } D double name(double x) { return __builtin_##name(x); }
        #define BUILTIN2(name) D float name##f(float x, float y) { return __builtin_##name##f(x, y); } D double name(double x, double y) { return __builtin_##name(x, y); }
        BUILTIN1(sqrt) BUILTIN1(floor) BUILTIN1(ceil) BUILTIN1(rint) BUILTIN1(trunc) BUILTIN1(fabs) BUILTIN2(fmax) BUILTIN2(fmin) BUILTIN2(copysign)
        D float fmaf(float x, float y, float z) { return __builtin_fmaf(x, y, z); }
        D double fma(double x, double y, double z) { return __builtin_fma(x, y, z); }
        D int __popc(unsigned x) { return __builtin_popcount(x); }
        D int __syncthreads_count(int p) { return __nvvm_bar0_popc(p); }
        D int __syncthreads_and(int p) { return __nvvm_bar0_and(p); }
        D int __syncthreads_or(int p) { return __nvvm_bar0_or(p); }
        D void __threadfence_block() { __nvvm_membar_cta(); }
        D void __threadfence() { __nvvm_membar_gl(); }
        D void __threadfence_system() { __nvvm_membar_sys(); }
        D void __syncwarp(unsigned mask) { __nvvm_bar_warp_sync(mask); }
        #define SHUFFLE(name, instruction, clamp) \
            D int name(unsigned mask, int value, int lane, int width = 32) { return __nvvm_shfl_sync_##instruction##_i32(mask, value, lane, ((32 - width) << 8) | clamp); } \
            D unsigned name(unsigned mask, unsigned value, int lane, int width = 32) { return (unsigned)name(mask, (int)value, lane, width); } \
            D float name(unsigned mask, float value, int lane, int width = 32) { return __nvvm_shfl_sync_##instruction##_f32(mask, value, lane, ((32 - width) << 8) | clamp); } \
            D long long name(unsigned mask, long long value, int lane, int width = 32) { \
                return ((long long)name(mask, (int)(value >> 32), lane, width) << 32) | (unsigned)name(mask, (int)value, lane, width); } \
            D unsigned long long name(unsigned mask, unsigned long long value, int lane, int width = 32) { return (unsigned long long)name(mask, (long long)value, lane, width); } \
            D double name(unsigned mask, double value, int lane, int width = 32) { return __longlong_as_double(name(mask, __double_as_longlong(value), lane, width)); }
        SHUFFLE(__shfl_sync, idx, 31) SHUFFLE(__shfl_down_sync, down, 31) SHUFFLE(__shfl_up_sync, up, 0) SHUFFLE(__shfl_xor_sync, bfly, 31)
        #define ATOMIC1(name, builtin) template <typename T> D T name(T* target, T value) { return builtin(target, value, __ATOMIC_RELAXED); }
        ATOMIC1(atomicAdd, __atomic_fetch_add) ATOMIC1(atomicMin, __atomic_fetch_min) ATOMIC1(atomicMax, __atomic_fetch_max) ATOMIC1(atomicAnd, __atomic_fetch_and)
        ATOMIC1(atomicOr, __atomic_fetch_or) ATOMIC1(atomicXor, __atomic_fetch_xor) ATOMIC1(atomicExch, __atomic_exchange_n)
        template <typename T> D T atomicCAS(T* target, T compare, T value) { __atomic_compare_exchange_n(target, &compare, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED); return compare; }

        """;
}
