using System.Numerics;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Dropout;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Loss;
using LdNetGpu.Kernels.Optimizer;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Kernels.Reduction;
using LdNetGpu.Kernels.Rows;
using LdNetGpu.Kernels.Selection;
using LdNetGpu.Kernels.Variants;

namespace LdNetGpu.Kernels;

/// <summary>The operations as kernels, for every device that runs them: managed, OpenCL and CUDA alike.</summary>
public sealed class GpuBackend<T> : DeviceBackend<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// The operations on a device, which must outlive them. Kernels are compiled when first launched.
    /// </summary>
    /// <param name="device">What runs the kernels.</param>
    /// <param name="choice">Which kernels it runs.</param>
    public GpuBackend(GpuDevice device, KernelChoice? choice = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        Device = device;
        var gemm = new GpuGemm<T>(device, choice);
        var elementwise = new GpuElementwise<T>(device);
        var reduction = new GpuReduction<T>(device);
        var rows = new GpuRows<T>(device);
        Gemm = gemm;
        Elementwise = elementwise;
        Reduction = reduction;
        Dropout = new GpuDropout<T>(device);
        Rows = rows;
        CrossEntropy = new GpuCrossEntropy<T>(device, choice);
        Recurrence = new GpuRecurrence<T>(device, gemm, elementwise, reduction, rows, choice);
        Crf = GpuCrf.Of<T>(device, choice);
        Optimizers = new GpuOptimizers<T>(device, choice);
        Selection = new GpuSelection<T>(device);
    }

    /// <inheritdoc/>
    public override GpuDevice Device { get; }

    /// <inheritdoc/>
    public override IGemm<T> Gemm { get; }

    /// <inheritdoc/>
    public override IElementwise<T> Elementwise { get; }

    /// <inheritdoc/>
    public override IReduction<T> Reduction { get; }

    /// <inheritdoc/>
    public override IDropout<T> Dropout { get; }

    /// <inheritdoc/>
    public override IRows<T> Rows { get; }

    /// <inheritdoc/>
    public override ICrossEntropy<T> CrossEntropy { get; }

    /// <inheritdoc/>
    public override IRecurrence<T> Recurrence { get; }

    /// <inheritdoc/>
    public override ICrf<T> Crf { get; }

    /// <inheritdoc/>
    public override IOptimizers<T> Optimizers { get; }

    /// <inheritdoc/>
    public override ISelection<T> Selection { get; }
}
