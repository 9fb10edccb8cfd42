using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>
/// One LSTM step in one launch: the recurrent product and the cell of <see cref="LstmKernels.Forward"/>, so that the
/// gate sums do not travel in between. A group of 16 x 16 lanes makes 16 rows of the batch by 16 elements of the state,
/// all four gates of an element in one lane.
/// </summary>
static partial class LstmStepKernels
{
    public const int Side = 16;

    const int Padded = Side + 1, Gates = 4;

    /// <summary>Groups of lanes for a state [batch x hidden].</summary>
    public static LaunchConfig Tiles(int batch, int hidden) =>
        (new Index2D((hidden + Side - 1) / Side, (batch + Side - 1) / Side), new Index2D(Side, Side));

    /// <summary>
    /// weight is W_hh [4·H x H], the step's gates hold the sums of the input. h' is read from state [batch x H], and
    /// the step's state, another one as other groups still read this, becomes h, or takes h' over where the step is
    /// padded.
    /// </summary>
    [Kernel]
    public static void Forward<T>(
        [NoAlias(HeldByCaller = true)] ArrayView<T> state, [NoAlias(HeldByCaller = true)] Matrix<T> weight,
        ForwardStep<T> step, int batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var hidden = step.Hidden;
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
                weights[(gate * Side + y) * Padded + x] = brought < hidden && k < hidden
                    ? weight[gate * hidden + brought, k] : T.Zero;
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
        if (step.IsPadded(row))
        {
            step.Output[row, column] = T.Zero;
            step.State[row * hidden + column] = state[row * hidden + column];
            return;
        }
        LstmKernels.Cell(step, row, column, step.Gates[row, column] + i, step.Gates[row, column + hidden] + f,
            step.Gates[row, column + 2 * hidden] + g, step.Gates[row, column + 3 * hidden] + o);
    }
}
