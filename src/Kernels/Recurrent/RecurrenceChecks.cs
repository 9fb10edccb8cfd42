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
        RefuseOverlap(pass);
    }

    // The final states may be the initial ones' views, which are read before. Gates of distinct inputs are only read.
    static void RefuseOverlap<T>(in RecurrenceForward<T> pass) where T : unmanaged
    {
        ReadOnlySpan<Operand<T>> outputs =
        [
            new("gates", pass.Gates), new("hidden output", pass.Hidden), new("saved values", pass.Saved),
            new("final hidden state", pass.FinalHidden), new("final cell state", pass.FinalCell),
        ];
        Operand<T> initialHidden = new("initial hidden state", pass.InitialHidden),
            initialCell = new("initial cell state", pass.InitialCell);
        var firstWritten = pass.InputRows.IsNone ? 0 : 1;
        RefuseOverlap(outputs);
        RefuseOverlap(outputs[firstWritten..],
            [new("recurrent weight", pass.RecurrentWeight), new("recurrent bias", pass.RecurrentBias)]);
        RefuseOverlap(outputs[firstWritten..3], [initialHidden, initialCell]);
        RefuseOverlap(outputs[3..4], [initialCell]);
        RefuseOverlap(outputs[4..], [initialHidden]);
        Overlap.RefuseInPart("recurrence", outputs[3].Name, pass.FinalHidden, initialHidden.Name, pass.InitialHidden);
        Overlap.RefuseInPart("recurrence", outputs[4].Name, pass.FinalCell, initialCell.Name, pass.InitialCell);
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
        ReadOnlySpan<Operand<T>> outputs =
        [
            new("gates", pass.Gates), new("recurrent weight gradient", pass.RecurrentWeightGradient),
            new("recurrent bias gradient", pass.RecurrentBiasGradient),
            new("initial hidden gradient", pass.InitialHiddenGradient),
            new("initial cell gradient", pass.InitialCellGradient),
        ];
        RefuseOverlap(outputs);
        RefuseOverlap(outputs,
        [
            new("recurrent weight", pass.RecurrentWeight), new("initial hidden state", pass.InitialHidden),
            new("initial cell state", pass.InitialCell), new("hidden output", pass.Hidden),
            new("saved values", pass.Saved), new("hidden gradient", pass.HiddenGradient),
            new("final hidden gradient", pass.FinalHiddenGradient),
            new("final cell gradient", pass.FinalCellGradient),
        ]);
    }

    readonly record struct Operand<T>(string Name, MatrixView<T> View) where T : unmanaged;

    static void RefuseOverlap<T>(ReadOnlySpan<Operand<T>> outputs) where T : unmanaged
    {
        for (var i = 1; i < outputs.Length; i++) RefuseOverlap(outputs[i..(i + 1)], outputs[..i]);
    }

    static void RefuseOverlap<T>(ReadOnlySpan<Operand<T>> outputs, ReadOnlySpan<Operand<T>> others) where T : unmanaged
    {
        foreach (var output in outputs)
            foreach (var other in others)
                Overlap.Refuse("recurrence", output.Name, output.View, other.Name, other.View);
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
