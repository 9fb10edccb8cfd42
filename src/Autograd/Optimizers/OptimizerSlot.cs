using System.Numerics;

namespace LdNetGpu.Autograd;

/// <summary>One parameter with the optimizer's own tensors for it, shaped like it.</summary>
sealed class OptimizerSlot<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal OptimizerSlot(string name, Parameter<T> parameter, Parameter<T>[] state, LazyRows<T>? rows) =>
        (Name, Parameter, State, Rows) = (name, parameter, state, rows);

    public string Name { get; }

    public Parameter<T> Parameter { get; }

    public IReadOnlyList<Parameter<T>> State { get; }

    /// <summary>Of a table whose rows are updated where they were touched.</summary>
    internal LazyRows<T>? Rows { get; }
}
