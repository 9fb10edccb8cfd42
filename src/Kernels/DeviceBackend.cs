using System.Numerics;
using LdNetGpu.Devices;

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
