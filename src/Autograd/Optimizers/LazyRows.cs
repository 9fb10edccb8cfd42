using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
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
    /// <param name="backend">What computes it.</param>
    /// <param name="table">The parameter, or a block of its rows.</param>
    /// <param name="state">The optimizer's own tensors for it.</param>
    /// <param name="rows">Distinct rows of the table.</param>
    /// <param name="gradient">[rows x columns], or none.</param>
    /// <param name="lastStep">The step that each row of the table is up to date with.</param>
    /// <param name="gradientScale">What the gradient is multiplied by.</param>
    /// <param name="step">From 1.</param>
    void UpdateRows(DeviceBackend<T> backend, MatrixView<T> table, Parameter<T>[] state, IndexView rows,
        MatrixView<T> gradient, IndexView lastStep, double gradientScale, int step);
}

/// <summary>
/// A table whose rows are updated where they were touched; rows left behind catch up, exactly, when they are asked for.
/// Of several shards each has a block of rows: it alone updates them, and the others fetch them.
/// </summary>
sealed class LazyRows<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly IRowRule<T> rule;
    readonly Parameter<T> table;
    readonly Parameter<T>[] state;
    readonly IStateShards? shards;
    readonly StateDivision division;
    // Of several shards: the step that this one had the row as of, when it fetched it.
    readonly int[] fetched;

    public LazyRows(IRowRule<T> rule, Parameter<T> table, Parameter<T>[] state, IStateShards? shards,
        StateDivision division)
    {
        (this.rule, this.table, this.state, this.shards, this.division) = (rule, table, state, shards, division);
        LastStep = table.Backend.Device.Allocate<int>(table.Shape.Rows);
        LastStep.CopyFrom(new int[table.Shape.Rows]);
        fetched = new int[shards is null ? 0 : table.Shape.Rows];
    }

    /// <summary>The step that each row is up to date with; of other shards' rows, when they were last shared.</summary>
    public DeviceBuffer<int> LastStep { get; }

    public void Update(IndexView rows, MatrixView<T> gradient, double gradientScale, int step)
    {
        if (shards is null)
        {
            Apply(rows, gradient, gradientScale, step);
            return;
        }
        // They ascend.
        var all = rows.ToHost();
        var (first, end) = (CountBelow(all, OwnFirst), CountBelow(all, OwnFirst + OwnCount));
        Apply(all[first..end], gradient.SliceRows(first, end - first), gradientScale, step);
    }

    /// <summary>Before a look-up: brings the rows that it names up to a step.</summary>
    /// <exception cref="InvalidOperationException">One is of another shard and was not fetched.</exception>
    public void BeforeLookup(IntTensor indices, int step)
    {
        if (step == 0) return;
        int[] rows = [.. indices.ToArray().Where(index => index >= 0).Distinct()];
        if (shards is null) CatchUp(rows, step);
        else if (Array.FindIndex(rows, row => fetched[row] != step) is >= 0 and var i)
            throw new InvalidOperationException($"Row {rows[i]} may be of another shard: FetchRows was not called for "
                + $"it after step {step}.");
    }

    /// <summary>Of several shards: brings rows up to a step, and each shard gets them.</summary>
    /// <param name="rows">The same on every shard; those below 0 are passed over.</param>
    /// <param name="step">Steps taken.</param>
    public void Fetch(ReadOnlySpan<int> rows, int step)
    {
        if (shards is null || step == 0) return;
        int[] distinct = [.. rows.ToArray().Where(row => row >= 0).Distinct().Order()];
        var columns = table.Shape.Columns;
        int[] starts = [.. Enumerable.Range(0, shards.Shards + 1).Select(shard =>
            CountBelow(distinct, (int)(division.First(shard) / columns)))];
        int[] counts = [.. Enumerable.Range(0, shards.Shards).Select(shard =>
            checked((starts[shard + 1] - starts[shard]) * columns))];
        var own = distinct.AsSpan(starts[shards.Shard]..starts[shards.Shard + 1]);
        CatchUp(own, step);
        var (mine, all) = (new T[counts[shards.Shard]], new T[checked(distinct.Length * columns)]);
        for (var i = 0; i < own.Length; i++)
            Buffer.CopyTo(mine.AsSpan(i * columns, columns), (long)own[i] * columns);
        shards.Gather<T>(mine, all, counts);
        for (var i = 0; i < distinct.Length; i++)
        {
            if (i < starts[shards.Shard] || i >= starts[shards.Shard + 1])
                Buffer.CopyFrom(all.AsSpan(i * columns, columns), (long)distinct[i] * columns);
            fetched[distinct[i]] = step;
        }
    }

    /// <summary>Brings every row up to a step.</summary>
    public void CatchUp(int step)
    {
        if (step == 0) return;
        CatchUp([.. Enumerable.Range(OwnFirst, OwnCount)], step);
        if (shards is null) return;
        Share();
        Array.Fill(fetched, step);
    }

    /// <summary>Of several shards: each gets all rows as they are, with their steps.</summary>
    public void Share()
    {
        if (shards is null) return;
        new StateParts<T>(shards).Gather([(Buffer, division)]);
        new StateParts<int>(shards).Gather([(LastStep, division with { Count = table.Shape.Rows, Unit = 1 })]);
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
        // Step 0 fetches nothing: rows of other shards are as old as they are.
        Array.Clear(fetched);
    }

    public void Dispose() => LastStep.Dispose();

    IEnumerable<Parameter<T>> Tensors => state.Prepend(table);

    int OwnFirst => (int)(division.First(shards?.Shard ?? 0) / table.Shape.Columns);

    int OwnCount => (int)(division.Length(shards?.Shard ?? 0) / table.Shape.Columns);

    DeviceBuffer<T> Buffer => table.View.Buffer;

    void CatchUp(ReadOnlySpan<int> rows, int step) => Apply(rows, default, gradientScale: 1, step);

    /// <summary>The same of this shard's rows.</summary>
    void Apply(ReadOnlySpan<int> rows, MatrixView<T> gradient, double gradientScale, int step)
    {
        if (rows.IsEmpty) return;
        int[] places = rows.ToArray();
        for (var i = 0; i < places.Length; i++) places[i] -= OwnFirst;
        using var buffer = table.Backend.Device.Allocate<int>(places.Length);
        buffer.CopyFrom(places);
        Apply(new IndexView(buffer, 0, places.Length, places), gradient, gradientScale, step);
    }

    void Apply(IndexView places, MatrixView<T> gradient, double gradientScale, int step) =>
        rule.UpdateRows(table.Backend, table.View.SliceRows(OwnFirst, OwnCount), state, places, gradient,
            new(LastStep, OwnFirst, OwnCount), gradientScale, step);

    static int CountBelow(ReadOnlySpan<int> ascending, int limit)
    {
        var place = ascending.BinarySearch(limit);
        return place < 0 ? ~place : place;
    }
}
