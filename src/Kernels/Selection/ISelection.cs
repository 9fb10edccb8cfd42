using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Selection;

/// <summary>Proximal steps of layer selection (LD-Net, section 3.3), in place.</summary>
/// <exception cref="ObjectDisposedException">
/// Of every operation: the memory of an operand went back to its device.
/// </exception>
public interface ISelection<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Projection onto [low, high].</summary>
    /// <param name="values">[rows x columns], changed in place.</param>
    /// <param name="low">Lower bound; -∞ for none.</param>
    /// <param name="high">Upper bound; ∞ for none.</param>
    /// <exception cref="Devices.ShapeException">
    /// The view is missing or on another device.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">low is above high, or either is NaN.</exception>
    void Clamp(MatrixView<T> values, T low, T high);

    /// <summary>prox of threshold·|v|₁: v ← sign(v) · max(0, |v| - threshold).</summary>
    /// <param name="values">[rows x columns], changed in place.</param>
    /// <param name="threshold">What each value comes nearer to 0 by.</param>
    /// <exception cref="Devices.ShapeException">The view is missing or on another device.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative or NaN.</exception>
    void SoftThreshold(MatrixView<T> values, T threshold);

    /// <summary>prox of threshold·‖block‖₂ (group lasso): block ← max(0, 1 - threshold / ‖block‖₂) · block.</summary>
    /// <param name="block">[rows x columns], all of it one block; changed in place.</param>
    /// <param name="threshold">What the norm of the block shrinks by.</param>
    /// <returns>The norm before the step.</returns>
    /// <exception cref="Devices.ShapeException">The view is missing or on another device.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative or NaN.</exception>
    double BlockSoftThreshold(MatrixView<T> block, T threshold);
}
