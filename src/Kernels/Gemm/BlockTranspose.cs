using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>
/// Eight columns of up to eight rows of floats as eight rows, in registers: a transposing copy without strided element
/// stores. Needs AVX.
/// </summary>
static unsafe class BlockTranspose
{
    public const int Width = 8;

    /// <summary>
    /// destination[k · destinationStride + r] = source[r · stride + k] for k under 8 and r under
    /// <paramref name="rows"/>. Writes all eight elements of each destination row, zeros from <paramref name="rows"/>
    /// on.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(float* source, nint stride, int rows, float* destination, nint destinationStride)
    {
        var zero = Vector256<float>.Zero;
        var r0 = Vector256.Load(source);
        var r1 = rows > 1 ? Vector256.Load(source + stride) : zero;
        var r2 = rows > 2 ? Vector256.Load(source + 2 * stride) : zero;
        var r3 = rows > 3 ? Vector256.Load(source + 3 * stride) : zero;
        var r4 = rows > 4 ? Vector256.Load(source + 4 * stride) : zero;
        var r5 = rows > 5 ? Vector256.Load(source + 5 * stride) : zero;
        var r6 = rows > 6 ? Vector256.Load(source + 6 * stride) : zero;
        var r7 = rows > 7 ? Vector256.Load(source + 7 * stride) : zero;
        Half(r0, r1, r2, r3, out var a0, out var a1, out var a2, out var a3);
        Half(r4, r5, r6, r7, out var b0, out var b1, out var b2, out var b3);
        const byte LowHalves = 0x20, HighHalves = 0x31;
        Avx.Permute2x128(a0, b0, LowHalves).Store(destination);
        Avx.Permute2x128(a1, b1, LowHalves).Store(destination + destinationStride);
        Avx.Permute2x128(a2, b2, LowHalves).Store(destination + 2 * destinationStride);
        Avx.Permute2x128(a3, b3, LowHalves).Store(destination + 3 * destinationStride);
        Avx.Permute2x128(a0, b0, HighHalves).Store(destination + 4 * destinationStride);
        Avx.Permute2x128(a1, b1, HighHalves).Store(destination + 5 * destinationStride);
        Avx.Permute2x128(a2, b2, HighHalves).Store(destination + 6 * destinationStride);
        Avx.Permute2x128(a3, b3, HighHalves).Store(destination + 7 * destinationStride);
    }

    // Four rows: column k of the low 128 bits and column k + 4 of the high ones come out side by side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Half(Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3,
        out Vector256<float> c0, out Vector256<float> c1, out Vector256<float> c2, out Vector256<float> c3)
    {
        const byte FirstPairs = 0x44, SecondPairs = 0xEE;
        var (low01, high01) = (Avx.UnpackLow(r0, r1), Avx.UnpackHigh(r0, r1));
        var (low23, high23) = (Avx.UnpackLow(r2, r3), Avx.UnpackHigh(r2, r3));
        c0 = Avx.Shuffle(low01, low23, FirstPairs);
        c1 = Avx.Shuffle(low01, low23, SecondPairs);
        c2 = Avx.Shuffle(high01, high23, FirstPairs);
        c3 = Avx.Shuffle(high01, high23, SecondPairs);
    }
}
