using System.Numerics;
using System.Runtime.CompilerServices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>
/// Inputs of an <see cref="IImplementation"/>, the same for each that asks by the same name, on any device and in any
/// kind of number: normal values of deviation 0.7, rounded to float, drawn by the seed and the name.
/// </summary>
public sealed class ComparisonInputs<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly DeviceBackend<T> backend;
    readonly ulong seed;
    readonly Dictionary<string, Tensor<T>> numbers = [];
    readonly Dictionary<string, IntTensor> integers = [];

    /// <summary>No inputs yet.</summary>
    /// <param name="backend">Where they lie.</param>
    /// <param name="seed">Chooses the values.</param>
    public ComparisonInputs(DeviceBackend<T> backend, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(backend);
        (this.backend, this.seed) = (backend, seed);
    }

    /// <summary>Bytes of all inputs asked for so far.</summary>
    public long Bytes => numbers.Values.Sum(tensor => tensor.Shape.Count * Unsafe.SizeOf<T>())
        + integers.Values.Sum(tensor => (long)tensor.Count * sizeof(int));

    /// <summary>The numbers of this name; they live as long as this object.</summary>
    /// <param name="name">Chooses the values, and is the same tensor each time.</param>
    /// <param name="shape">Its sizes, when it is first asked for; not looked at afterwards.</param>
    /// <exception cref="Devices.ShapeException">A size is negative.</exception>
    public Tensor<T> Numbers(string name, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        return Made(name, new Shape(shape),
            count => GradientInputs<T>.Draw(name, count, seed).Select(value => T.CreateTruncating((float)value)));
    }

    /// <summary>Zeros of this name, as an optimizer's moments are at first.</summary>
    /// <inheritdoc cref="Numbers"/>
    public Tensor<T> Zeros(string name, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(shape);
        return Made(name, new Shape(shape), count => Enumerable.Repeat(T.Zero, count));
    }

    /// <summary>The whole numbers of this name; they live as long as this object.</summary>
    /// <param name="name">The same tensor each time.</param>
    /// <param name="values">Its values, when it is first asked for; not looked at afterwards.</param>
    public IntTensor Integers(string name, params int[] values)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values);
        if (!integers.TryGetValue(name, out var known))
            integers[name] = known = new IntTensor(backend.Device, values);
        return known;
    }

    /// <summary>Gives back the inputs' memory.</summary>
    public void Dispose()
    {
        foreach (var tensor in numbers.Values) tensor.Storage.Dispose();
        foreach (var tensor in integers.Values) tensor.Dispose();
        numbers.Clear();
        integers.Clear();
    }

    Tensor<T> Made(string name, Shape shape, Func<int, IEnumerable<T>> values)
    {
        if (numbers.TryGetValue(name, out var known)) return known;
        var tensor = new Tensor<T>(backend, shape, scoped: false);
        numbers.Add(name, tensor);
        tensor.CopyFrom([.. values((int)shape.Count)]);
        return tensor;
    }
}
