using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>One row of <c>ldnet bench kernels</c>.</summary>
/// <param name="Name">The operation and its shape; where the PyTorch script measures the same, its name there.</param>
/// <param name="Bytes">Each operand read once, each result written once: no kernel can move less.</param>
/// <param name="Flops">Of matrix products alone; a multiply-add is two.</param>
/// <param name="Prepare">Makes the operands in the current scope, and returns what is timed.</param>
sealed record DeviceWork<T>(string Name, double Bytes, double Flops, Func<DeviceBackend<T>, Action> Prepare)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Whether NVIDIA's own code does it: the driver's, or cuBLAS's.</summary>
    public bool IsPeers { get; init; }
}

/// <summary>
/// Operands of benchmarks: numbers that are neither zero nor alike, for chips clock by what they multiply.
/// </summary>
static class Operands
{
    const int Period = 4093;

    /// <summary>Values in ±<paramref name="scale"/>, repeating after a prime number of elements.</summary>
    public static Tensor<T> Of<T>(DeviceBackend<T> backend, Shape shape, double scale = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = new Devices.RandomStream(new(1, 0, 0));
        var some = new T[Math.Min(Period, shape.Count)];
        for (var i = 0; i < some.Length; i++) some[i] = T.CreateChecked(scale * (2 * random.NextDouble() - 1));
        var values = new T[shape.Count];
        for (var i = 0; i < values.Length; i += some.Length)
            some.AsSpan(0, Math.Min(some.Length, values.Length - i)).CopyTo(values.AsSpan(i));
        return Tensor.From<T>(backend, values, shape);
    }

    /// <summary>Ids with a Zipf law, as word ids sorted by frequency have: floor(V^u - 1).</summary>
    public static int[] Words(int count, int vocabulary)
    {
        var random = new Devices.RandomStream(new(1, 1, 0));
        return [.. Enumerable.Range(0, count)
            .Select(_ => (int)Math.Min(vocabulary - 1, Math.Pow(vocabulary, random.NextDouble()) - 1))];
    }

    /// <summary>Even numbers below <paramref name="bound"/>.</summary>
    public static int[] Integers(int count, int bound)
    {
        var random = new Devices.RandomStream(new(1, 2, 0));
        return [.. Enumerable.Range(0, count).Select(_ => random.NextInt(bound))];
    }
}
