using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Rows;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>
/// Recurrences on the CPU. W_hh is packed once; each thread then takes some rows of the batch through all steps: a
/// product with the rows' state added onto the gate sums, then the cell. Weight gradients are one product over all
/// steps. The same bits for any number of threads.
/// </summary>
sealed unsafe class CpuRecurrence<T>(CpuDevice device, CpuGemm<T> gemm) : Recurrence<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    internal override void Forward<TUnit>(in RecurrenceForward<T> pass, RecurrenceRows rows)
    {
        var unit = TUnit.Traits;
        var hidden = pass.Shape.Hidden;
        var direct = unit.DirectGates * hidden;
        using var weight = gemm.Pack(pass.RecurrentWeight.SliceRows(0, direct), transposed: true);
        using var candidateWeight = unit.HasCandidate
            ? gemm.Pack(pass.RecurrentWeight.SliceRows(direct, hidden), transposed: true) : null;
        using var noBias = Zeros(unit.HasCandidate && pass.RecurrentBias.IsNone ? unit.Gates * hidden : 0);
        var given = pass;
        var bias = noBias != null ? noBias.Pointer : unit.HasCandidate ? pass.RecurrentBias.Pointer : null;
        var borders = rows.Parts(device.Workers.Threads);
        device.Workers.Run(borders.Length - 1,
            part => ForwardRows<TUnit>(given, rows, borders[part], borders[part + 1], weight, candidateWeight, bias));
    }

    internal override void Backward<TUnit>(in RecurrenceBackward<T> pass, RecurrenceRows rows)
    {
        var unit = TUnit.Traits;
        var (_, steps, batch, hidden, _) = pass.Shape;
        var direct = unit.DirectGates * hidden;
        using var weight = gemm.Pack(pass.RecurrentWeight.SliceRows(0, direct), transposed: false);
        using var candidateWeight = unit.HasCandidate
            ? gemm.Pack(pass.RecurrentWeight.SliceRows(direct, hidden), transposed: false) : null;
        using var candidateBuffer = device.Allocate<T>(unit.HasCandidate ? (long)steps * batch * hidden : 0);
        using var zeros = Zeros(hidden);
        var given = pass;
        var candidate = unit.HasCandidate
            ? new MatrixView<T>(candidateBuffer, 0, steps * batch, hidden, hidden) : default;
        var borders = rows.Parts(device.Workers.Threads);
        device.Workers.Run(borders.Length - 1,
            part => BackwardRows<TUnit>(given, rows, borders[part], borders[part + 1], weight, candidateWeight,
                candidate, zeros!.Pointer));
        AddWeightGradients(pass, rows, candidate);
    }

    void ForwardRows<TUnit>(in RecurrenceForward<T> pass, RecurrenceRows rows, int first, int end,
        PackedMatrix<T> weight, PackedMatrix<T>? candidateWeight, T* bias) where TUnit : struct, IRecurrentUnit
    {
        var (_, steps, batch, hidden, _) = pass.Shape;
        var count = end - first;
        using var state = State(pass.InitialHidden, first, count, hidden);
        using var cell = TUnit.Traits.HasCell ? State(pass.InitialCell, first, count, hidden) : null;
        using var scratch = candidateWeight != null && pass.Saved.IsNone ? State(default, first, count, hidden) : null;
        // One step's sums, where those of many steps are the same rows: they stay in the caches, and the rows as they
        // are.
        using var sums = pass.InputRows.IsNone
            ? null : (HostBuffer<T>)device.Allocate<T>((long)count * pass.Gates.Columns);
        var stride = StateStride(hidden);
        for (var step = 0; step < steps; step++)
        {
            var time = rows.Time(step);
            var active = rows.Active(first, end, time);
            var row = time * batch + first;
            var gates = sums == null ? RowOf(pass.Gates, row) : sums.Pointer;
            var gatesStride = sums == null ? pass.Gates.RowStride : pass.Gates.Columns;
            for (var i = 0; sums != null && i < active; i++)
                pass.Gates.Row(pass.InputRows.Span[row + i]).CopyTo(sums.Slice((long)i * gatesStride, gatesStride));
            var saved = scratch != null ? scratch.Pointer : RowOf(pass.Saved, row);
            var savedStride = scratch != null ? stride : pass.Saved.RowStride;
            if (step > 0 || !pass.InitialHidden.IsNone)
                gemm.MultiplyHere(state.Pointer, stride, active, weight, gates, gatesStride, accumulate: true);
            if (candidateWeight != null)
                gemm.MultiplyHere(state.Pointer, stride, active, candidateWeight, saved, savedStride,
                    accumulate: false);
            for (var i = 0; i < count; i++)
            {
                var output = RowOf(pass.Hidden, row + i);
                if (i >= active || !rows.IsReal(first + i, time))
                {
                    new Span<T>(output, hidden).Clear();
                    continue;
                }
                RowCells<T>.Forward<TUnit>(new()
                {
                    Hidden = hidden,
                    Gates = gates + (nint)i * gatesStride,
                    State = state.Pointer + (nint)i * stride,
                    Cell = cell == null ? null : cell.Pointer + (nint)i * stride,
                    Saved = saved == null ? null : saved + (nint)i * savedStride,
                    Bias = bias,
                    Output = output,
                });
            }
        }
        CopyOut(state, pass.FinalHidden, first, count, hidden);
        if (cell != null) CopyOut(cell, pass.FinalCell, first, count, hidden);
    }

    void BackwardRows<TUnit>(in RecurrenceBackward<T> pass, RecurrenceRows rows, int first, int end,
        PackedMatrix<T> weight, PackedMatrix<T>? candidateWeight,
        MatrixView<T> candidateGradient, T* zeros) where TUnit : struct, IRecurrentUnit
    {
        var (_, steps, batch, hidden, _) = pass.Shape;
        var count = end - first;
        using var stateGradient = State(pass.FinalHiddenGradient, first, count, hidden);
        using var cellGradient = TUnit.Traits.HasCell ? State(pass.FinalCellGradient, first, count, hidden) : null;
        var (states, initial) = TUnit.Traits.HasCell
            ? (pass.Saved, pass.InitialCell) : (pass.Hidden, pass.InitialHidden);
        var stride = StateStride(hidden);
        for (var step = steps - 1; step >= 0; step--)
        {
            var time = rows.Time(step);
            var active = rows.Active(first, end, time);
            var row = time * batch + first;
            for (var i = 0; i < count; i++)
            {
                var gates = RowOf(pass.Gates, row + i);
                var candidate = RowOf(candidateGradient, row + i);
                if (i >= active || !rows.IsReal(first + i, time))
                {
                    new Span<T>(gates, pass.Gates.Columns).Clear();
                    if (candidate != null) new Span<T>(candidate, hidden).Clear();
                    continue;
                }
                var before = rows.Before(first + i, time);
                RowCells<T>.Backward<TUnit>(new()
                {
                    Hidden = hidden,
                    Gates = gates,
                    Saved = RowOf(pass.Saved, row + i),
                    Previous = before >= 0 ? RowOf(states, before) : initial.IsNone ? zeros : RowOf(initial, first + i),
                    HiddenGradient = RowOf(pass.HiddenGradient, row + i),
                    StateGradient = stateGradient.Pointer + (nint)i * stride,
                    CellGradient = cellGradient == null ? null : cellGradient.Pointer + (nint)i * stride,
                    CandidateGradient = candidate,
                });
            }
            if (step == 0 && pass.InitialHiddenGradient.IsNone) break;
            // Added, so that rows whose sequence has not begun yet in this order keep what they have.
            gemm.MultiplyHere(RowOf(pass.Gates, row), pass.Gates.RowStride, active, weight, stateGradient.Pointer,
                stride, accumulate: true);
            if (candidateWeight != null)
                gemm.MultiplyHere(RowOf(candidateGradient, row), hidden, active, candidateWeight, stateGradient.Pointer,
                    stride, accumulate: true);
        }
        CopyOut(stateGradient, pass.InitialHiddenGradient, first, count, hidden);
        if (cellGradient != null) CopyOut(cellGradient, pass.InitialCellGradient, first, count, hidden);
    }

    private protected override ComputeDevice Device => device;

    private protected override IGemm<T> Gemm => gemm;

    private protected override IRows<T> RowMoves { get; } = new CpuRows<T>(device);

    private protected override void AddSums(MatrixView<T> rows, MatrixView<T> sums)
    {
        for (var row = 0; row < rows.Rows; row++) TensorPrimitives.Add(sums.Row(0), rows.Row(row), sums.Row(0));
    }

    HostBuffer<T>? Zeros(int count)
    {
        if (count == 0) return null;
        var buffer = (HostBuffer<T>)device.Allocate<T>(count);
        buffer.Slice(0, count).Clear();
        return buffer;
    }

    // Rows a little further apart than they are long: a power of two would bring all of them to the same cache slots.
    static int StateStride(int hidden) => (hidden + 15) / 16 * 16 + 16;

    HostBuffer<T> State(MatrixView<T> initial, int first, int count, int hidden)
    {
        var stride = StateStride(hidden);
        var state = (HostBuffer<T>)device.Allocate<T>((long)count * stride);
        for (var i = 0; i < count; i++)
        {
            var row = state.Slice((long)i * stride, hidden);
            if (initial.IsNone) row.Clear();
            else initial.Row(first + i).CopyTo(row);
        }
        return state;
    }

    static void CopyOut(HostBuffer<T> state, MatrixView<T> final, int first, int count, int hidden)
    {
        if (final.IsNone) return;
        for (var i = 0; i < count; i++) state.Slice((long)i * StateStride(hidden), hidden).CopyTo(final.Row(first + i));
    }

    // Null of a view that is not there.
    static T* RowOf(MatrixView<T> view, int row) => view.IsNone ? null : view.Pointer + (nint)row * view.RowStride;
}
