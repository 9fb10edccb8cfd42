using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Reduction;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Selection;

/// <summary>
/// Proximal steps, in place. Most blocks are small: layer masks of ten elements, rows of a weight matrix.
/// </summary>
sealed class CpuSelection<T>(CpuDevice device) : ISelection<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly CpuReduction<T> reduction = new(device);

    public void Clamp(MatrixView<T> values, T low, T high)
    {
        SelectionChecks.Clamp(device, values, low, high);
        InPlace(values, span => TensorPrimitives.Clamp(span, low, high, span));
    }

    public void SoftThreshold(MatrixView<T> values, T threshold)
    {
        SelectionChecks.Threshold(device, nameof(SoftThreshold), values, threshold);
        // v - clamp(v, -threshold, threshold) is sign(v) · max(0, |v| - threshold).
        InPlace(values, span =>
        {
            for (var i = 0; i < span.Length; i++) span[i] -= T.Clamp(span[i], -threshold, threshold);
        });
    }

    public double BlockSoftThreshold(MatrixView<T> block, T threshold)
    {
        SelectionChecks.Threshold(device, nameof(BlockSoftThreshold), block, threshold);
        var norm = Math.Sqrt(reduction.SquaredNorm(block));
        var factor = SelectionChecks.BlockFactor(norm, threshold);
        InPlace(block, span => TensorPrimitives.Multiply(span, factor, span));
        return norm;
    }

    delegate void SpanAction(Span<T> span);

    void InPlace(MatrixView<T> values, SpanAction action) =>
        CpuLoops.OverSpans(device, values.Rows, values.Columns, values.IsContiguous,
            (row, column, n) => action(values.Run(row, column, n)));
}
