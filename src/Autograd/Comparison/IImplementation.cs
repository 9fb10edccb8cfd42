using System.Numerics;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Autograd;

/// <summary>One way to a result, in any kind of number: another is held against it in a <see cref="Comparison"/>.
/// </summary>
public interface IImplementation
{
    /// <summary>What reports call it.</summary>
    string Name { get; }

    /// <summary>Which kernels run it where kernels run.</summary>
    KernelChoice Kernels => KernelChoice.Default;

    /// <summary>Makes what the work needs beside its inputs.</summary>
    /// <param name="backend">Where it computes.</param>
    /// <param name="inputs">Hands it its inputs, by name.</param>
    /// <returns>
    /// The work: each call computes the results anew, tensors' views or gradients, in the scope that is open then. What
    /// it changes in place is an input, and a result.
    /// </returns>
    Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
        where T : unmanaged, IFloatingPointIeee754<T>;
}
