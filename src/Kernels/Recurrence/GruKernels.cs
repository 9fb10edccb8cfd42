using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>One GRU step (Cho et al. 2014, PyTorch's formulation), laid out as <see cref="LstmKernels"/>.</summary>
static partial class GruKernels
{
    /// <summary>
    /// r, z = σ of the gate sums + b_r, b_z; n = tanh(x_n + r ∘ q) with q = W_hn h' + b_hn; h = (1 - z) ∘ n + z ∘ h'. Gates [3·H] in place;
    /// candidate holds W_hn h' and then q; state holds h' and then h. The bias [3·H] is empty where it is 0.
    /// </summary>
    [Kernel]
    public static void Forward<T>(Index1D index, ArrayView<T> gates, int gatesStride, ArrayView<T> candidate, int candidateStride,
        ArrayView<T> bias, ArrayView<T> state, ArrayView<T> output, int outputStride, ArrayView<int> lengths, int time, int hidden)
        where T : unmanaged, IFloatingPointIeee754<T>
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
        var candidateAt = (long)row.X * candidateStride + column;
        var hasBias = bias.Length > 0;
        var r = UnaryKernelFunctions.Sigmoid(gates[at] + (hasBias ? bias[column] : T.Zero));
        var z = UnaryKernelFunctions.Sigmoid(gates[at + hidden] + (hasBias ? bias[hidden + column] : T.Zero));
        var q = candidate[candidateAt] + (hasBias ? bias[2 * hidden + column] : T.Zero);
        var n = T.Tanh(gates[at + 2 * hidden] + r * q);
        gates[at] = r;
        gates[at + hidden] = z;
        gates[at + 2 * hidden] = n;
        candidate[candidateAt] = q;
        var h = n + z * (state[index] - n);
        state[index] = h;
        output[place] = h;
    }

    /// <summary>
    /// The same step backward. Gates become the gradients of the input's gate sums, candidateGradient that of q, both 0 where padded;
    /// candidate holds q, before h'. stateGradient, what later steps add to the gradient of h, becomes the part of the gradient of h' that
    /// does not pass through W_hh.
    /// </summary>
    [Kernel]
    public static void Backward<T>(Index1D index, ArrayView<T> gates, int gatesStride, ArrayView<T> candidate, int candidateStride,
        ArrayView<T> before, int beforeStride, ArrayView<T> initialHidden, int initialStride, ArrayView<T> hiddenGradient, int hiddenGradientStride,
        ArrayView<T> stateGradient, ArrayView<T> candidateGradient, ArrayView<int> lengths, int time, int timeBefore, int hidden)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = index / hidden;
        var column = index - row * hidden;
        var at = (long)row.X * gatesStride + column;
        if (PaddedSteps.IsPadded(lengths, row, time))
        {
            for (var gate = 0; gate < 3; gate++) gates[at + gate * hidden] = T.Zero;
            candidateGradient[index] = T.Zero;
            return;
        }
        var r = gates[at];
        var z = gates[at + hidden];
        var n = gates[at + 2 * hidden];
        var hiddenBefore = PaddedSteps.Before(before, beforeStride, initialHidden, initialStride, lengths, row, column, timeBefore);
        var dh = hiddenGradient[(long)row.X * hiddenGradientStride + column] + stateGradient[index];
        var dn = dh * (T.One - z) * (T.One - n * n);
        gates[at] = dn * candidate[(long)row.X * candidateStride + column] * (r * (T.One - r));
        gates[at + hidden] = dh * (hiddenBefore - n) * (z * (T.One - z));
        gates[at + 2 * hidden] = dn;
        candidateGradient[index] = dn * r;
        stateGradient[index] = dh * z;
    }
}
