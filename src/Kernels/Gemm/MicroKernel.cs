using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using LdNetGpu.Kernels.Simd;

namespace LdNetGpu.Kernels.Gemm;

/// <summary>What happens to a finished tile on its way to C.</summary>
[Flags]
enum TileStore
{
    /// <summary>C = tile.</summary>
    Overwrite = 0,

    /// <summary>C += tile.</summary>
    Add = 1,

    /// <summary>Negative elements become 0, after the bias.</summary>
    Relu = 2,
}

/// <summary>
/// The innermost product: a tile of C of up to <see cref="MaxRows"/> rows by <see cref="Columns"/> columns stays in
/// registers over the whole depth. Every element is one chain of multiply-adds over k in rising order, whatever the
/// tile, so no cut of C into tiles, blocks or threads changes a bit.
/// </summary>
abstract unsafe class MicroKernel<T>(int columns) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Twelve accumulators, two vectors of B and one broadcast of A fill AVX2's sixteen registers.</summary>
    public const int MaxRows = 6;

    /// <summary>Columns of a tile and of a packed panel: two vectors.</summary>
    public int Columns { get; } = columns;

    /// <summary>
    /// Tiles of as many rows, one below the other. A's element (r, k) is at a[r · aRow + k · aStep], or, where aRow is
    /// 1 and aStep the rows of a tile, the tiles of A follow each other; b is a packed panel, <see cref="Columns"/>
    /// elements a k; bias has <see cref="Columns"/> elements or is null.
    /// </summary>
    public abstract void Run(int rows, int tiles, nint depth, T* a, nint aRow, nint aStep, T* b, T* c, nint cRow,
        T* bias, TileStore store);

    /// <summary>The kernel of a width; of the widest that is fast here where none is given.</summary>
    public static MicroKernel<T> Create(SimdWidth? width = null) => (width ?? Fastest) switch
    {
        SimdWidth.Vector512 => new MicroKernel<Simd512<T>, Vector512<T>, T>(),
        SimdWidth.Vector256 => new MicroKernel<Simd256<T>, Vector256<T>, T>(),
        SimdWidth.Vector128 => new MicroKernel<Simd128<T>, Vector128<T>, T>(),
        _ => new MicroKernel<SimdScalar<T>, T, T>(),
    };

    static SimdWidth Fastest =>
        Vector512.IsHardwareAccelerated ? SimdWidth.Vector512
        : Vector256.IsHardwareAccelerated ? SimdWidth.Vector256
        : Vector128.IsHardwareAccelerated ? SimdWidth.Vector128
        : SimdWidth.Scalar;
}

/// <summary>The tile for one vector type.</summary>
sealed unsafe class MicroKernel<TSimd, TVector, T>() : MicroKernel<T>(2 * TSimd.Count)
    where TSimd : ISimd<TVector, T> where TVector : struct where T : unmanaged, IFloatingPointIeee754<T>
{
    public override void Run(int rows, int tiles, nint depth, T* a, nint aRow, nint aStep, T* b, T* c, nint cRow,
        T* bias, TileStore store)
    {
        switch (rows)
        {
            case 6: Run<Rows6>(tiles, depth, a, aRow, aStep, b, c, cRow, bias, store); break;
            case 5: Run<Rows5>(tiles, depth, a, aRow, aStep, b, c, cRow, bias, store); break;
            case 4: Run<Rows4>(tiles, depth, a, aRow, aStep, b, c, cRow, bias, store); break;
            case 3: Run<Rows3>(tiles, depth, a, aRow, aStep, b, c, cRow, bias, store); break;
            case 2: Run<Rows2>(tiles, depth, a, aRow, aStep, b, c, cRow, bias, store); break;
            case 1: Run<Rows1>(tiles, depth, a, aRow, aStep, b, c, cRow, bias, store); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, $"A tile has 1 to {MaxRows} rows.");
        }
    }

    static void Run<TRows>(int tiles, nint depth, T* a, nint aRow, nint aStep, T* b, T* c, nint cRow, T* bias,
        TileStore store) where TRows : IRowCount
    {
        if (aRow == 1 && aStep == TRows.Count) PackedTiles<TRows>(tiles, depth, a, b, c, cRow, bias, store);
        else
            for (; tiles > 0; tiles--, a += TRows.Count * aRow, c += TRows.Count * cRow)
                Tile<TRows>(depth, a, aRow, aStep, b, c, cRow, bias, store);
    }

    // C's rows are needed at the tile's end: asked for now, they come from the outer caches meanwhile.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Expect<TRows>(T* c, nint cRow) where TRows : IRowCount
    {
        if (!Sse.IsSupported) return;
        for (var r = 0; r < TRows.Count; r++, c += cRow)
        {
            Sse.Prefetch0(c);
            Sse.Prefetch0(c + 2 * TSimd.Count - 1);
        }
    }

    // TRows.Count is a constant to the JIT: each instantiation keeps only its own rows.

    // The two loops are never inlined: their many steps would use up the caller's budget, and the last of them stay
    // calls.

    // A where it lies: row r at a + r · aRow, its elements aStep apart.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static void Tile<TRows>(nint depth, T* a, nint aRow, nint aStep, T* b, T* c, nint cRow, T* bias, TileStore store)
    where TRows : IRowCount
    {
        Expect<TRows>(c, cRow);
        T* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default,
            c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        var end = b + depth * (2 * TSimd.Count);
        for (nint k = 0; b < end; b += 2 * TSimd.Count, k += aStep)
            Step<TRows>(a, k, a1, k, a2, k, a3, k, a4, k, a5, k, b, 0,
                ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50,
                ref c51);
        Store(c00, c01, c, bias, store);
        if (TRows.Count > 1) Store(c10, c11, c += cRow, bias, store);
        if (TRows.Count > 2) Store(c20, c21, c += cRow, bias, store);
        if (TRows.Count > 3) Store(c30, c31, c += cRow, bias, store);
        if (TRows.Count > 4) Store(c40, c41, c += cRow, bias, store);
        if (TRows.Count > 5) Store(c50, c51, c + cRow, bias, store);
    }

    // A copied, TRows.Count elements for every k: four k a turn, for the loop's own instructions would cost a tenth of
    // its time. All tiles in one call: a call each costs a twentieth.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static void PackedTiles<TRows>(int tiles, nint depth, T* a, T* panel, T* c, nint cRow, T* bias, TileStore store)
    where TRows : IRowCount
    {
        for (; tiles > 0; tiles--)
        {
            Expect<TRows>(c, cRow);
            TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default,
                c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
            var b = panel;
            for (var end = a + (depth & ~3) * TRows.Count; a < end; a += 4 * TRows.Count, b += 4 * 2 * TSimd.Count)
            {
                PackedStep<TRows>(a, b, 0, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31,
                    ref c40, ref c41, ref c50, ref c51);
                PackedStep<TRows>(a, b, 1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31,
                    ref c40, ref c41, ref c50, ref c51);
                PackedStep<TRows>(a, b, 2, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31,
                    ref c40, ref c41, ref c50, ref c51);
                PackedStep<TRows>(a, b, 3, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31,
                    ref c40, ref c41, ref c50, ref c51);
            }
            for (var end = a + (depth & 3) * TRows.Count; a < end; a += TRows.Count, b += 2 * TSimd.Count)
                PackedStep<TRows>(a, b, 0, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31,
                    ref c40, ref c41, ref c50, ref c51);
            Store(c00, c01, c, bias, store);
            if (TRows.Count > 1) Store(c10, c11, c += cRow, bias, store);
            if (TRows.Count > 2) Store(c20, c21, c += cRow, bias, store);
            if (TRows.Count > 3) Store(c30, c31, c += cRow, bias, store);
            if (TRows.Count > 4) Store(c40, c41, c += cRow, bias, store);
            if (TRows.Count > 5) Store(c50, c51, c += cRow, bias, store);
            c += cRow;
        }
    }

    // The k-th after a and b. Every offset is a constant, so that it goes into the load's own address.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void PackedStep<TRows>(T* a, T* b, int k,
        ref TVector c00, ref TVector c01, ref TVector c10, ref TVector c11, ref TVector c20, ref TVector c21,
        ref TVector c30, ref TVector c31, ref TVector c40, ref TVector c41, ref TVector c50, ref TVector c51)
        where TRows : IRowCount
    {
        var row = k * TRows.Count;
        Step<TRows>(a, row, a, row + 1, a, row + 2, a, row + 3, a, row + 4, a, row + 5, b, k,
            ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
    }

    // One k: c(r, ·) += a_r[k_r] · b.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step<TRows>(T* a0, nint k0, T* a1, nint k1, T* a2, nint k2, T* a3, nint k3, T* a4, nint k4, T* a5,
    nint k5, T* b, int k,
        ref TVector c00, ref TVector c01, ref TVector c10, ref TVector c11, ref TVector c20, ref TVector c21,
        ref TVector c30, ref TVector c31, ref TVector c40, ref TVector c41, ref TVector c50, ref TVector c51)
        where TRows : IRowCount
    {
        var b0 = TSimd.Load(b + k * 2 * TSimd.Count);
        var b1 = TSimd.Load(b + k * 2 * TSimd.Count + TSimd.Count);
        var x = TSimd.Broadcast(a0[k0]);
        c00 = TSimd.MultiplyAdd(x, b0, c00);
        c01 = TSimd.MultiplyAdd(x, b1, c01);
        if (TRows.Count > 1)
        {
            x = TSimd.Broadcast(a1[k1]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
        }
        if (TRows.Count > 2)
        {
            x = TSimd.Broadcast(a2[k2]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
        }
        if (TRows.Count > 3)
        {
            x = TSimd.Broadcast(a3[k3]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
        }
        if (TRows.Count > 4)
        {
            x = TSimd.Broadcast(a4[k4]);
            c40 = TSimd.MultiplyAdd(x, b0, c40);
            c41 = TSimd.MultiplyAdd(x, b1, c41);
        }
        if (TRows.Count > 5)
        {
            x = TSimd.Broadcast(a5[k5]);
            c50 = TSimd.MultiplyAdd(x, b0, c50);
            c51 = TSimd.MultiplyAdd(x, b1, c51);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(TVector left, TVector right, T* c, T* bias, TileStore store)
    {
        if ((store & TileStore.Add) != 0)
        {
            left = TSimd.Add(TSimd.Load(c), left);
            right = TSimd.Add(TSimd.Load(c + TSimd.Count), right);
        }
        if (bias != null)
        {
            left = TSimd.Add(left, TSimd.Load(bias));
            right = TSimd.Add(right, TSimd.Load(bias + TSimd.Count));
        }
        if ((store & TileStore.Relu) != 0)
        {
            left = TSimd.Max(left, TSimd.Broadcast(T.Zero));
            right = TSimd.Max(right, TSimd.Broadcast(T.Zero));
        }
        TSimd.Store(left, c);
        TSimd.Store(right, c + TSimd.Count);
    }

    interface IRowCount
    {
        static abstract int Count { get; }
    }

    readonly struct Rows1 : IRowCount { public static int Count => 1; }
    readonly struct Rows2 : IRowCount { public static int Count => 2; }
    readonly struct Rows3 : IRowCount { public static int Count => 3; }
    readonly struct Rows4 : IRowCount { public static int Count => 4; }
    readonly struct Rows5 : IRowCount { public static int Count => 5; }
    readonly struct Rows6 : IRowCount { public static int Count => 6; }
}
