using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>Hands an operation under check one of its inputs: the same tensor each time a name is asked for.</summary>
/// <param name="name">What the report calls it.</param>
/// <param name="shape">Its sizes, when it is first asked for.</param>
public delegate Tensor<T> GradientInput<T>(string name, params int[] shape)
    where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>
/// Inputs for a gradient check, made as they are asked for: normal values of deviation 0.7, drawn by the seed and the
/// name, so that another input more or less leaves the rest as they are.
/// </summary>
public sealed class GradientInputs<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly DeviceBackend<T> backend;
    readonly Func<string, int, T[]> values;
    readonly List<(string Name, Tensor<T> Tensor)> all = [];

    /// <param name="backend">Where they lie.</param>
    /// <param name="seed">Chooses the values.</param>
    public GradientInputs(DeviceBackend<T> backend, ulong seed)
        : this(backend, (name, count) => Array.ConvertAll(Draw(name, count, seed), T.CreateTruncating)) { }

    internal GradientInputs(DeviceBackend<T> backend, Func<string, int, T[]> values)
    {
        ArgumentNullException.ThrowIfNull(backend);
        (this.backend, this.values) = (backend, values);
    }

    /// <summary>Those asked for so far, in that order.</summary>
    public IReadOnlyList<(string Name, Tensor<T> Tensor)> All => all;

    /// <summary>The input of this name; it requires a gradient, and lives as long as this object.</summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="shape">Its sizes, when it is first asked for; not looked at afterwards.</param>
    /// <exception cref="ShapeException">A size is negative.</exception>
    public Tensor<T> Get(string name, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        var known = all.Find(entry => entry.Name == name).Tensor;
        if (known is not null) return known;
        var tensor = new Tensor<T>(backend, new Shape(shape), scoped: false) { RequiresGradient = true };
        all.Add((name, tensor));
        tensor.CopyFrom(values(name, (int)tensor.Shape.Count));
        return tensor;
    }

    internal static double[] Draw(string name, int count, ulong seed)
    {
        var hash = name.Aggregate(0u, (hash, letter) => hash * 31 + letter);
        var random = new RandomStream(new RandomKey(seed, (uint)name.Length, hash));
        return [.. Enumerable.Range(0, count).Select(_ => random.NextNormal() * 0.7)];
    }

    /// <summary>Gives back the inputs' memory.</summary>
    public void Dispose()
    {
        foreach (var (_, tensor) in all) tensor.Storage.Dispose();
        all.Clear();
    }
}
