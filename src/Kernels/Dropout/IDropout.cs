using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Dropout;

/// <summary>Inverted dropout whose mask is a function of (key, element), never stored.</summary>
public interface IDropout<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// output (+)= input ∘ mask / (1 - p). Element (r, c) of the mask is 1 where key.Uniform(r · columns + c) ≥ p: the row stride plays no
    /// part. The backward pass is the same call on the gradients.
    /// </summary>
    void Apply(MatrixView<T> input, MatrixView<T> output, RandomKey key, float probability, bool accumulate = false);
}
