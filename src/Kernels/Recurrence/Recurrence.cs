using System.Numerics;

namespace LdNetGpu.Kernels;

/// <summary>Recurrences on one kind of device: a pass is checked, then run by what is compiled for its unit.</summary>
public abstract class Recurrence<T> : IRecurrence<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public void Forward(in RecurrenceForward<T> pass)
    {
        RecurrenceChecks.Forward(pass);
        var rows = new RecurrenceRows(pass.Shape, pass.Lengths);
        if (!pass.Shape.IsEmpty) pass.Shape.Unit.Type().Forward(this, pass, rows);
    }

    public void Backward(in RecurrenceBackward<T> pass)
    {
        RecurrenceChecks.Backward(pass);
        var rows = new RecurrenceRows(pass.Shape, pass.Lengths);
        if (!pass.Shape.IsEmpty) pass.Shape.Unit.Type().Backward(this, pass, rows);
    }

    internal abstract void Forward<TUnit>(in RecurrenceForward<T> pass, RecurrenceRows rows) where TUnit : struct, IRecurrentUnit;

    internal abstract void Backward<TUnit>(in RecurrenceBackward<T> pass, RecurrenceRows rows) where TUnit : struct, IRecurrentUnit;
}
