using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Gpu;

/// <summary>
/// What the generated CUDA C++ stands on, free of headers: put before a kernel's text. The names are the dialect's,
/// Class_Member. NVRTC knows the functions that are used here (expf, __shfl_sync, ...) by itself.
/// </summary>
static class CudaPrelude
{
    public static string Text { get; } = $$$"""
        #define DEVICE static __device__ __forceinline__
        #define INFINITY __int_as_float(0x7f800000)
        #define NAN __int_as_float(0x7fffffff)

        // Position
        struct Index2D { int X, Y; };
        struct Index3D { int X, Y, Z; };
        #define Grid_IdxX ((int)blockIdx.x)
        #define Grid_IdxY ((int)blockIdx.y)
        #define Grid_IdxZ ((int)blockIdx.z)
        #define Grid_DimX ((int)gridDim.x)
        #define Grid_DimY ((int)gridDim.y)
        #define Grid_DimZ ((int)gridDim.z)
        #define Group_IdxX ((int)threadIdx.x)
        #define Group_IdxY ((int)threadIdx.y)
        #define Group_IdxZ ((int)threadIdx.z)
        #define Group_DimX ((int)blockDim.x)
        #define Group_DimY ((int)blockDim.y)
        #define Group_DimZ ((int)blockDim.z)
        #define Group_Size (Group_DimX * Group_DimY * Group_DimZ)
        #define Group_LinearIndex (Group_IdxX + Group_DimX * (Group_IdxY + Group_DimY * Group_IdxZ))
        #define Grid_LinearIndex (Grid_IdxX + Grid_DimX * (Grid_IdxY + Grid_DimY * Grid_IdxZ))
        #define Grid_GlobalX (Grid_IdxX * Group_DimX + Group_IdxX)
        #define Grid_GlobalY (Grid_IdxY * Group_DimY + Group_IdxY)
        #define Grid_GlobalZ (Grid_IdxZ * Group_DimZ + Group_IdxZ)
        #define Grid_GlobalLinearIndex ((long long)Grid_LinearIndex * Group_Size + Group_LinearIndex)

        // Functions
        {{{Functions}}}
        DEVICE float XMath_Remainder(float x, float y) { return fmodf(x, y); }
        DEVICE double XMath_Remainder(double x, double y) { return fmod(x, y); }
        // C#'s own: 0 is larger than -0, as for PTX's max. Math.Max gives NaN where either is, MaxNumber the number.
        template <typename T> DEVICE T XMath_NaNMax(T x, T y) { return x > y ? x : x < y ? y : x == y ? (XMath_CopySign(T(1), x) < 0 ? y : x) : x + y; }
        template <typename T> DEVICE T XMath_NaNMin(T x, T y) { return x < y ? x : x > y ? y : x == y ? (XMath_CopySign(T(1), x) < 0 ? x : y) : x + y; }
        #define XMath_MaxNumber XMath_Max
        #define XMath_MinNumber XMath_Min
        template <typename T> DEVICE T Clamp(T x, T low, T high) { return x < low ? low : x > high ? high : x; }
        template <typename T> DEVICE T Int_Max(T x, T y) { return x > y ? x : y; }
        template <typename T> DEVICE T Int_Min(T x, T y) { return x < y ? x : y; }
        template <typename T> DEVICE T Int_Abs(T x) { return x < 0 ? -x : x; }
        DEVICE int Int_PopCount(unsigned int x) { return __popc(x); }
        DEVICE int Int_PopCount(unsigned long long x) {
            return __popc((unsigned int)x) + __popc((unsigned int)(x >> 32)); }
        DEVICE int Int_DivRoundUp(int x, int y) { return (int)((unsigned int)x + (unsigned int)y - 1u) / y; }
        DEVICE long long Int_DivRoundUp(long long x, long long y) {
            return (long long)((unsigned long long)x + (unsigned long long)y - 1ull) / y; }
        // What an integer cannot hold becomes the one nearest to it, and NaN 0; C++ leaves both undefined.
        #define TO_INTEGER(name, type, least, most, above) \
            template <typename T> DEVICE type name(T x) { return x >= T(above) ? most : x > T(least) ? (type)x : x != x ? 0 : least; }
        TO_INTEGER(ToInt, int, (-2147483647 - 1), 2147483647, 2147483648.0f)
        TO_INTEGER(ToUInt, unsigned int, 0u, 4294967295u, 4294967296.0f)
        TO_INTEGER(ToLong, long long, (-9223372036854775807ll - 1), 9223372036854775807ll, 9223372036854775808.0f)
        TO_INTEGER(ToULong, unsigned long long, 0ull, 18446744073709551615ull, 18446744073709551616.0f)
        // The nearest number of a type with other bounds.
        #define SATURATED(name, type, least, most) \
            DEVICE type Saturated_##name(long long x) { return x < (long long)(least) ? least : x > (long long)(most) ? most : (type)x; } \
            DEVICE type SaturatedU_##name(unsigned long long x) { return x > (unsigned long long)(most) ? most : (type)x; }
        SATURATED(SByte, signed char, -128, 127)
        SATURATED(Byte, unsigned char, 0, 255)
        SATURATED(Int16, short, -32768, 32767)
        SATURATED(UInt16, unsigned short, 0, 65535)
        SATURATED(Int32, int, (-2147483647 - 1), 2147483647)
        SATURATED(UInt32, unsigned int, 0u, 4294967295u)
        DEVICE long long SaturatedU_Int64(unsigned long long x) { return x >> 63 ? 9223372036854775807ll : (long long)x; }
        DEVICE unsigned long long Saturated_UInt64(long long x) { return x < 0 ? 0ull : (unsigned long long)x; }
        DEVICE unsigned int FloatAsInt(float x) { return __float_as_uint(x); }
        DEVICE float IntAsFloat(unsigned int x) { return __uint_as_float(x); }
        DEVICE unsigned long long DoubleAsLong(double x) { return (unsigned long long)__double_as_longlong(x); }
        DEVICE double LongAsDouble(unsigned long long x) { return __longlong_as_double((long long)x); }

        // Atomic operations
        #define ATOMIC(type, wide) \
            DEVICE type Atomic_Add(type* target, type value) { return (type)atomicAdd((wide*)target, (wide)value); } \
            DEVICE type Atomic_Exchange(type* target, type value) { return (type)atomicExch((wide*)target, (wide)value); } \
            DEVICE type Atomic_CompareExchange(type* target, type compare, type value) { return (type)atomicCAS((wide*)target, (wide)compare, (wide)value); } \
            DEVICE type Atomic_Min(type* target, type value) { return atomicMin(target, value); } \
            DEVICE type Atomic_Max(type* target, type value) { return atomicMax(target, value); } \
            DEVICE type Atomic_And(type* target, type value) { return (type)atomicAnd((wide*)target, (wide)value); } \
            DEVICE type Atomic_Or(type* target, type value) { return (type)atomicOr((wide*)target, (wide)value); } \
            DEVICE type Atomic_Xor(type* target, type value) { return (type)atomicXor((wide*)target, (wide)value); }
        ATOMIC(int, int)
        ATOMIC(unsigned int, unsigned int)
        ATOMIC(long long, unsigned long long)
        ATOMIC(unsigned long long, unsigned long long)
        DEVICE float Atomic_Add(float* target, float value) { return atomicAdd(target, value); }
        DEVICE double Atomic_Add(double* target, double value) { return atomicAdd(target, value); }
        DEVICE float Atomic_Exchange(float* target, float value) { return IntAsFloat(atomicExch((unsigned int*)target, FloatAsInt(value))); }
        DEVICE double Atomic_Exchange(double* target, double value) { return LongAsDouble(atomicExch((unsigned long long*)target, DoubleAsLong(value))); }
        DEVICE float Atomic_CompareExchange(float* target, float compare, float value) { return IntAsFloat(atomicCAS((unsigned int*)target, FloatAsInt(compare), FloatAsInt(value))); }
        DEVICE double Atomic_CompareExchange(double* target, double compare, double value) { return LongAsDouble(atomicCAS((unsigned long long*)target, DoubleAsLong(compare), DoubleAsLong(value))); }
        #define ATOMIC_EXTREMUM(name, type, bits, toBits, fromBits) \
            DEVICE type Atomic_##name(type* target, type value) { \
                bits before, seen = toBits(*(volatile type*)target); \
                do { before = seen; seen = atomicCAS((bits*)target, before, toBits(XMath_NaN##name(fromBits(before), value))); } while (seen != before); \
                return fromBits(before); }
        ATOMIC_EXTREMUM(Max, float, unsigned int, FloatAsInt, IntAsFloat)
        ATOMIC_EXTREMUM(Min, float, unsigned int, FloatAsInt, IntAsFloat)
        ATOMIC_EXTREMUM(Max, double, unsigned long long, DoubleAsLong, LongAsDouble)
        ATOMIC_EXTREMUM(Min, double, unsigned long long, DoubleAsLong, LongAsDouble)
        #define MemoryFence_GroupLevel() __threadfence_block()
        #define MemoryFence_DeviceLevel() __threadfence()
        #define MemoryFence_SystemLevel() __threadfence_system()

        // Warps
        #define Warp_WarpSize 32
        #define Warp_LaneIdx (Group_LinearIndex & 31)
        #define Warp_WarpIdx (Group_LinearIndex >> 5)
        DEVICE unsigned int Warp_Lanes() { int left = Group_Size - (Group_LinearIndex & ~31); return left >= 32 ? 0xffffffffu : (1u << left) - 1u; }
        #define Warp_Barrier() __syncwarp(Warp_Lanes())
        #define Warp_Shuffle(value, lane, width) __shfl_sync(Warp_Lanes(), value, lane, width)
        #define Warp_ShuffleDown(value, delta, width) __shfl_down_sync(Warp_Lanes(), value, delta, width)
        #define Warp_ShuffleUp(value, delta, width) __shfl_up_sync(Warp_Lanes(), value, delta, width)
        #define Warp_ShuffleXor(value, mask, width) __shfl_xor_sync(Warp_Lanes(), value, mask, width)
        #define Warp_Broadcast(value, lane, width) __shfl_sync(Warp_Lanes(), value, lane, 32)

        // Groups: every collective is a barrier too, before and after.
        #define Group_Barrier() __syncthreads()
        #define Group_BarrierPopCount(predicate) __syncthreads_count(predicate)
        #define Group_BarrierAnd(predicate) (__syncthreads_and(predicate) != 0)
        #define Group_BarrierOr(predicate) (__syncthreads_or(predicate) != 0)
        #define Add_Apply(x, y) ((x) + (y))
        extern __shared__ double2 dynamic_shared_memory[];
        #define dynamic_shared ((unsigned char*)dynamic_shared_memory)
        DEVICE int Dynamic_Bytes() { int bytes; asm("mov.u32 %0, %%dynamic_smem_size;" : "=r"(bytes)); return bytes; }
        #define dynamic_shared_bytes Dynamic_Bytes()
        #define DEFINE_Group_Broadcast(name, type, apply, identity) \
            DEVICE type name(type value, int lane) { __shared__ type sent; if (Group_LinearIndex == lane) sent = value; __syncthreads(); value = sent; __syncthreads(); return value; }
        #define DEFINE_Warp_AllReduce(name, type, apply, identity) \
            DEVICE type name(type value) { int size = __popc(Warp_Lanes()), lane = Warp_LaneIdx; \
                for (int step = 16; step > 0; step >>= 1) { type other = __shfl_down_sync(Warp_Lanes(), value, step); if (lane + step < size) value = apply(value, other); } \
                return __shfl_sync(Warp_Lanes(), value, 0); }
        #define DEFINE_Warp_InclusiveScan(name, type, apply, identity) \
            DEVICE type name(type value) { int lane = Warp_LaneIdx; \
                for (int step = 1; step < 32; step <<= 1) { type other = __shfl_up_sync(Warp_Lanes(), value, step); if (lane >= step) value = apply(other, value); } \
                return value; }
        #define DEFINE_Warp_ExclusiveScan(name, type, apply, identity) \
            DEFINE_Warp_InclusiveScan(name##_inclusive, type, apply, identity) \
            DEVICE type name(type value) { value = name##_inclusive(value); type before = __shfl_up_sync(Warp_Lanes(), value, 1); return Warp_LaneIdx == 0 ? identity : before; }
        #define DEFINE_Group_AllReduce(name, type, apply, identity) \
            DEFINE_Warp_AllReduce(name##_warp, type, apply, identity) \
            DEVICE type name(type value) { __shared__ type sums[32]; value = name##_warp(value); \
                if (Warp_LaneIdx == 0) sums[Warp_WarpIdx] = value; __syncthreads(); \
                value = sums[0]; for (int warp = 1; warp < (Group_Size + 31) / 32; warp++) value = apply(value, sums[warp]); \
                __syncthreads(); return value; }
        #define DEFINE_Group_InclusiveScan(name, type, apply, identity) \
            DEFINE_Warp_InclusiveScan(name##_warp, type, apply, identity) \
            DEVICE type name(type value) { __shared__ type sums[32]; value = name##_warp(value); int size = __popc(Warp_Lanes()); \
                if (Warp_LaneIdx == size - 1) sums[Warp_WarpIdx] = value; __syncthreads(); \
                type before = identity; for (int warp = 0; warp < Warp_WarpIdx; warp++) before = apply(before, sums[warp]); \
                __syncthreads(); return apply(before, value); }
        #define DEFINE_Group_ExclusiveScan(name, type, apply, identity) \
            DEFINE_Warp_ExclusiveScan(name##_warp, type, apply, identity) \
            DEVICE type name(type value) { __shared__ type sums[32]; type own = value; value = name##_warp(value); int size = __popc(Warp_Lanes()); \
                if (Warp_LaneIdx == size - 1) sums[Warp_WarpIdx] = apply(value, own); __syncthreads(); \
                type before = identity; for (int warp = 0; warp < Warp_WarpIdx; warp++) before = apply(before, sums[warp]); \
                __syncthreads(); return apply(before, value); }

        // A lane that waits for another group's leaves the multiprocessor to those it waits for; __nanosleep is
        // Volta's.
        #if __CUDA_ARCH__ >= 700
        #define Lane_Wait() __nanosleep(32)
        #else
        #define Lane_Wait()
        #endif

        // Barriers of the grid. The first group's share carries the count into the top bit, whose change lets all go
        // on; the next barrier changes it back.
        #define DEFINE_Grid(name, type, apply, identity) \
            static __device__ unsigned int name##_arrived; \
            DEVICE void name() { __syncthreads(); \
                if (Group_LinearIndex == 0) { unsigned int groups = gridDim.x * gridDim.y * gridDim.z; __threadfence(); \
                    unsigned int before = atomicAdd(&name##_arrived, Grid_LinearIndex == 0 ? 0x80000000u - (groups - 1u) : 1u); \
                    while (((before ^ *(volatile unsigned int*)&name##_arrived) & 0x80000000u) == 0u) { Lane_Wait(); } __threadfence(); } \
                __syncthreads(); }

        // 16 bytes at once
        struct __align__(16) FloatQuad { float X, Y, Z, W; };
        struct __align__(16) DoublePair { double X, Y; };
        DEVICE FloatQuad make_FloatQuad(float x, float y, float z, float w) { FloatQuad value = {x, y, z, w}; return value; }
        DEVICE DoublePair make_DoublePair(double x, double y) { DoublePair value = {x, y}; return value; }
        DEVICE FloatQuad Vector_Load(const float* from) { return *(const FloatQuad*)from; }
        DEVICE DoublePair Vector_Load(const double* from) { return *(const DoublePair*)from; }
        DEVICE void Vector_Store(float* to, FloatQuad value) { *(FloatQuad*)to = value; }
        DEVICE void Vector_Store(double* to, DoublePair value) { *(DoublePair*)to = value; }

        // Copies to shared memory that run beside the lane
        #define ASYNC_COPY(cache, size) \
            DEVICE void AsyncCopy_Bytes##size(void* to, const void* from, int bytes) { \
                asm volatile("{ .reg .u64 s, g; .reg .u32 d; cvta.to.shared.u64 s, %0; cvt.u32.u64 d, s; cvta.to.global.u64 g, %1; cp.async." #cache ".shared.global [d], [g], " #size ", %2; }" \
                    :: "l"(to), "l"(from), "r"(bytes) : "memory"); }
        ASYNC_COPY(ca, 4) ASYNC_COPY(ca, 8) ASYNC_COPY(cg, 16)
        DEVICE void AsyncCopy_Commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }
        #define AsyncCopy_Wait(pending) asm volatile("cp.async.wait_group %0;" :: "n"(pending) : "memory")

        // Tensor cores
        struct FragmentA { unsigned int R0, R1, R2, R3; };
        struct FragmentB { unsigned int R0, R1; };
        struct FragmentC { float R0, R1, R2, R3; };
        DEVICE FragmentA make_FragmentA(unsigned int r0, unsigned int r1, unsigned int r2, unsigned int r3) { FragmentA value = {r0, r1, r2, r3}; return value; }
        DEVICE FragmentB make_FragmentB(unsigned int r0, unsigned int r1) { FragmentB value = {r0, r1}; return value; }
        DEVICE FragmentC make_FragmentC(float r0, float r1, float r2, float r3) { FragmentC value = {r0, r1, r2, r3}; return value; }
        DEVICE unsigned int Mma_ToTf32(float value) { unsigned int bits; asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(value)); return bits; }
        DEVICE unsigned int Mma_PackBf16(float low, float high) { unsigned int bits; asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(bits) : "f"(high), "f"(low)); return bits; }
        #define MMA(name, shape, type) \
            DEVICE FragmentC name(FragmentA a, FragmentB b, FragmentC c) { \
                asm volatile("mma.sync.aligned." shape ".row.col.f32." type "." type ".f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};" \
                    : "+f"(c.R0), "+f"(c.R1), "+f"(c.R2), "+f"(c.R3) : "r"(a.R0), "r"(a.R1), "r"(a.R2), "r"(a.R3), "r"(b.R0), "r"(b.R1)); \
                return c; }
        MMA(Mma_Tf32, "m16n8k8", "tf32")
        MMA(Mma_Bf16, "m16n8k16", "bf16")
        DEVICE Index2D make_Index2D(int x, int y) { Index2D index = {x, y}; return index; }
        DEVICE Index3D make_Index3D(int x, int y, int z) { Index3D index = {x, y, z}; return index; }

        """;

    static string Functions => string.Join("\n", MathFunction.All.Select(function => function.CudaDefinition));
}
