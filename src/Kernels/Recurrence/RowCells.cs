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
    public static void Run<TCell>(TCell cell, int columns) where TCell : struct, IRowCell<T>
    {
        var i = 0;
        if (Vector512.IsHardwareAccelerated) i = Run<TCell, Simd512<T>, Vector512<T>>(cell, i, columns);
        if (Vector256.IsHardwareAccelerated) i = Run<TCell, Simd256<T>, Vector256<T>>(cell, i, columns);
        if (Vector128.IsHardwareAccelerated)
        {
            i = Run<TCell, Simd128<T>, Vector128<T>>(cell, i, columns);
            Run<TCell, SimdLane<T>, Vector128<T>>(cell, i, columns);
        }
        else Run<TCell, SimdScalar<T>, T>(cell, i, columns);
    }

    // A method a width, never inlined: in one, or in its caller, the JIT's budget for inlining is spent before the last operations, which are then calls.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static int Run<TCell, TSimd, TVector>(TCell cell, int i, int columns)
        where TCell : struct, IRowCell<T> where TSimd : ISimd<TVector, T> where TVector : struct
    {
        for (; i <= columns - TSimd.Count; i += TSimd.Count) cell.At<TSimd, TVector>(i);
        return i;
    }
}
