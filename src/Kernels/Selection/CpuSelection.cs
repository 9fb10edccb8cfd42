using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Devices;

namespace LdNetGpu.Kernels;

/// <summary>Proximal steps, in place. Most blocks are small: layer masks of ten elements, rows of a weight matrix.</summary>
public sealed class CpuSelection<T>(CpuDevice device) : ISelection<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly CpuReduction<T> reduction = new(device);

    public void Clamp(MatrixView<T> values, T low, T high)
    {
        Shapes.Present(nameof(Clamp), nameof(values), values);
        if (!(low <= high)) throw new ArgumentOutOfRangeException(nameof(low), low, $"Clamp: the lower bound must not exceed the upper bound {high}.");
        InPlace(values, span => TensorPrimitives.Clamp(span, low, high, span));
    }

    public void SoftThreshold(MatrixView<T> values, T threshold)
    {
        CheckThreshold(nameof(SoftThreshold), values, threshold);
        // v - clamp(v, -threshold, threshold) is sign(v) · max(0, |v| - threshold).
        InPlace(values, span =>
        {
            for (var i = 0; i < span.Length; i++) span[i] -= T.Clamp(span[i], -threshold, threshold);
        });
    }

    public double BlockSoftThreshold(MatrixView<T> block, T threshold)
    {
        CheckThreshold(nameof(BlockSoftThreshold), block, threshold);
        var norm = Math.Sqrt(reduction.SquaredNorm(block));
        var factor = norm > 0 ? T.CreateTruncating(Math.Max(0, 1 - double.CreateTruncating(threshold) / norm)) : T.Zero;
        InPlace(block, span => TensorPrimitives.Multiply(span, factor, span));
        return norm;
    }

    delegate void SpanAction(Span<T> span);

    void InPlace(MatrixView<T> values, SpanAction action) =>
        CpuLoops.OverSpans(device, values.Rows, values.Columns, values.IsContiguous, (row, column, n) => action(values.Run(row, column, n)));

    static void CheckThreshold(string operation, MatrixView<T> values, T threshold)
    {
        Shapes.Present(operation, nameof(values), values);
        if (!(threshold >= T.Zero)) throw new ArgumentOutOfRangeException(nameof(threshold), threshold, $"{operation}: a threshold is 0 or more.");
    }
}
