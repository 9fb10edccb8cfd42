using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Dropout;

/// <summary>Inverted dropout whose mask is a function of (key, element), never stored.</summary>
public interface IDropout<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// output (+)= input ∘ mask / (1 - p). Element (r, c) of the mask is 1 where key.Uniform(r · columns + c) ≥ p: the
    /// row stride plays no part. The backward pass is the same call on the gradients.
    /// </summary>
    /// <param name="input">[rows x columns].</param>
    /// <param name="output">[rows x columns]; may be the input.</param>
    /// <param name="key">Of the mask: the seed, the step, and the site in the model.</param>
    /// <param name="probability">p, of dropping an element, 0..1; 1 drops everything.</param>
    /// <param name="accumulate">Whether the result is added to what the output holds.</param>
    /// <exception cref="Devices.ShapeException">
    /// The shapes differ, an operand is missing or on another device, or the output shares elements with the input
    /// without being it (<see cref="DeviceBackend{T}"/>).
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">The probability lies outside 0..1.</exception>
    void Apply(MatrixView<T> input, MatrixView<T> output, RandomKey key, float probability, bool accumulate = false);
}
