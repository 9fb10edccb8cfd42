using System.Numerics;
using LdNetGpu.Kernels;

namespace LdNetGpu.Autograd;

/// <summary>A function of tensors in any kind of number: of doubles to be differentiated, of dual numbers to be held
/// against that.</summary>
public interface IDifferentiable
{
    /// <summary>Builds the outputs. It must ask for the same inputs and compute the same each time.</summary>
    /// <param name="backend">Where it computes.</param>
    /// <param name="input">Hands it its inputs, by name and shape.</param>
    IReadOnlyList<Tensor<T>> Outputs<T>(DeviceBackend<T> backend, GradientInput<T> input)
        where T : unmanaged, IFloatingPointIeee754<T>;
}
