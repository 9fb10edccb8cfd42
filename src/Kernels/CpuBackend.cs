using System.Numerics;
using LdNetGpu.Devices;
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

namespace LdNetGpu.Kernels;

/// <summary>
/// The CPU's operations: SIMD C# over the device's threads; in double, the reference for every other device.
/// </summary>
public sealed class CpuBackend<T> : DeviceBackend<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Operations on the threads and in the memory of a device, which must outlive them.</summary>
    /// <param name="device">The processor.</param>
    public CpuBackend(CpuDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        Device = device;
        var gemm = new CpuGemm<T>(device);
        Gemm = gemm;
        Elementwise = new CpuElementwise<T>(device);
        Reduction = new CpuReduction<T>(device);
        Dropout = new CpuDropout<T>(device);
        Rows = new CpuRows<T>(device);
        CrossEntropy = new CpuCrossEntropy<T>(device);
        Recurrence = new CpuRecurrence<T>(device, gemm);
        Crf = new CpuCrf<T>(device);
        Optimizers = new CpuOptimizers<T>(device);
        Selection = new CpuSelection<T>(device);
    }

    /// <inheritdoc/>
    public override CpuDevice Device { get; }

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
