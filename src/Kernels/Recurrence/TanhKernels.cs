using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>One step of a plain recurrence (Elman 1990), h = tanh of the gate sum [H], laid out as <see cref="LstmKernels"/>.</summary>
static partial class TanhKernels
{
    /// <summary>Gate, state and output become h.</summary>
    [Kernel]
    public static void Forward<T>(Index1D index, ArrayView<T> gates, int gatesStride, ArrayView<T> state, ArrayView<T> output, int outputStride,
        ArrayView<int> lengths, int time, int hidden) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = index / hidden;
        var column = index - row * hidden;
        var place = (long)row.X * outputStride + column;
        if (PaddedSteps.IsPadded(lengths, row, time))
        {
            output[place] = T.Zero;
            return;
        }
        var at = (long)row.X * gatesStride + column;
        var h = T.Tanh(gates[at]);
        gates[at] = h;
        state[index] = h;
        output[place] = h;
    }

    /// <summary>
    /// The gate becomes the gradient of its sum; stateGradient, what later steps add to the gradient of h,
    /// is zeroed for the recurrent product.
    /// </summary>
    [Kernel]
    public static void Backward<T>(Index1D index, ArrayView<T> gates, int gatesStride,
        ArrayView<T> hiddenGradient, int hiddenGradientStride, ArrayView<T> stateGradient, ArrayView<int> lengths, int time, int hidden)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = index / hidden;
        var column = index - row * hidden;
        var at = (long)row.X * gatesStride + column;
        if (PaddedSteps.IsPadded(lengths, row, time))
        {
            gates[at] = T.Zero;
            return;
        }
        var h = gates[at];
        var dh = hiddenGradient[(long)row.X * hiddenGradientStride + column] + stateGradient[index];
        gates[at] = dh * (T.One - h * h);
        stateGradient[index] = T.Zero;
    }
}
