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
/// Every operation that a model needs, on one device, in one precision. T is float for work and double for verification.
/// Shapes are checked always; an exception names the operation and both shapes. No operation allocates its results.
/// </summary>
public abstract class DeviceBackend<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public abstract ComputeDevice Device { get; }

    public abstract IGemm<T> Gemm { get; }
    public abstract IElementwise<T> Elementwise { get; }
    public abstract IReduction<T> Reduction { get; }
    public abstract IDropout<T> Dropout { get; }
    public abstract IRows<T> Rows { get; }
    public abstract ICrossEntropy<T> CrossEntropy { get; }
    public abstract IRecurrence<T> Recurrence { get; }
    public abstract ICrf<T> Crf { get; }
    public abstract IOptimizers<T> Optimizers { get; }
    public abstract ISelection<T> Selection { get; }
}
