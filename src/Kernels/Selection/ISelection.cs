using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Selection;

/// <summary>Proximal steps of layer selection (LD-Net, section 3.3), in place.</summary>
public interface ISelection<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Projection onto [low, high].</summary>
    void Clamp(MatrixView<T> values, T low, T high);

    /// <summary>prox of threshold·|v|₁: v ← sign(v) · max(0, |v| - threshold).</summary>
    void SoftThreshold(MatrixView<T> values, T threshold);

    /// <summary>prox of threshold·‖block‖₂ (group lasso): block ← max(0, 1 - threshold / ‖block‖₂) · block.</summary>
    /// <returns>The norm before the step.</returns>
    double BlockSoftThreshold(MatrixView<T> block, T threshold);
}
