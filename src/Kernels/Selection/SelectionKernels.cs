using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>Proximal steps in place, a lane an element.</summary>
static partial class SelectionKernels
{
    [Kernel]
    public static void Clamp<T>(Index1D index, ArrayView<T> values, int stride, int columns, T low, T high) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var place = Elements.Place(index, columns, stride);
        var value = values[place];
        values[place] = value < low ? low : value > high ? high : value;
    }

    /// <summary>v ← sign(v) · max(0, |v| - threshold), which is v less its projection onto [-threshold, threshold].</summary>
    [Kernel]
    public static void SoftThreshold<T>(Index1D index, ArrayView<T> values, int stride, int columns, T threshold) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var place = Elements.Place(index, columns, stride);
        var value = values[place];
        values[place] = value - (value < -threshold ? -threshold : value > threshold ? threshold : value);
    }
}
