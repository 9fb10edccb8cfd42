using System.Numerics;
using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// Recurrences on a device that runs kernels: at each step a product with the state, added onto the gate sums, then the cell. Weight gradients are one product
/// over all steps. Rows are taken as far as the last one that is real at a step, so sequences sorted by falling length cost no more than their real steps.
/// </summary>
public sealed class GpuRecurrence<T>(GpuDevice device, GpuGemm<T> gemm, GpuElementwise<T> elementwise, GpuReduction<T> reduction,
    GpuRows<T> rowMoves, KernelChoice? choice = null) : IRecurrence<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Forward(in RecurrenceForward<T> pass)
    {
        RecurrenceChecks.Forward(pass);
        var rows = new RecurrenceRows(pass.Shape, pass.Lengths);
        var (unit, steps, batch, hidden, _) = pass.Shape;
        if (batch == 0 || hidden == 0) return;
        var gru = unit == RecurrentUnit.Gru;
        var direct = gru ? 2 * hidden : pass.RecurrentWeight.Rows;
        using var gatesBuffer = device.Allocate<T>(pass.InputRows.IsNone ? 0 : (long)steps * batch * pass.Gates.Columns);
        var allGates = pass.InputRows.IsNone ? pass.Gates : new MatrixView<T>(gatesBuffer, 0, steps * batch, pass.Gates.Columns, pass.Gates.Columns);
        if (!pass.InputRows.IsNone) rowMoves.Gather(pass.Gates, pass.InputRows, allGates);
        using var stateBuffer = device.Allocate<T>((long)batch * hidden);
        using var cellBuffer = device.Allocate<T>(unit == RecurrentUnit.Lstm ? (long)batch * hidden : 0);
        using var candidateBuffer = device.Allocate<T>(gru && pass.Saved.IsNone ? (long)batch * hidden : 0);
        var isFused = unit == RecurrentUnit.Lstm
            && KernelVariants.LstmStep.IsTaken(new(device.Capabilities, typeof(T), choice ?? KernelChoice.Default, batch, hidden, hidden));
        using var nextBuffer = device.Allocate<T>(isFused ? (long)batch * hidden : 0);
        var next = isFused ? new MatrixView<T>(nextBuffer, 0, batch, hidden, hidden) : default;
        var state = State(stateBuffer, pass.InitialHidden, batch, hidden);
        var cell = unit == RecurrentUnit.Lstm ? State(cellBuffer, pass.InitialCell, batch, hidden) : default;
        for (var step = 0; step < steps; step++)
        {
            var time = rows.Time(step);
            var active = rows.Active(0, batch, time);
            var gates = allGates.SliceRows(time * batch, batch);
            var output = pass.Hidden.SliceRows(time * batch, batch);
            var saved = pass.Saved.IsNone ? default : pass.Saved.SliceRows(time * batch, batch);
            var read = state.SliceRows(0, active);
            if (isFused && (step > 0 || !pass.InitialHidden.IsNone))
            {
                LstmStepKernels.LaunchForward(device, TilesOf(batch, hidden), state.Array,
                    pass.RecurrentWeight.Array, pass.RecurrentWeight.RowStride, gates.Array, gates.RowStride, cell.Array, next.Array,
                    output.Array, output.RowStride, saved.Array, saved.RowStride, pass.Lengths.Array, time, batch, hidden);
                (state, next) = (next, state);
                continue;
            }
            if (step > 0 || !pass.InitialHidden.IsNone)
                gemm.Multiply(GemmKind.NT, read, pass.RecurrentWeight.SliceRows(0, direct),
                    gates.SliceRows(0, active).SliceColumns(0, direct), accumulate: true);
            switch (unit)
            {
                case RecurrentUnit.Lstm:
                    LstmKernels.LaunchForward(device, batch * hidden, gates.Array, gates.RowStride, cell.Array, state.Array, output.Array, output.RowStride,
                        saved.Array, saved.RowStride, pass.Lengths.Array, time, hidden);
                    break;
                case RecurrentUnit.Gru:
                    var candidate = saved.IsNone ? new MatrixView<T>(candidateBuffer, 0, batch, hidden, hidden) : saved;
                    gemm.Multiply(GemmKind.NT, read, pass.RecurrentWeight.SliceRows(direct, hidden), candidate.SliceRows(0, active));
                    GruKernels.LaunchForward(device, batch * hidden, gates.Array, gates.RowStride, candidate.Array, candidate.RowStride,
                        pass.RecurrentBias.Array, state.Array, output.Array, output.RowStride, pass.Lengths.Array, time, hidden);
                    break;
                default:
                    TanhKernels.LaunchForward(device, batch * hidden, gates.Array, gates.RowStride, state.Array, output.Array, output.RowStride,
                        pass.Lengths.Array, time, hidden);
                    break;
            }
        }
        CopyOut(state, pass.FinalHidden);
        if (!cell.IsNone) CopyOut(cell, pass.FinalCell);
    }

    public void Backward(in RecurrenceBackward<T> pass)
    {
        RecurrenceChecks.Backward(pass);
        var rows = new RecurrenceRows(pass.Shape, pass.Lengths);
        var (unit, steps, batch, hidden, _) = pass.Shape;
        if (batch == 0 || hidden == 0) return;
        var gru = unit == RecurrentUnit.Gru;
        var direct = gru ? 2 * hidden : pass.RecurrentWeight.Rows;
        using var stateBuffer = device.Allocate<T>((long)batch * hidden);
        using var cellBuffer = device.Allocate<T>(unit == RecurrentUnit.Lstm ? (long)batch * hidden : 0);
        using var candidateBuffer = device.Allocate<T>(gru ? (long)steps * batch * hidden : 0);
        var stateGradient = State(stateBuffer, pass.FinalHiddenGradient, batch, hidden);
        var cellGradient = unit == RecurrentUnit.Lstm ? State(cellBuffer, pass.FinalCellGradient, batch, hidden) : default;
        var candidateGradients = gru ? new MatrixView<T>(candidateBuffer, 0, steps * batch, hidden, hidden) : default;
        for (var step = steps - 1; step >= 0; step--)
        {
            var time = rows.Time(step);
            var active = rows.Active(0, batch, time);
            var gates = pass.Gates.SliceRows(time * batch, batch);
            StepBackward(pass, rows, step, stateGradient, cellGradient, candidateGradients);
            if (step == 0 && pass.InitialHiddenGradient.IsNone) break;
            // Added, so that rows whose sequence has not begun yet in this order keep what they have.
            gemm.Multiply(GemmKind.NN, gates.SliceRows(0, active).SliceColumns(0, direct), pass.RecurrentWeight.SliceRows(0, direct),
                stateGradient.SliceRows(0, active), accumulate: true);
            if (gru)
                gemm.Multiply(GemmKind.NN, candidateGradients.SliceRows(time * batch, active), pass.RecurrentWeight.SliceRows(direct, hidden),
                    stateGradient.SliceRows(0, active), accumulate: true);
        }
        CopyOut(stateGradient, pass.InitialHiddenGradient);
        if (!cellGradient.IsNone) CopyOut(cellGradient, pass.InitialCellGradient);

        if (!pass.RecurrentWeightGradient.IsNone)
        {
            WeightGradient(pass, rows, pass.Gates.SliceColumns(0, direct), pass.RecurrentWeightGradient.SliceRows(0, direct));
            if (gru) WeightGradient(pass, rows, candidateGradients, pass.RecurrentWeightGradient.SliceRows(direct, hidden));
        }
        if (gru && !pass.RecurrentBiasGradient.IsNone)
        {
            reduction.SumRows(pass.Gates.SliceColumns(0, direct), pass.RecurrentBiasGradient.SliceColumns(0, direct), accumulate: true);
            reduction.SumRows(candidateGradients, pass.RecurrentBiasGradient.SliceColumns(direct, hidden), accumulate: true);
        }
    }

    static LaunchConfig TilesOf(int batch, int hidden) =>
        (new Index2D((hidden + LstmStepKernels.Side - 1) / LstmStepKernels.Side, (batch + LstmStepKernels.Side - 1) / LstmStepKernels.Side),
            new Index2D(LstmStepKernels.Side, LstmStepKernels.Side));

    void StepBackward(in RecurrenceBackward<T> pass, RecurrenceRows rows, int step, MatrixView<T> stateGradient,
        MatrixView<T> cellGradient, MatrixView<T> candidateGradients)
    {
        var (unit, _, batch, hidden, _) = pass.Shape;
        var time = rows.Time(step);
        var timeBefore = rows.Time(step - 1);
        var gates = pass.Gates.SliceRows(time * batch, batch);
        var hiddenGradient = pass.HiddenGradient.SliceRows(time * batch, batch);
        switch (unit)
        {
            case RecurrentUnit.Lstm:
                var saved = pass.Saved.SliceRows(time * batch, batch);
                LstmKernels.LaunchBackward(device, batch * hidden, gates.Array, gates.RowStride, saved.Array, StepBefore(pass.Saved), saved.RowStride,
                    pass.InitialCell.Array, pass.InitialCell.RowStride, hiddenGradient.Array, hiddenGradient.RowStride, stateGradient.Array, cellGradient.Array,
                    pass.Lengths.Array, time, timeBefore, hidden);
                break;
            case RecurrentUnit.Gru:
                var candidate = pass.Saved.SliceRows(time * batch, batch);
                GruKernels.LaunchBackward(device, batch * hidden, gates.Array, gates.RowStride, candidate.Array, candidate.RowStride,
                    StepBefore(pass.Hidden), pass.Hidden.RowStride, pass.InitialHidden.Array, pass.InitialHidden.RowStride,
                    hiddenGradient.Array, hiddenGradient.RowStride, stateGradient.Array, candidateGradients.SliceRows(time * batch, batch).Array,
                    pass.Lengths.Array, time, timeBefore, hidden);
                break;
            default:
                TanhKernels.LaunchBackward(device, batch * hidden, gates.Array, gates.RowStride,
                    hiddenGradient.Array, hiddenGradient.RowStride, stateGradient.Array, pass.Lengths.Array, time, hidden);
                break;
        }

        ArrayView<T> StepBefore(MatrixView<T> view) => step == 0 ? default : view.SliceRows(timeBefore * batch, batch).Array;
    }

    // gradient += Σ over steps of dGatesᵀ · h before the step; h is the hidden output one step earlier, rows of zeros where a padded step lies before.
    void WeightGradient(in RecurrenceBackward<T> pass, RecurrenceRows rows, MatrixView<T> gates, MatrixView<T> gradient)
    {
        var (_, steps, batch, _, reverse) = pass.Shape;
        if (steps > 1)
        {
            var later = (steps - 1) * batch;
            gemm.Multiply(GemmKind.TN, gates.SliceRows(reverse ? 0 : batch, later), pass.Hidden.SliceRows(reverse ? batch : 0, later),
                gradient, accumulate: true);
        }
        if (pass.InitialHidden.IsNone || steps == 0) return;
        if (pass.Lengths.IsNone)
        {
            gemm.Multiply(GemmKind.TN, gates.SliceRows(reverse ? (steps - 1) * batch : 0, batch), pass.InitialHidden, gradient, accumulate: true);
            return;
        }
        var firsts = new int[batch];
        for (var row = 0; row < batch; row++) firsts[row] = rows.First(row);
        using var firstBuffer = device.Allocate<int>(batch);
        firstBuffer.CopyFrom(firsts);
        using var starts = device.Allocate<T>((long)batch * gates.Columns);
        var startGates = new MatrixView<T>(starts, 0, batch, gates.Columns, gates.Columns);
        rowMoves.Gather(gates, new IndexView(firstBuffer, 0, batch, firsts), startGates);
        gemm.Multiply(GemmKind.TN, startGates, pass.InitialHidden, gradient, accumulate: true);
    }

    MatrixView<T> State(DeviceBuffer<T> buffer, MatrixView<T> initial, int batch, int hidden)
    {
        var state = new MatrixView<T>(buffer, 0, batch, hidden, hidden);
        if (initial.IsNone) elementwise.Fill(state, T.Zero);
        else elementwise.Copy(initial, state);
        return state;
    }

    void CopyOut(MatrixView<T> state, MatrixView<T> final)
    {
        if (!final.IsNone) elementwise.Copy(state, final);
    }
}
