using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Selection;

/// <summary>Proximal steps in place, a lane an element.</summary>
static partial class SelectionKernels
{
    [Kernel]
    public static void Clamp<T>(Index1D index, Matrix<T> values, int columns, T low, T high)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        var value = values[row, column];
        values[row, column] = value < low ? low : value > high ? high : value;
    }

    /// <summary>
    /// v ← sign(v) · max(0, |v| - threshold), which is v less its projection onto [-threshold, threshold].
    /// </summary>
    [Kernel]
    public static void SoftThreshold<T>(Index1D index, Matrix<T> values, int columns, T threshold)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (row, column) = Elements.At(index, columns);
        var value = values[row, column];
        values[row, column] = value - (value < -threshold ? -threshold : value > threshold ? threshold : value);
    }
}
