using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Selection;

/// <summary>Proximal steps of layer selection (LD-Net, section 3.3), in place.</summary>
public interface ISelection<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Projection onto [low, high].</summary>
    /// <exception cref="Devices.ShapeException">
    /// The view is missing or on another device, or low is above high.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">low is above high, or either is NaN.</exception>
    void Clamp(MatrixView<T> values, T low, T high);

    /// <summary>prox of threshold·|v|₁: v ← sign(v) · max(0, |v| - threshold).</summary>
    /// <exception cref="Devices.ShapeException">The view is missing or on another device.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative or NaN.</exception>
    void SoftThreshold(MatrixView<T> values, T threshold);

    /// <summary>prox of threshold·‖block‖₂ (group lasso): block ← max(0, 1 - threshold / ‖block‖₂) · block.</summary>
    /// <returns>The norm before the step.</returns>
    /// <exception cref="Devices.ShapeException">The view is missing or on another device.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative or NaN.</exception>
    double BlockSoftThreshold(MatrixView<T> block, T threshold);
}
