using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// One LSTM step in one launch: the recurrent product and the cell of <see cref="LstmKernels.Forward"/>, so that the gate sums do not
/// travel in between. A group of 16 x 16 lanes makes 16 rows of the batch by 16 elements of the state, all four gates of an element in one lane.
/// </summary>
static partial class LstmStepKernels
{
    public const int Side = 16;

    const int Padded = Side + 1, Gates = 4;

    /// <summary>
    /// gates [batch x 4·H] hold the sums of the input and take the activated gates; weight is [4·H x H]. next becomes h, and takes over
    /// state's where a step is padded; cell, output and saved as in <see cref="LstmKernels.Forward"/>. state, next and cell have no gaps;
    /// next is not state, which other groups still read.
    /// </summary>
    [Kernel]
    public static void Forward<T>([NoAlias] ArrayView<T> state, [NoAlias] ArrayView<T> weight, int weightStride, ArrayView<T> gates, int gatesStride,
        ArrayView<T> cell, ArrayView<T> next, ArrayView<T> output, int outputStride, ArrayView<T> saved, int savedStride,
        ArrayView<int> lengths, int time, int batch, int hidden) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var states = SharedMemory.Allocate<T>(Side * Padded);
        var weights = SharedMemory.Allocate<T>(Gates * Side * Padded);
        var (x, y) = (Group.IdxX, Group.IdxY);
        var row = Grid.IdxY * Side + y;
        var column = Grid.IdxX * Side + x;
        // The row of each gate's weights that this lane brings.
        var brought = Grid.IdxX * Side + y;
        var i = T.Zero;
        var f = T.Zero;
        var g = T.Zero;
        var o = T.Zero;
        for (var start = 0; start < hidden; start += Side)
        {
            var k = start + x;
            states[y * Padded + x] = row < batch && k < hidden ? state[(long)row * hidden + k] : T.Zero;
            for (var gate = 0; gate < Gates; gate++)
                weights[(gate * Side + y) * Padded + x] = brought < hidden && k < hidden ? weight[(long)(gate * hidden + brought) * weightStride + k] : T.Zero;
            Group.Barrier();
            Pragma.Unroll();
            for (var d = 0; d < Side; d++)
            {
                var h = states[y * Padded + d];
                i += h * weights[x * Padded + d];
                f += h * weights[(Side + x) * Padded + d];
                g += h * weights[(2 * Side + x) * Padded + d];
                o += h * weights[(3 * Side + x) * Padded + d];
            }
            Group.Barrier();
        }
        if (row >= batch || column >= hidden) return;
        var element = (long)row * hidden + column;
        var place = (long)row * outputStride + column;
        if (PaddedSteps.IsPadded(lengths, row, time))
        {
            output[place] = T.Zero;
            next[element] = state[element];
            return;
        }
        var at = (long)row * gatesStride + column;
        i = UnaryKernelFunctions.Sigmoid(gates[at] + i);
        f = UnaryKernelFunctions.Sigmoid(gates[at + hidden] + f);
        g = T.Tanh(gates[at + 2 * hidden] + g);
        o = UnaryKernelFunctions.Sigmoid(gates[at + 3 * hidden] + o);
        gates[at] = i;
        gates[at + hidden] = f;
        gates[at + 2 * hidden] = g;
        gates[at + 3 * hidden] = o;
        var c = f * cell[element] + i * g;
        var updated = o * T.Tanh(c);
        cell[element] = c;
        next[element] = updated;
        output[place] = updated;
        if (saved.Length > 0) saved[(long)row * savedStride + column] = c;
    }
}
