using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LdNetGpu.Kernels;

/// <summary>What a recurrent unit does with one row of one step, for the elements from a column on: one vector of any width.</summary>
interface IRowCell<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    void At<TSimd, TVector>(int column) where TSimd : ISimd<TVector, T> where TVector : struct;
}

/// <summary>Runs a cell over a row: wide vectors, then narrower ones for what is left.</summary>
static class RowCells<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TCell>(TCell cell, int columns) where TCell : struct, IRowCell<T>
    {
        var i = 0;
        if (Vector512.IsHardwareAccelerated)
            for (; i <= columns - Vector512<T>.Count; i += Vector512<T>.Count) cell.At<Simd512<T>, Vector512<T>>(i);
        if (Vector256.IsHardwareAccelerated)
            for (; i <= columns - Vector256<T>.Count; i += Vector256<T>.Count) cell.At<Simd256<T>, Vector256<T>>(i);
        if (Vector128.IsHardwareAccelerated)
            for (; i <= columns - Vector128<T>.Count; i += Vector128<T>.Count) cell.At<Simd128<T>, Vector128<T>>(i);
        for (; i < columns; i++) cell.At<SimdScalar<T>, T>(i);
    }
}
