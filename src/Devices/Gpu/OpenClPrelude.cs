using LdNetGpu.Dialect;

namespace LdNetGpu.Devices.Gpu;

/// <summary>
/// What the generated OpenCL C 1.2 stands on: put before a kernel's text. The names are the dialect's, Class_Member.
/// Collectives work through a scratch array of 1024 words in local memory, which bounds a group's size.
/// </summary>
static class OpenClPrelude
{
    public static string Text { get; } = $$$"""
        #ifdef cl_khr_fp64
        #pragma OPENCL EXTENSION cl_khr_fp64 : enable
        #endif
        #ifdef cl_khr_int64_base_atomics
        #pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable
        #endif
        #ifdef cl_khr_int64_extended_atomics
        #pragma OPENCL EXTENSION cl_khr_int64_extended_atomics : enable
        #endif

        // Position
        typedef struct { int X, Y; } Index2D;
        typedef struct { int X, Y, Z; } Index3D;
        static Index2D make_Index2D(int x, int y) { Index2D index = {x, y}; return index; }
        static Index3D make_Index3D(int x, int y, int z) { Index3D index = {x, y, z}; return index; }
        #define Grid_IdxX ((int)get_group_id(0))
        #define Grid_IdxY ((int)get_group_id(1))
        #define Grid_IdxZ ((int)get_group_id(2))
        #define Grid_DimX ((int)get_num_groups(0))
        #define Grid_DimY ((int)get_num_groups(1))
        #define Grid_DimZ ((int)get_num_groups(2))
        #define Group_IdxX ((int)get_local_id(0))
        #define Group_IdxY ((int)get_local_id(1))
        #define Group_IdxZ ((int)get_local_id(2))
        #define Group_DimX ((int)get_local_size(0))
        #define Group_DimY ((int)get_local_size(1))
        #define Group_DimZ ((int)get_local_size(2))
        #define Group_Size (Group_DimX * Group_DimY * Group_DimZ)
        #define Group_LinearIndex (Group_IdxX + Group_DimX * (Group_IdxY + Group_DimY * Group_IdxZ))
        #define Grid_LinearIndex (Grid_IdxX + Grid_DimX * (Grid_IdxY + Grid_DimY * Grid_IdxZ))
        #define Grid_GlobalX (Grid_IdxX * Group_DimX + Group_IdxX)
        #define Grid_GlobalY (Grid_IdxY * Group_DimY + Group_IdxY)
        #define Grid_GlobalZ (Grid_IdxZ * Group_DimZ + Group_IdxZ)
        #define Grid_GlobalLinearIndex ((long)Grid_LinearIndex * Group_Size + Group_LinearIndex)

        // Functions
        {{{Functions}}}
        #define XMath_Remainder fmod
        #define Int_Max max
        #define Int_Min min
        // C#'s own: 0 is larger than -0. Math.Max gives NaN where either is, MaxNumber the number.
        #define EXTREMA(type) \
            static type XMath_NaNMax_##type(type x, type y) { return x > y ? x : x < y ? y : x == y ? (signbit(x) ? y : x) : x + y; } \
            static type XMath_NaNMin_##type(type x, type y) { return x < y ? x : x > y ? y : x == y ? (signbit(x) ? x : y) : x + y; } \
            static type XMath_MaxNumber_##type(type x, type y) { return x == y ? (signbit(x) ? y : x) : fmax(x, y); } \
            static type XMath_MinNumber_##type(type x, type y) { return x == y ? (signbit(x) ? x : y) : fmin(x, y); }
        #define CLAMP(type) static type Clamp_##type(type x, type low, type high) { return x < low ? low : x > high ? high : x; }
        #define ABS(type) static type Int_Abs_##type(type x) { return x < 0 ? -x : x; }
        #define Int_PopCount(x) ((int)popcount(x))
        static int Int_DivRoundUp_int(int x, int y) { return (int)((uint)x + (uint)y - 1u) / y; }
        static long Int_DivRoundUp_long(long x, long y) { return (long)((ulong)x + (ulong)y - 1ul) / y; }
        EXTREMA(float) CLAMP(float) CLAMP(int) CLAMP(uint) CLAMP(long) CLAMP(ulong) ABS(int) ABS(long)
        #ifdef cl_khr_fp64
        EXTREMA(double) CLAMP(double)
        #endif
        // What an integer cannot hold becomes the one nearest to it, and NaN 0.
        #define ToInt convert_int_sat
        #define ToUInt convert_uint_sat
        #define ToLong convert_long_sat
        #define ToULong convert_ulong_sat
        // The nearest number of a type with other bounds.
        #define SATURATED(name, type, least, most) \
            static type Saturated_##name(long x) { return x < (long)(least) ? least : x > (long)(most) ? most : (type)x; } \
            static type SaturatedU_##name(ulong x) { return x > (ulong)(most) ? most : (type)x; }
        SATURATED(SByte, char, -128, 127)
        SATURATED(Byte, uchar, 0, 255)
        SATURATED(Int16, short, -32768, 32767)
        SATURATED(UInt16, ushort, 0, 65535)
        SATURATED(Int32, int, (-2147483647 - 1), 2147483647)
        SATURATED(UInt32, uint, 0u, 4294967295u)
        static long SaturatedU_Int64(ulong x) { return x >> 63 ? 9223372036854775807l : (long)x; }
        static ulong Saturated_UInt64(long x) { return x < 0 ? 0ul : (ulong)x; }
        #define FloatAsInt as_uint
        #define IntAsFloat as_float
        #define DoubleAsLong as_ulong
        #define LongAsDouble as_double

        // Atomic operations, one for each type and memory
        #define ATOMIC(type, space, qualifier, prefix) \
            static type Atomic_Add_##type##_##space(volatile qualifier type* target, type value) { return prefix##_add(target, value); } \
            static type Atomic_Exchange_##type##_##space(volatile qualifier type* target, type value) { return prefix##_xchg(target, value); } \
            static type Atomic_CompareExchange_##type##_##space(volatile qualifier type* target, type compare, type value) { return prefix##_cmpxchg(target, compare, value); } \
            static type Atomic_Min_##type##_##space(volatile qualifier type* target, type value) { return prefix##_min(target, value); } \
            static type Atomic_Max_##type##_##space(volatile qualifier type* target, type value) { return prefix##_max(target, value); } \
            static type Atomic_And_##type##_##space(volatile qualifier type* target, type value) { return prefix##_and(target, value); } \
            static type Atomic_Or_##type##_##space(volatile qualifier type* target, type value) { return prefix##_or(target, value); } \
            static type Atomic_Xor_##type##_##space(volatile qualifier type* target, type value) { return prefix##_xor(target, value); }
        ATOMIC(int, global, __global, atomic)
        ATOMIC(int, shared, __local, atomic)
        ATOMIC(uint, global, __global, atomic)
        ATOMIC(uint, shared, __local, atomic)
        #if defined(cl_khr_int64_base_atomics) && defined(cl_khr_int64_extended_atomics)
        ATOMIC(long, global, __global, atom)
        ATOMIC(long, shared, __local, atom)
        ATOMIC(ulong, global, __global, atom)
        ATOMIC(ulong, shared, __local, atom)
        #endif
        #define ATOMIC_CHANGE(name, type, space, qualifier, bits, toBits, fromBits, exchange, changed) \
            static type Atomic_##name##_##type##_##space(volatile qualifier type* target, type value) { \
                bits before, seen = toBits(*target); \
                do { before = seen; seen = exchange((volatile qualifier bits*)target, before, toBits(changed)); } while (seen != before); \
                return fromBits(before); }
        #define ATOMIC_FLOAT(type, space, qualifier, bits, toBits, fromBits, exchange) \
            ATOMIC_CHANGE(Add, type, space, qualifier, bits, toBits, fromBits, exchange, fromBits(before) + value) \
            ATOMIC_CHANGE(Exchange, type, space, qualifier, bits, toBits, fromBits, exchange, value) \
            ATOMIC_CHANGE(Max, type, space, qualifier, bits, toBits, fromBits, exchange, XMath_NaNMax_##type(fromBits(before), value)) \
            ATOMIC_CHANGE(Min, type, space, qualifier, bits, toBits, fromBits, exchange, XMath_NaNMin_##type(fromBits(before), value)) \
            static type Atomic_CompareExchange_##type##_##space(volatile qualifier type* target, type compare, type value) { \
                return fromBits(exchange((volatile qualifier bits*)target, toBits(compare), toBits(value))); }
        ATOMIC_FLOAT(float, global, __global, uint, as_uint, as_float, atomic_cmpxchg)
        ATOMIC_FLOAT(float, shared, __local, uint, as_uint, as_float, atomic_cmpxchg)
        #if defined(cl_khr_fp64) && defined(cl_khr_int64_base_atomics)
        ATOMIC_FLOAT(double, global, __global, ulong, as_ulong, as_double, atom_cmpxchg)
        ATOMIC_FLOAT(double, shared, __local, ulong, as_ulong, as_double, atom_cmpxchg)
        #endif
        #define MemoryFence_GroupLevel() mem_fence(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
        #define MemoryFence_DeviceLevel() mem_fence(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
        #define MemoryFence_SystemLevel() mem_fence(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)

        // Groups: every collective is a barrier too, before and after.
        #define Group_Barrier() barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
        #define Add_Apply(x, y) ((x) + (y))
        static int Group_BarrierPopCount(bool predicate, __local ulong* scratch) {
            __local int* counts = (__local int*)scratch;
            counts[Group_LinearIndex] = predicate ? 1 : 0;
            Group_Barrier();
            int count = 0;
            for (int lane = 0; lane < Group_Size; lane++) count += counts[lane];
            Group_Barrier();
            return count;
        }
        static bool Group_BarrierAnd(bool predicate, __local ulong* scratch) { return Group_BarrierPopCount(predicate, scratch) == Group_Size; }
        static bool Group_BarrierOr(bool predicate, __local ulong* scratch) { return Group_BarrierPopCount(predicate, scratch) > 0; }
        #define DEFINE_Group_Broadcast(name, type, apply, identity) \
            static type name(type value, int lane, __local ulong* scratch) { \
                if (Group_LinearIndex == lane) *(__local type*)scratch = value; \
                Group_Barrier(); value = *(__local type*)scratch; Group_Barrier(); return value; }
        #define DEFINE_Group_AllReduce(name, type, apply, identity) \
            static type name(type value, __local ulong* scratch) { \
                __local type* values = (__local type*)scratch; int lane = Group_LinearIndex; \
                values[lane] = value; Group_Barrier(); \
                for (int size = Group_Size; size > 1; size = (size + 1) / 2) { \
                    int pair = lane + (size + 1) / 2; \
                    if (pair < size) values[lane] = apply(values[lane], values[pair]); \
                    Group_Barrier(); } \
                value = values[0]; Group_Barrier(); return value; }
        #define DEFINE_Group_InclusiveScan(name, type, apply, identity) \
            static type name(type value, __local ulong* scratch) { \
                __local type* values = (__local type*)scratch; int lane = Group_LinearIndex; \
                values[lane] = value; Group_Barrier(); \
                for (int step = 1; step < Group_Size; step *= 2) { \
                    type before = lane >= step ? values[lane - step] : value; Group_Barrier(); \
                    if (lane >= step) value = apply(before, value); \
                    values[lane] = value; Group_Barrier(); } \
                return value; }
        #define DEFINE_Group_ExclusiveScan(name, type, apply, identity) \
            DEFINE_Group_InclusiveScan(name##_inclusive, type, apply, identity) \
            static type name(type value, __local ulong* scratch) { \
                __local type* values = (__local type*)scratch; int lane = Group_LinearIndex; \
                name##_inclusive(value, scratch); \
                value = lane == 0 ? identity : values[lane - 1]; Group_Barrier(); return value; }

        """;

    static string Functions => string.Join("\n", MathFunction.All.Select(function => function.OpenClDefinition));
}
