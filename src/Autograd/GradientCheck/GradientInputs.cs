using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>Hands an operation under check one of its inputs: the same tensor each time a name is asked for.</summary>
/// <param name="name">What the report calls it.</param>
/// <param name="shape">Its sizes, when it is first asked for.</param>
public delegate Tensor<double> GradientInput(string name, params int[] shape);

/// <summary>
/// Inputs for a gradient check, made as they are asked for: normal values of deviation 0.7, drawn by the seed and the
/// name, so that another input more or less leaves the rest as they are.
/// </summary>
/// <param name="backend">Where they lie.</param>
/// <param name="seed">Chooses the values.</param>
public sealed class GradientInputs(DeviceBackend<double> backend, ulong seed) : IDisposable
{
    readonly DeviceBackend<double> backend = backend ?? throw new ArgumentNullException(nameof(backend));
    readonly List<(string Name, Tensor<double> Tensor)> all = [];

    /// <summary>Those asked for so far, in that order.</summary>
    public IReadOnlyList<(string Name, Tensor<double> Tensor)> All => all;

    /// <summary>The input of this name; it requires a gradient, and lives as long as this object.</summary>
    /// <param name="name">What the report calls it.</param>
    /// <param name="shape">Its sizes, when it is first asked for; not looked at afterwards.</param>
    /// <exception cref="ShapeException">A size is negative.</exception>
    public Tensor<double> Get(string name, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        var known = all.Find(entry => entry.Name == name).Tensor;
        if (known is not null) return known;
        var tensor = new Tensor<double>(backend, new Shape(shape), scoped: false) { RequiresGradient = true };
        all.Add((name, tensor));
        tensor.CopyFrom(Values(name, (int)tensor.Shape.Count, seed));
        return tensor;
    }

    /// <summary>Compares the gradients by all inputs that the function asks for with central differences.</summary>
    /// <param name="name">What the report calls the check.</param>
    /// <param name="function">Builds the outputs; must ask for the same inputs and compute the same each time.</param>
    /// <param name="options">How thoroughly, and what counts as agreement.</param>
    public GradientCheckReport Check(string name,
        Func<GradientInput, IReadOnlyList<Tensor<double>>> function, GradientCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(function);
        using var scope = new TensorScope();
        function(Get);
        return GradientCheck.Run(name, () => function(Get), all, options);
    }

    internal static double[] Values(string name, int count, ulong seed)
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
