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
/// Every operation that a model needs, on one device, in one precision. T is float for work and double for
/// verification. Shapes are checked always; an exception names the operation and both shapes. No operation allocates
/// its results.
/// </summary>
/// <remarks>
/// Operands may be views of one buffer, under one rule for every operation and device. What an operation writes shares
/// no element with another of its operands, read or written; a call where it does is refused with a
/// <see cref="ShapeException"/> that names both, before anything is written. Where an operation says that its output
/// may be an operand, that is the very same view, of the same offset, shape and row stride, and not a part of it. Views
/// whose rows alternate, as neighbouring columns of a matrix, share no element.
/// </remarks>
public abstract class DeviceBackend<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The device that computes. Operands must be in memory that it reaches.</summary>
    public abstract ComputeDevice Device { get; }

    /// <summary>Matrix products.</summary>
    public abstract IGemm<T> Gemm { get; }

    /// <summary>Sums, products and functions element by element.</summary>
    public abstract IElementwise<T> Elementwise { get; }

    /// <summary>Sums over rows and over everything.</summary>
    public abstract IReduction<T> Reduction { get; }

    /// <summary>Dropout whose mask follows from a key.</summary>
    public abstract IDropout<T> Dropout { get; }

    /// <summary>Rows by index: embeddings and their gradients.</summary>
    public abstract IRows<T> Rows { get; }

    /// <summary>Softmax and its negative log-likelihood.</summary>
    public abstract ICrossEntropy<T> CrossEntropy { get; }

    /// <summary>LSTM, GRU and tanh layers over whole sequences.</summary>
    public abstract IRecurrence<T> Recurrence { get; }

    /// <summary>Linear-chain conditional random fields.</summary>
    public abstract ICrf<T> Crf { get; }

    /// <summary>Update rules of parameters.</summary>
    public abstract IOptimizers<T> Optimizers { get; }

    /// <summary>Proximal steps of layer selection.</summary>
    public abstract ISelection<T> Selection { get; }
}
