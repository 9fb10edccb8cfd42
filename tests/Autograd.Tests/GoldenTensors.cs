using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>Goldens as tensors, and comparisons with them.</summary>
static class GoldenTensors
{
    /// <summary>
    /// Room for rounding, in units of ε at the size of the largest element: sums of some tens of terms, and a backward
    /// pass through several steps.
    /// </summary>
    const double Roundings = 64;

    public static Tensor<T> Tensor<T>(this Golden golden, DeviceBackend<T> backend, string name)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Autograd.Tensor.From(backend, Array.ConvertAll(golden.Values(name), T.CreateChecked), golden.Shape(name));

    /// <summary>A tensor whose gradient is wanted.</summary>
    public static Tensor<T> Leaf<T>(this Golden golden, DeviceBackend<T> backend, string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var leaf = golden.Tensor(backend, name);
        leaf.RequiresGradient = true;
        return leaf;
    }

    /// <summary>One direction of [directions, B, H], as a leaf [B, H].</summary>
    public static Tensor<T> LeafOf<T>(this Golden golden, DeviceBackend<T> backend, string name, int part)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var shape = golden.Shape(name)[1..];
        var count = shape.Aggregate((a, b) => a * b);
        var leaf = Autograd.Tensor.From(backend,
            Array.ConvertAll(golden.Values(name)[(part * count)..((part + 1) * count)], T.CreateChecked), shape);
        leaf.RequiresGradient = true;
        return leaf;
    }

    public static IntTensor Indices<T>(this Golden golden, DeviceBackend<T> backend, string name)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        new(backend.Device, golden.Indices(name));

    /// <summary>Compares values with the golden of that name.</summary>
    public static void AssertClose<T>(this Golden golden, string name, T[] actual)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        golden.AssertClose(name, golden.Values(name), actual);

    /// <summary>Compares with a part of a golden; <paramref name="name"/> is for the message.</summary>
    public static void AssertClose<T>(this Golden golden, string name, double[] expected, T[] actual)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        try
        {
            Tolerance.AssertClose<T>(expected, actual, Roundings);
        }
        catch (ToleranceException error)
        {
            throw new ToleranceException($"{golden.Name} {name}: {error.Message}");
        }
    }

    /// <summary>
    /// Compares a leaf's gradient with gradient/<paramref name="name"/>; where the golden has none, the gradient must
    /// be absent or zero.
    /// </summary>
    public static void AssertGradient<T>(this Golden golden, string name, Tensor<T> leaf)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var gradient = Dense(leaf);
        var expected = golden.Has($"gradient/{name}") ? golden.Values($"gradient/{name}") : new double[gradient.Length];
        golden.AssertClose($"gradient/{name}", expected, gradient);
    }

    /// <summary>The gradient with the rows of a table by rows put in their places; zeros where there is none.</summary>
    public static T[] Dense<T>(Tensor<T> leaf) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var gradient = leaf.GradientToArray() ?? new T[leaf.Shape.Count];
        if (leaf is not Parameter<T> { RowGradient: { IsEmpty: false } rows }) return gradient;
        var (indices, values, columns) = (rows.Indices.ToArray(), rows.Values.ToArray(), leaf.Shape.Columns);
        for (var i = 0; i < values.Length; i++) gradient[indices[i / columns] * columns + i % columns] += values[i];
        return gradient;
    }
}
