using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

/// <summary>What a recurrence must satisfy on any device.</summary>
static class RecurrenceChecks
{
    public static void Forward<T>(in RecurrenceForward<T> pass) where T : unmanaged
    {
        var (unit, steps, batch, hidden, _) = pass.Shape;
        var gates = unit.Traits().Gates * hidden;
        if (pass.InputRows.IsNone) Check("gates", pass.Gates, steps * batch, gates);
        else
        {
            Check("gates", pass.Gates, pass.Gates.Rows, gates);
            Shapes.Count("recurrence", "input rows", pass.InputRows, steps * batch, "one for each row of the sequence");
            Shapes.InRange("recurrence", "input rows", pass.InputRows, 0, pass.Gates.Rows, $"the rows of gates {pass.Gates}");
        }
        Check("recurrent weight", pass.RecurrentWeight, gates, hidden);
        Check("recurrent bias", pass.RecurrentBias, 1, gates, optional: true);
        Check("initial hidden state", pass.InitialHidden, batch, hidden, optional: true);
        Check("initial cell state", pass.InitialCell, batch, hidden, optional: true);
        Check("hidden output", pass.Hidden, steps * batch, hidden);
        Check("saved values", pass.Saved, steps * batch, hidden, optional: true);
        Check("final hidden state", pass.FinalHidden, batch, hidden, optional: true);
        Check("final cell state", pass.FinalCell, batch, hidden, optional: true);
    }

    public static void Backward<T>(in RecurrenceBackward<T> pass) where T : unmanaged
    {
        var (unit, steps, batch, hidden, _) = pass.Shape;
        var gates = unit.Traits().Gates * hidden;
        Check("gates", pass.Gates, steps * batch, gates);
        Check("recurrent weight", pass.RecurrentWeight, gates, hidden);
        Check("initial hidden state", pass.InitialHidden, batch, hidden, optional: true);
        Check("initial cell state", pass.InitialCell, batch, hidden, optional: true);
        Check("hidden output", pass.Hidden, steps * batch, hidden);
        Check("saved values", pass.Saved, steps * batch, hidden, optional: !unit.Traits().Saves);
        Check("hidden gradient", pass.HiddenGradient, steps * batch, hidden);
        Check("final hidden gradient", pass.FinalHiddenGradient, batch, hidden, optional: true);
        Check("final cell gradient", pass.FinalCellGradient, batch, hidden, optional: true);
        Check("recurrent weight gradient", pass.RecurrentWeightGradient, gates, hidden, optional: true);
        Check("recurrent bias gradient", pass.RecurrentBiasGradient, 1, gates, optional: true);
        Check("initial hidden gradient", pass.InitialHiddenGradient, batch, hidden, optional: true);
        Check("initial cell gradient", pass.InitialCellGradient, batch, hidden, optional: true);
    }

    static void Check<T>(string name, MatrixView<T> view, int rows, int columns, bool optional = false) where T : unmanaged
    {
        if (view.IsNone && optional) return;
        if (view.IsNone || view.Rows != rows || view.Columns != columns)
            throw new ShapeException("recurrence", $"{name} {(view.IsNone ? "missing" : view.ToString())}, expected [{rows} x {columns}].");
    }
}
