using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;

namespace LdNetGpu.Model;

/// <summary>
/// A part of a model: parameters and smaller parts, by the names that a PyTorch state_dict of the published code gives
/// them.
/// </summary>
/// <param name="backend">Where its parameters live, and what computes there.</param>
public abstract class Module<T>(DeviceBackend<T> backend) : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly List<(string Name, Parameter<T> Parameter)> own = [];
    readonly List<(string Name, Module<T> Module)> parts = [];
    readonly List<Parameter<T>> constants = [];

    /// <summary>Where its parameters live, and what computes there.</summary>
    public DeviceBackend<T> Backend { get; } = backend ?? throw new ArgumentNullException(nameof(backend));

    /// <summary>Every parameter below here with its full name, in a fixed order.</summary>
    public IEnumerable<(string Name, Parameter<T> Parameter)> Parameters()
    {
        foreach (var parameter in own) yield return parameter;
        foreach (var (prefix, part) in parts)
            foreach (var (name, parameter) in part.Parameters())
                yield return ($"{prefix}.{name}", parameter);
    }

    /// <summary>Parameters that training changes.</summary>
    public IEnumerable<(string Name, Parameter<T> Parameter)> Trainable() =>
        Parameters().Where(entry => entry.Parameter.RequiresGradient);

    /// <summary>Keeps every parameter below here as it is.</summary>
    public void Freeze()
    {
        foreach (var (_, parameter) in Parameters()) parameter.RequiresGradient = false;
    }

    /// <summary>Gives back every parameter below here.</summary>
    public void Dispose()
    {
        foreach (var (_, parameter) in own) parameter.Dispose();
        foreach (var constant in constants) constant.Dispose();
        foreach (var (_, part) in parts) part.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A parameter of the module's own, zeros.</summary>
    /// <param name="name">As a state_dict has it, without the names of the modules above.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="byRows">Whether it is a table whose gradient comes as rows.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    protected Parameter<T> Register(string name, Shape shape, bool byRows = false)
    {
        RequireFree(name);
        ParameterBudget.Take(name, shape);
        var parameter = new Parameter<T>(Backend, shape, byRows);
        own.Add((name, parameter));
        return parameter;
    }

    /// <summary>A tensor that the module computes with but never trains or saves.</summary>
    /// <param name="shape">Its sizes.</param>
    /// <param name="values">In row order, copied.</param>
    protected Tensor<T> Constant(Shape shape, ReadOnlySpan<T> values)
    {
        var constant = new Parameter<T>(Backend, shape) { RequiresGradient = false };
        constant.CopyFrom(values);
        constants.Add(constant);
        return constant;
    }

    /// <summary>A smaller part, which the module disposes of.</summary>
    /// <param name="name">What stands before its parameters' names, with a dot.</param>
    /// <param name="part">One that is registered nowhere else.</param>
    /// <returns>The part.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken, or the module is in the part.</exception>
    protected TModule Register<TModule>(string name, TModule part) where TModule : Module<T>
    {
        RequireFree(name);
        ArgumentNullException.ThrowIfNull(part);
        if (part.Contains(this))
            throw new ArgumentException($"The module {GetType().Name} would be a part of itself.", nameof(part));
        parts.Add((name, part));
        return part;
    }

    bool Contains(Module<T> module) => this == module || parts.Exists(entry => entry.Module.Contains(module));

    void RequireFree(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (own.Exists(entry => entry.Name == name) || parts.Exists(entry => entry.Name == name))
            throw new ArgumentException($"{GetType().Name} has a part '{name}' already.", nameof(name));
    }
}
