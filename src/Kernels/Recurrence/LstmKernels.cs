using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// One LSTM step (Hochreiter and Schmidhuber 1997, forget gate of Gers et al. 2000), a lane for each element of the state [batch x hidden];
/// the recurrent products are made outside. A padded step gives 0 and changes no state. Views of a step's rows start at its first row;
/// state, cell and their gradients have no gaps.
/// </summary>
static partial class LstmKernels
{
    /// <summary>
    /// i, f, o = σ and g = tanh of the gate sums [4·H], in place; c = f ∘ c' + i ∘ g; h = o ∘ tanh c. cell and state become c and h; output
    /// and saved (where there is any) take h and c.
    /// </summary>
    [Kernel]
    public static void Forward<T>(Index1D index, ArrayView<T> gates, int gatesStride, ArrayView<T> cell, ArrayView<T> state,
        ArrayView<T> output, int outputStride, ArrayView<T> saved, int savedStride, ArrayView<int> lengths, int time, int hidden)
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
        var i = UnaryKernelFunctions.Sigmoid(gates[at]);
        var f = UnaryKernelFunctions.Sigmoid(gates[at + hidden]);
        var g = T.Tanh(gates[at + 2 * hidden]);
        var o = UnaryKernelFunctions.Sigmoid(gates[at + 3 * hidden]);
        gates[at] = i;
        gates[at + hidden] = f;
        gates[at + 2 * hidden] = g;
        gates[at + 3 * hidden] = o;
        var c = f * cell[index] + i * g;
        var h = o * T.Tanh(c);
        cell[index] = c;
        state[index] = h;
        output[place] = h;
        if (saved.Length > 0) saved[(long)row.X * savedStride + column] = c;
    }

    /// <summary>
    /// The same step backward. Gates become the gradients of the gate sums, 0 where padded; saved holds c, before c'. stateGradient, what
    /// later steps add to the gradient of h, is zeroed for the recurrent product; cellGradient, that of c, becomes that of c'.
    /// </summary>
    [Kernel]
    public static void Backward<T>(Index1D index, ArrayView<T> gates, int gatesStride, ArrayView<T> saved, ArrayView<T> before, int savedStride,
        ArrayView<T> initialCell, int initialStride, ArrayView<T> hiddenGradient, int hiddenGradientStride,
        ArrayView<T> stateGradient, ArrayView<T> cellGradient, ArrayView<int> lengths, int time, int timeBefore, int hidden)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = index / hidden;
        var column = index - row * hidden;
        var at = (long)row.X * gatesStride + column;
        if (PaddedSteps.IsPadded(lengths, row, time))
        {
            for (var gate = 0; gate < 4; gate++) gates[at + gate * hidden] = T.Zero;
            return;
        }
        var i = gates[at];
        var f = gates[at + hidden];
        var g = gates[at + 2 * hidden];
        var o = gates[at + 3 * hidden];
        var tanh = T.Tanh(saved[(long)row.X * savedStride + column]);
        var cellBefore = PaddedSteps.Before(before, savedStride, initialCell, initialStride, lengths, row, column, timeBefore);
        var dh = hiddenGradient[(long)row.X * hiddenGradientStride + column] + stateGradient[index];
        var dc = dh * o * (T.One - tanh * tanh) + cellGradient[index];
        gates[at] = dc * g * (i * (T.One - i));
        gates[at + hidden] = dc * cellBefore * (f * (T.One - f));
        gates[at + 2 * hidden] = dc * i * (T.One - g * g);
        gates[at + 3 * hidden] = dh * tanh * (o * (T.One - o));
        cellGradient[index] = dc * f;
        stateGradient[index] = T.Zero;
    }
}
