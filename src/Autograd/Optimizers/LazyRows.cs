using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>
/// A rule under which a row without a gradient moves as a closed form or a replay tells: such rows may be left behind.
/// </summary>
interface IRowRule<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// Catches the rows up to step - 1 and applies the gradient as step; without a gradient, catches up to step.
    /// </summary>
    /// <param name="table">The parameter.</param>
    /// <param name="state">The optimizer's own tensors for it.</param>
    /// <param name="rows">Distinct rows of the table.</param>
    /// <param name="gradient">[rows x columns], or none.</param>
    /// <param name="lastStep">The step that each row of the table is up to date with.</param>
    /// <param name="gradientScale">What the gradient is multiplied by.</param>
    /// <param name="step">From 1.</param>
    void UpdateRows(Parameter<T> table, Parameter<T>[] state, IndexView rows, MatrixView<T> gradient,
        IndexView lastStep, double gradientScale, int step);
}

/// <summary>
/// A table whose rows are updated where they were touched; rows left behind catch up, exactly, when they are asked for.
/// </summary>
sealed class LazyRows<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly IRowRule<T> rule;
    readonly Parameter<T> table;
    readonly Parameter<T>[] state;

    public LazyRows(IRowRule<T> rule, Parameter<T> table, Parameter<T>[] state)
    {
        (this.rule, this.table, this.state) = (rule, table, state);
        LastStep = table.Backend.Device.Allocate<int>(table.Shape.Rows);
        LastStep.CopyFrom(new int[table.Shape.Rows]);
    }

    /// <summary>The step that each row is up to date with.</summary>
    public DeviceBuffer<int> LastStep { get; }

    public void Update(IndexView rows, MatrixView<T> gradient, double gradientScale, int step) =>
        rule.UpdateRows(table, state, rows, gradient, new(LastStep, 0, table.Shape.Rows), gradientScale, step);

    /// <summary>Brings the rows that a look-up names up to a step.</summary>
    public void CatchUp(IntTensor indices, int step)
    {
        if (step > 0) CatchUp([.. indices.ToArray().Where(index => index >= 0).Distinct()], step);
    }

    /// <summary>Brings every row up to a step.</summary>
    public void CatchUp(int step)
    {
        if (step > 0) CatchUp([.. Enumerable.Range(0, table.Shape.Rows)], step);
    }

    /// <summary>Table, state and row steps as they are.</summary>
    public (T[][] Values, int[] Steps) Copy()
    {
        var steps = new int[LastStep.Length];
        LastStep.CopyTo(steps);
        return ([.. Tensors.Select(tensor => tensor.ToArray())], steps);
    }

    public void Restore((T[][] Values, int[] Steps) copy)
    {
        foreach (var (tensor, values) in Tensors.Zip(copy.Values)) tensor.CopyFrom(values);
        LastStep.CopyFrom(copy.Steps);
    }

    public void Dispose() => LastStep.Dispose();

    IEnumerable<Parameter<T>> Tensors => state.Prepend(table);

    void CatchUp(int[] rows, int step)
    {
        using var buffer = table.Backend.Device.Allocate<int>(rows.Length);
        buffer.CopyFrom(rows);
        Update(new(buffer, 0, rows.Length, rows), default, gradientScale: 1, step);
    }
}
