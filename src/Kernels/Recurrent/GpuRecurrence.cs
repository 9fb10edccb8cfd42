using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Reduction;
using LdNetGpu.Kernels.Rows;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>
/// Recurrences on a device that runs kernels: at each step a product with the state, added onto the gate sums, then the
/// cell. Weight gradients are one product over all steps. Rows are taken as far as the last one that is real at a step,
/// so sequences sorted by falling length cost no more than their real steps.
/// </summary>
sealed class GpuRecurrence<T>(GpuDevice device, GpuGemm<T> gemm, GpuElementwise<T> elementwise,
    GpuReduction<T> reduction, GpuRows<T> rowMoves, KernelChoice? choice = null) : Recurrence<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    internal override void Forward<TUnit>(in RecurrenceForward<T> pass, RecurrenceRows rows)
    {
        var unit = TUnit.Traits;
        var (_, steps, batch, hidden, _) = pass.Shape;
        var direct = unit.DirectGates * hidden;
        using var gatesBuffer =
            device.Allocate<T>(pass.InputRows.IsNone ? 0 : (long)steps * batch * pass.Gates.Columns);
        var allGates = pass.InputRows.IsNone
            ? pass.Gates : new MatrixView<T>(gatesBuffer, 0, steps * batch, pass.Gates.Columns, pass.Gates.Columns);
        if (!pass.InputRows.IsNone) rowMoves.Gather(pass.Gates, pass.InputRows, allGates);
        var query = new KernelQuery(device.Capabilities, typeof(T), choice ?? KernelChoice.Default, batch, hidden,
            hidden);
        var fused = TUnit.FusedStep is { } candidate && candidate.IsTaken(query) ? candidate : null;
        var keepsProduct = unit.HasCandidate && pass.Saved.IsNone;
        using var stateBuffer = device.Allocate<T>((long)batch * hidden);
        using var nextBuffer = device.Allocate<T>(fused is null ? 0 : (long)batch * hidden);
        using var cellBuffer = device.Allocate<T>(unit.HasCell ? (long)batch * hidden : 0);
        using var productBuffer = device.Allocate<T>(keepsProduct ? (long)batch * hidden : 0);
        var state = State(stateBuffer, pass.InitialHidden, batch, hidden);
        var next = fused is null ? default : new MatrixView<T>(nextBuffer, 0, batch, hidden, hidden);
        var cell = unit.HasCell ? State(cellBuffer, pass.InitialCell, batch, hidden) : default;
        var product = keepsProduct ? new MatrixView<T>(productBuffer, 0, batch, hidden, hidden) : default;
        for (var step = 0; step < steps; step++)
        {
            var time = rows.Time(step);
            var active = rows.Active(0, batch, time);
            var gates = allGates.SliceRows(time * batch, batch);
            var saved = pass.Saved.IsNone ? product : pass.Saved.SliceRows(time * batch, batch);
            var operands = new ForwardStep<T>(gates, state.Array, cell.Array, saved, pass.RecurrentBias.Array,
                pass.Hidden.SliceRows(time * batch, batch), pass.Lengths.Array, time, hidden);
            var hasState = step > 0 || !pass.InitialHidden.IsNone;
            if (fused is not null && hasState)
            {
                fused.Launch(device, state.Array, pass.RecurrentWeight, operands with { State = next.Array }, batch);
                (state, next) = (next, state);
                continue;
            }
            var read = state.SliceRows(0, active);
            if (hasState)
                gemm.Multiply(GemmKind.NT, read, pass.RecurrentWeight.SliceRows(0, direct),
                    gates.SliceRows(0, active).SliceColumns(0, direct), accumulate: true);
            if (unit.HasCandidate)
                gemm.Multiply(GemmKind.NT, read, pass.RecurrentWeight.SliceRows(direct, hidden),
                    saved.SliceRows(0, active));
            TUnit.LaunchForward(device, batch * hidden, operands);
        }
        CopyOut(state, pass.FinalHidden);
        if (unit.HasCell) CopyOut(cell, pass.FinalCell);
    }

    internal override void Backward<TUnit>(in RecurrenceBackward<T> pass, RecurrenceRows rows)
    {
        var unit = TUnit.Traits;
        var (_, steps, batch, hidden, _) = pass.Shape;
        var direct = unit.DirectGates * hidden;
        using var stateBuffer = device.Allocate<T>((long)batch * hidden);
        using var cellBuffer = device.Allocate<T>(unit.HasCell ? (long)batch * hidden : 0);
        using var candidateBuffer = device.Allocate<T>(unit.HasCandidate ? (long)steps * batch * hidden : 0);
        var stateGradient = State(stateBuffer, pass.FinalHiddenGradient, batch, hidden);
        var cellGradient = unit.HasCell ? State(cellBuffer, pass.FinalCellGradient, batch, hidden) : default;
        var candidateGradients = unit.HasCandidate
            ? new MatrixView<T>(candidateBuffer, 0, steps * batch, hidden, hidden) : default;
        var (states, initial) = unit.HasCell ? (pass.Saved, pass.InitialCell) : (pass.Hidden, pass.InitialHidden);
        for (var step = steps - 1; step >= 0; step--)
        {
            var (time, timeBefore) = (rows.Time(step), rows.Time(step - 1));
            var active = rows.Active(0, batch, time);
            TUnit.LaunchBackward<T>(device, batch * hidden, new(Step(pass.Gates, time), Step(pass.Saved, time),
                step == 0 ? default : Step(states, timeBefore), initial, Step(pass.HiddenGradient, time),
                stateGradient.Array, cellGradient.Array,
                Step(candidateGradients, time).Array, pass.Lengths.Array, time, timeBefore, hidden));
            if (step == 0 && pass.InitialHiddenGradient.IsNone) break;
            // Added, so that rows whose sequence has not begun yet in this order keep what they have.
            gemm.Multiply(GemmKind.NN, Step(pass.Gates, time).SliceRows(0, active).SliceColumns(0, direct),
                pass.RecurrentWeight.SliceRows(0, direct), stateGradient.SliceRows(0, active), accumulate: true);
            if (unit.HasCandidate)
                gemm.Multiply(GemmKind.NN, Step(candidateGradients, time).SliceRows(0, active),
                    pass.RecurrentWeight.SliceRows(direct, hidden), stateGradient.SliceRows(0, active),
                    accumulate: true);
        }
        CopyOut(stateGradient, pass.InitialHiddenGradient);
        if (unit.HasCell) CopyOut(cellGradient, pass.InitialCellGradient);
        AddWeightGradients(pass, rows, candidateGradients);

        MatrixView<T> Step(MatrixView<T> view, int time) => view.IsNone ? default : view.SliceRows(time * batch, batch);
    }

    private protected override ComputeDevice Device => device;

    private protected override IGemm<T> Gemm => gemm;

    private protected override IRows<T> RowMoves => rowMoves;

    private protected override void AddSums(MatrixView<T> rows, MatrixView<T> sums) =>
        reduction.SumRows(rows, sums, accumulate: true);

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
