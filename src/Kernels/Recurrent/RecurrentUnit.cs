using System.Numerics;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>The name of a recurrent unit. <see cref="RecurrentUnits"/> knows what each is.</summary>
public enum RecurrentUnit
{
    /// <summary>
    /// i, f, g, o with a cell state (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000).
    /// </summary>
    Lstm,

    /// <summary>
    /// r, z, n (Cho et al. 2014), the reset gate on the recurrent product as PyTorch and cuDNN have it.
    /// </summary>
    Gru,

    /// <summary>tanh(W_ih x + b_ih + W_hh h + b_hh) (Elman 1990).</summary>
    Tanh,
}

/// <summary>
/// What there is to know of a recurrent unit outside its cell. Gates are in PyTorch's order; W_hh [G·H x H] has H rows
/// for each.
/// </summary>
/// <param name="Gates">G.</param>
/// <param name="HasCell">Whether a cell state c goes from step to step beside h.</param>
/// <param name="HasCandidate">
/// Whether the last gate is a candidate that takes its recurrent product by itself, with b_hh: GRU's W_hn h' + b_hn,
/// inside the reset gate. The other gates' products are added onto the sums; where there is no candidate, b_hh is added
/// to the input's products with b_ih.
/// </param>
/// <param name="OpenGate">The gate whose biases begin at 1, so that a new unit remembers.</param>
public sealed record RecurrentTraits(int Gates, bool HasCell = false, bool HasCandidate = false, int? OpenGate = null)
{
    /// <summary>Gates, the first ones, whose recurrent products are added onto their sums.</summary>
    public int DirectGates => HasCandidate ? Gates - 1 : Gates;

    /// <summary>
    /// Whether the backward pass needs more than the activated gates: c_t, or the candidate's product, [T·B x H].
    /// </summary>
    public bool Saves => HasCell || HasCandidate;
}

/// <summary>The units there are: the one place where a name leads to a type.</summary>
public static class RecurrentUnits
{
    // In the order of their names.
    static readonly UnitType[] Types = [new UnitType<LstmUnit>(), new UnitType<GruUnit>(), new UnitType<TanhUnit>()];

    /// <summary>What there is to know of the unit.</summary>
    /// <param name="unit">Its name.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such unit.</exception>
    public static RecurrentTraits Traits(this RecurrentUnit unit) => unit.Type().Traits;

    internal static UnitType Type(this RecurrentUnit unit) => (uint)unit < (uint)Types.Length
        ? Types[(int)unit]
        : throw new ArgumentOutOfRangeException(nameof(unit), unit, "No recurrent unit has this name.");
}

/// <summary>
/// A unit's type as a value. A driver's passes are compiled for each unit by itself, so nothing virtual is left inside
/// them.
/// </summary>
abstract class UnitType
{
    public abstract RecurrentTraits Traits { get; }

    public abstract void Forward<T>(Recurrence<T> driver, in RecurrenceForward<T> pass, RecurrenceRows rows)
        where T : unmanaged, IFloatingPointIeee754<T>;

    public abstract void Backward<T>(Recurrence<T> driver, in RecurrenceBackward<T> pass, RecurrenceRows rows)
        where T : unmanaged, IFloatingPointIeee754<T>;
}

sealed class UnitType<TUnit> : UnitType where TUnit : struct, IRecurrentUnit
{
    public override RecurrentTraits Traits => TUnit.Traits;

    public override void Forward<T>(Recurrence<T> driver, in RecurrenceForward<T> pass, RecurrenceRows rows) =>
        driver.Forward<TUnit>(pass, rows);

    public override void Backward<T>(Recurrence<T> driver, in RecurrenceBackward<T> pass, RecurrenceRows rows) =>
        driver.Backward<TUnit>(pass, rows);
}
