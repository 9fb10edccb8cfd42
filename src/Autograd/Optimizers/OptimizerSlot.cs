using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>
/// One parameter with the optimizer's own tensors for it, shaped like it, or like the block of its elements that this
/// shard keeps the state of.
/// </summary>
sealed class OptimizerSlot<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    // 64 bytes of floats: no vector is of two shards.
    const int Unit = 16;

    readonly int shard;

    internal OptimizerSlot(string name, Parameter<T> parameter, int states, IRowRule<T>? rule, IStateShards? shards)
    {
        (Name, Parameter, shard) = (name, parameter, shards?.Shard ?? 0);
        Division = new(parameter.Shape.Count, rule is null ? Unit : parameter.Shape.Columns, shards?.Shards ?? 1);
        var own = shards is null ? parameter.Shape
            : rule is null ? new Shape(1, Length)
            : new Shape(Length / parameter.Shape.Columns, parameter.Shape.Columns);
        State = [.. Enumerable.Range(0, states).Select(_ =>
            new Parameter<T>(parameter.Backend, own) { RequiresGradient = false })];
        if (rule is not null) Rows = new(rule, parameter, State, shards, Division);
    }

    public string Name { get; }

    public Parameter<T> Parameter { get; }

    public Parameter<T>[] State { get; }

    /// <summary>Whose which elements are.</summary>
    public StateDivision Division { get; }

    /// <summary>The parameter's elements that this shard changes.</summary>
    public MatrixView<T> Own => OwnOf(Parameter.View);

    /// <summary>Of a table whose rows are updated where they were touched.</summary>
    internal LazyRows<T>? Rows { get; }

    /// <summary>The elements of this shard, of a gradient.</summary>
    public MatrixView<T> OwnOf(MatrixView<T> whole) => Division.Shards == 1 ? whole
        : whole.Reshape(1, checked((int)whole.Count)).SliceColumns((int)Division.First(shard), Length);

    int Length => checked((int)Division.Length(shard));
}
