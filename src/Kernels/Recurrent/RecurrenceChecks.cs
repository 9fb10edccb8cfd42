using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>What a recurrence must satisfy on any device.</summary>
static class RecurrenceChecks
{
    public static void Forward<T>(ComputeDevice device, in RecurrenceForward<T> pass) where T : unmanaged
    {
        var (unit, _, batch, hidden, _) = pass.Shape;
        var rows = Rows(device, pass.Shape, pass.Lengths);
        var gates = (long)unit.Traits().Gates * hidden;
        if (pass.InputRows.IsNone) Check(device, "gates", pass.Gates, rows, gates);
        else
        {
            Check(device, "gates", pass.Gates, pass.Gates.Rows, gates);
            Shapes.Count(device, "recurrence", "input rows", pass.InputRows, rows, "one for each row of the sequence");
            Shapes.InRange(device, "recurrence", "input rows", pass.InputRows, 0, pass.Gates.Rows,
                $"the rows of gates {pass.Gates}");
        }
        Check(device, "recurrent weight", pass.RecurrentWeight, gates, hidden);
        Check(device, "recurrent bias", pass.RecurrentBias, 1, gates, optional: true);
        Check(device, "initial hidden state", pass.InitialHidden, batch, hidden, optional: true);
        Check(device, "initial cell state", pass.InitialCell, batch, hidden, optional: true);
        Check(device, "hidden output", pass.Hidden, rows, hidden);
        Check(device, "saved values", pass.Saved, rows, hidden, optional: true);
        Check(device, "final hidden state", pass.FinalHidden, batch, hidden, optional: true);
        Check(device, "final cell state", pass.FinalCell, batch, hidden, optional: true);
    }

    public static void Backward<T>(ComputeDevice device, in RecurrenceBackward<T> pass) where T : unmanaged
    {
        var (unit, _, batch, hidden, _) = pass.Shape;
        var rows = Rows(device, pass.Shape, pass.Lengths);
        var gates = (long)unit.Traits().Gates * hidden;
        Check(device, "gates", pass.Gates, rows, gates);
        Check(device, "recurrent weight", pass.RecurrentWeight, gates, hidden);
        Check(device, "initial hidden state", pass.InitialHidden, batch, hidden, optional: true);
        Check(device, "initial cell state", pass.InitialCell, batch, hidden, optional: true);
        Check(device, "hidden output", pass.Hidden, rows, hidden);
        Check(device, "saved values", pass.Saved, rows, hidden, optional: !unit.Traits().Saves);
        Check(device, "hidden gradient", pass.HiddenGradient, rows, hidden);
        Check(device, "final hidden gradient", pass.FinalHiddenGradient, batch, hidden, optional: true);
        Check(device, "final cell gradient", pass.FinalCellGradient, batch, hidden, optional: true);
        Check(device, "recurrent weight gradient", pass.RecurrentWeightGradient, gates, hidden, optional: true);
        Check(device, "recurrent bias gradient", pass.RecurrentBiasGradient, 1, gates, optional: true);
        Check(device, "initial hidden gradient", pass.InitialHiddenGradient, batch, hidden, optional: true);
        Check(device, "initial cell gradient", pass.InitialCellGradient, batch, hidden, optional: true);
    }

    static void Check<T>(ComputeDevice device, string name, MatrixView<T> view, long rows, long columns,
        bool optional = false) where T : unmanaged
    {
        if (view.IsNone && optional) return;
        if (view.IsNone || view.Rows != rows || view.Columns != columns)
            throw new ShapeException("recurrence",
                $"{name} {(view.IsNone ? "missing" : view.ToString())}, expected [{rows} x {columns}].");
        Shapes.Present(device, "recurrence", name, view);
    }

    // T·B, which need not be a number of rows at all.
    static long Rows(ComputeDevice device, RecurrenceShape shape, IndexView lengths)
    {
        if (!Enum.IsDefined(shape.Unit))
            throw new ArgumentOutOfRangeException(nameof(shape), shape.Unit, "No such recurrent unit.");
        if (shape.Steps < 0 || shape.Batch < 0 || shape.Hidden < 0)
            throw new ShapeException("recurrence",
                $"{shape.Steps} steps x {shape.Batch} sequences x {shape.Hidden} hidden: none can be negative.");
        if (!lengths.IsNone) Shapes.Present(device, "recurrence", "lengths", lengths);
        return (long)shape.Steps * shape.Batch;
    }
}
