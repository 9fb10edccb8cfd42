using System.Numerics;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>
/// A function of tensors that are its own, as a module's parameters are, in any kind of number: of doubles to be
/// differentiated, of dual numbers to be held against that.
/// </summary>
public interface IDifferentiableBlock
{
    /// <summary>
    /// Makes it: each time the same leaves, by names and sizes, the same values, and the same function of them.
    /// </summary>
    /// <param name="backend">Where it lives and computes.</param>
    DifferentiableBlock<T> On<T>(DeviceBackend<T> backend) where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>A function of tensors that are its own, made in one kind of number.</summary>
/// <param name="leaves">What it is differentiated by, with the names that reports call them by.</param>
/// <param name="outputs">Builds the outputs from the leaves' current values.</param>
/// <param name="owned">What is disposed of with it: modules, parameters.</param>
public sealed class DifferentiableBlock<T>(IReadOnlyList<(string Name, Tensor<T> Tensor)> leaves,
    Func<IReadOnlyList<Tensor<T>>> outputs, params IReadOnlyList<IDisposable> owned) : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly Func<IReadOnlyList<Tensor<T>>> outputs = outputs ?? throw new ArgumentNullException(nameof(outputs));
    readonly IReadOnlyList<IDisposable> owned = owned ?? throw new ArgumentNullException(nameof(owned));

    /// <summary>What it is differentiated by.</summary>
    public IReadOnlyList<(string Name, Tensor<T> Tensor)> Leaves { get; } =
        leaves ?? throw new ArgumentNullException(nameof(leaves));

    /// <summary>Builds the outputs from the leaves' current values.</summary>
    public IReadOnlyList<Tensor<T>> Outputs() => outputs();

    /// <summary>Disposes of what it owns.</summary>
    public void Dispose()
    {
        foreach (var one in owned) one.Dispose();
    }
}
