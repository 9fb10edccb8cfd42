using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LdNetGpu.Kernels.Simd;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>One row of one step on the CPU. What its unit does not have is null.</summary>
unsafe struct ForwardRow<T> where T : unmanaged
{
    /// <summary>H.</summary>
    public int Hidden;

    /// <summary>[G·H]: in, the gate sums; out, the activated gates.</summary>
    public T* Gates;

    /// <summary>[H]: in, h' and c', the state before; out, h and c.</summary>
    public T* State, Cell;

    /// <summary>
    /// [H]: with a cell, takes c where it is not null; with a candidate, W_hh h' of its gate, then q, which is that
    /// with its bias.
    /// </summary>
    public T* Saved;

    /// <summary>b_hh [G·H], where there is a candidate.</summary>
    public T* Bias;

    /// <summary>[H]: takes h.</summary>
    public T* Output;
}

/// <summary>The same row backward.</summary>
unsafe struct BackwardRow<T> where T : unmanaged
{
    public int Hidden;

    /// <summary>[G·H]: in, the activated gates; out, the gradients of the input's products.</summary>
    public T* Gates;

    /// <summary>[H]: c or q, as the forward step left it.</summary>
    public T* Saved;

    /// <summary>[H]: c' where there is a cell, else h'.</summary>
    public T* Previous;

    /// <summary>[H]: this step's own gradient of h.</summary>
    public T* HiddenGradient;

    /// <summary>
    /// [H]: in, what later steps add to the gradient of h; out, the part of that of h' that does not pass through W_hh.
    /// </summary>
    public T* StateGradient;

    /// <summary>[H]: in, the gradient of c; out, that of c'.</summary>
    public T* CellGradient;

    /// <summary>[H]: takes the gradient of q.</summary>
    public T* CandidateGradient;
}

/// <summary>Runs a unit's cell over a row: wide vectors, then narrower ones for what is left.</summary>
static class RowCells<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static void Forward<TUnit>(ForwardRow<T> row)
        where TUnit : struct, IRecurrentUnit => Run(new ForwardCell<TUnit>(row), row.Hidden);

    public static void Backward<TUnit>(BackwardRow<T> row)
        where TUnit : struct, IRecurrentUnit => Run(new BackwardCell<TUnit>(row), row.Hidden);

    interface ICell
    {
        void At<TSimd, TVector>(int column) where TSimd : ISimd<TVector, T> where TVector : struct;
    }

    readonly struct ForwardCell<TUnit>(ForwardRow<T> row) : ICell where TUnit : struct, IRecurrentUnit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TSimd, TVector>(int column) where TSimd : ISimd<TVector, T>
            where TVector : struct => TUnit.Forward<TSimd, TVector, T>(row, column);
    }

    readonly struct BackwardCell<TUnit>(BackwardRow<T> row) : ICell where TUnit : struct, IRecurrentUnit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<TSimd, TVector>(int column) where TSimd : ISimd<TVector, T>
            where TVector : struct => TUnit.Backward<TSimd, TVector, T>(row, column);
    }

    static void Run<TCell>(TCell cell, int columns) where TCell : struct, ICell
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

    // A method a width, never inlined: in one, or in its caller, the JIT's budget for inlining is spent before the last
    // operations, which are then calls.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    static int Run<TCell, TSimd, TVector>(TCell cell, int i, int columns)
        where TCell : struct, ICell where TSimd : ISimd<TVector, T> where TVector : struct
    {
        for (; i <= columns - TSimd.Count; i += TSimd.Count) cell.At<TSimd, TVector>(i);
        return i;
    }
}
