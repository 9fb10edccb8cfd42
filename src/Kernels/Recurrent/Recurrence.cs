using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Rows;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>
/// Recurrences on one kind of device: a pass is checked, then run by what is compiled for its unit. Weight gradients
/// are products over all steps.
/// </summary>
abstract class Recurrence<T> : IRecurrence<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Forward(in RecurrenceForward<T> pass)
    {
        RecurrenceChecks.Forward(Device, pass);
        if (!HasWork(pass.Shape, pass.Lengths, pass.FinalHidden, pass.FinalCell)) return;
        var rows = new RecurrenceRows(pass.Shape, pass.Lengths);
        if (!pass.Shape.IsEmpty) pass.Shape.Unit.Type().Forward(this, pass, rows);
    }

    public void Backward(in RecurrenceBackward<T> pass)
    {
        RecurrenceChecks.Backward(Device, pass);
        if (!HasWork(pass.Shape, pass.Lengths, pass.InitialHiddenGradient, pass.InitialCellGradient)) return;
        var rows = new RecurrenceRows(pass.Shape, pass.Lengths);
        if (!pass.Shape.IsEmpty) pass.Shape.Unit.Type().Backward(this, pass, rows);
    }

    // Of a batch that no operand has a row of, the size is bounded by nothing.
    static bool HasWork(RecurrenceShape shape, IndexView lengths, MatrixView<T> state, MatrixView<T> cell) =>
        !lengths.IsNone || shape.Steps > 0 && shape.Hidden > 0 || !state.IsNone || !cell.IsNone;

    internal abstract void Forward<TUnit>(in RecurrenceForward<T> pass, RecurrenceRows rows)
        where TUnit : struct, IRecurrentUnit;

    internal abstract void Backward<TUnit>(in RecurrenceBackward<T> pass, RecurrenceRows rows)
        where TUnit : struct, IRecurrentUnit;

    private protected abstract ComputeDevice Device { get; }

    private protected abstract IGemm<T> Gemm { get; }

    private protected abstract IRows<T> RowMoves { get; }

    /// <summary>sums [1 x n] += the sum of all rows.</summary>
    private protected abstract void AddSums(MatrixView<T> rows, MatrixView<T> sums);

    /// <summary>
    /// Of W_hh and, where there is a candidate, b_hh: from the gradients of the direct gates' sums and of the
    /// candidate's product.
    /// </summary>
    private protected void AddWeightGradients(in RecurrenceBackward<T> pass, RecurrenceRows rows,
        MatrixView<T> candidate)
    {
        var hidden = pass.Shape.Hidden;
        var direct = pass.Shape.Unit.Traits().DirectGates * hidden;
        var gates = pass.Gates.SliceColumns(0, direct);
        if (!pass.RecurrentWeightGradient.IsNone)
        {
            AddProducts(pass, rows, gates, pass.RecurrentWeightGradient.SliceRows(0, direct));
            if (!candidate.IsNone)
                AddProducts(pass, rows, candidate, pass.RecurrentWeightGradient.SliceRows(direct, hidden));
        }
        if (candidate.IsNone || pass.RecurrentBiasGradient.IsNone) return;
        AddSums(gates, pass.RecurrentBiasGradient.SliceColumns(0, direct));
        AddSums(candidate, pass.RecurrentBiasGradient.SliceColumns(direct, hidden));
    }

    // gradient += Σ over steps of dGatesᵀ · h before the step; h is the hidden output one step earlier, rows of zeros
    // where a padded step lies before.
    void AddProducts(in RecurrenceBackward<T> pass, RecurrenceRows rows, MatrixView<T> gates, MatrixView<T> gradient)
    {
        var (_, steps, batch, _, reverse) = pass.Shape;
        if (steps > 1)
        {
            var later = (steps - 1) * batch;
            Gemm.Multiply(GemmKind.TN, gates.SliceRows(reverse ? 0 : batch, later),
                pass.Hidden.SliceRows(reverse ? batch : 0, later), gradient, accumulate: true);
        }
        if (pass.InitialHidden.IsNone || steps == 0) return;
        if (pass.Lengths.IsNone)
        {
            Gemm.Multiply(GemmKind.TN, gates.SliceRows(reverse ? (steps - 1) * batch : 0, batch), pass.InitialHidden,
                gradient, accumulate: true);
            return;
        }
        int[] firsts = [.. Enumerable.Range(0, batch).Select(rows.First)];
        using var firstBuffer = Device.Allocate<int>(batch);
        firstBuffer.CopyFrom(firsts);
        using var starts = Device.Allocate<T>((long)batch * gates.Columns);
        var startGates = new MatrixView<T>(starts, 0, batch, gates.Columns, gates.Columns);
        RowMoves.Gather(gates, new IndexView(firstBuffer, 0, batch, firsts), startGates);
        Gemm.Multiply(GemmKind.TN, startGates, pass.InitialHidden, gradient, accumulate: true);
    }
}
