using System.Numerics;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Reduction;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Selection;

/// <summary>Proximal steps on a device that runs kernels. A block's norm comes to the host, which reports it.</summary>
sealed class GpuSelection<T>(GpuDevice device) : ISelection<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    readonly GpuReduction<T> reduction = new(device);
    readonly GpuElementwise<T> elementwise = new(device);

    public void Clamp(MatrixView<T> values, T low, T high)
    {
        SelectionChecks.Clamp(device, values, low, high);
        var (count, columns) = Elements.Of(values, values.IsContiguous);
        SelectionKernels.LaunchClamp<T>(device, count, values, columns, low, high);
    }

    public void SoftThreshold(MatrixView<T> values, T threshold)
    {
        SelectionChecks.Threshold(device, nameof(SoftThreshold), values, threshold);
        var (count, columns) = Elements.Of(values, values.IsContiguous);
        SelectionKernels.LaunchSoftThreshold<T>(device, count, values, columns, threshold);
    }

    public double BlockSoftThreshold(MatrixView<T> block, T threshold)
    {
        SelectionChecks.Threshold(device, nameof(BlockSoftThreshold), block, threshold);
        var norm = Math.Sqrt(reduction.SquaredNorm(block));
        elementwise.Scale(SelectionChecks.BlockFactor(norm, threshold), block, block);
        return norm;
    }
}
