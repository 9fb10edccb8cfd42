using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Simd;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000): i, f, o = σ and
/// g = tanh of the gate sums; c = f ∘ c' + i ∘ g; h = o ∘ tanh c. Gates i, f, g, o; saves c.
/// </summary>
readonly unsafe struct LstmUnit : IRecurrentUnit
{
    public static RecurrentTraits Traits { get; } = new(Gates: 4, HasCell: true, OpenGate: 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<TSimd, TVector, T>(ForwardRow<T> row, int column)
        where TSimd : ISimd<TVector, T> where TVector : struct where T : unmanaged, IFloatingPointIeee754<T>
    {
        var hidden = row.Hidden;
        var gates = row.Gates + column;
        var i = Transcendental<TSimd, TVector, T>.Gate(TSimd.Load(gates));
        var f = Transcendental<TSimd, TVector, T>.Gate(TSimd.Load(gates + hidden));
        var g = Transcendental<TSimd, TVector, T>.Tanh(TSimd.Load(gates + 2 * hidden));
        var o = Transcendental<TSimd, TVector, T>.Gate(TSimd.Load(gates + 3 * hidden));
        TSimd.Store(i, gates);
        TSimd.Store(f, gates + hidden);
        TSimd.Store(g, gates + 2 * hidden);
        TSimd.Store(o, gates + 3 * hidden);
        var c = TSimd.MultiplyAdd(f, TSimd.Load(row.Cell + column), TSimd.Multiply(i, g));
        var h = TSimd.Multiply(o, Transcendental<TSimd, TVector, T>.Tanh(c));
        TSimd.Store(c, row.Cell + column);
        TSimd.Store(h, row.State + column);
        TSimd.Store(h, row.Output + column);
        if (row.Saved != null) TSimd.Store(c, row.Saved + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<TSimd, TVector, T>(BackwardRow<T> row, int column)
        where TSimd : ISimd<TVector, T> where TVector : struct where T : unmanaged, IFloatingPointIeee754<T>
    {
        var hidden = row.Hidden;
        var one = TSimd.Broadcast(T.One);
        var gates = row.Gates + column;
        var i = TSimd.Load(gates);
        var f = TSimd.Load(gates + hidden);
        var g = TSimd.Load(gates + 2 * hidden);
        var o = TSimd.Load(gates + 3 * hidden);
        var tanh = Transcendental<TSimd, TVector, T>.Tanh(TSimd.Load(row.Saved + column));
        var dh = TSimd.Add(TSimd.Load(row.HiddenGradient + column), TSimd.Load(row.StateGradient + column));
        var slope = TSimd.Subtract(one, TSimd.Multiply(tanh, tanh));
        var dc = TSimd.MultiplyAdd(TSimd.Multiply(dh, o), slope, TSimd.Load(row.CellGradient + column));
        var di = TSimd.Multiply(TSimd.Multiply(dc, g), TSimd.Multiply(i, TSimd.Subtract(one, i)));
        var df = TSimd.Multiply(TSimd.Multiply(dc, TSimd.Load(row.Previous + column)),
            TSimd.Multiply(f, TSimd.Subtract(one, f)));
        var dg = TSimd.Multiply(TSimd.Multiply(dc, i), TSimd.Subtract(one, TSimd.Multiply(g, g)));
        var dO = TSimd.Multiply(TSimd.Multiply(dh, tanh), TSimd.Multiply(o, TSimd.Subtract(one, o)));
        TSimd.Store(di, gates);
        TSimd.Store(df, gates + hidden);
        TSimd.Store(dg, gates + 2 * hidden);
        TSimd.Store(dO, gates + 3 * hidden);
        TSimd.Store(TSimd.Multiply(dc, f), row.CellGradient + column);
        TSimd.Store(TSimd.Broadcast(T.Zero), row.StateGradient + column);
    }

    public static void LaunchForward<T>(GpuDevice device, int lanes, ForwardStep<T> step)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        LstmKernels.LaunchForward(device, lanes, step);

    public static void LaunchBackward<T>(GpuDevice device, int lanes, BackwardStep<T> step)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        LstmKernels.LaunchBackward(device, lanes, step);

    public static IFusedStep FusedStep { get; } = new LstmFusedStep();
}

/// <summary><see cref="LstmStepKernels"/>, the recurrent product and the cell at once.</summary>
sealed class LstmFusedStep : IFusedStep
{
    public bool IsTaken(KernelQuery query) => KernelVariants.LstmStep.IsTaken(query);

    public void Launch<T>(GpuDevice device, ArrayView<T> state, Matrix<T> weight, ForwardStep<T> step, int batch)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        LstmStepKernels.LaunchForward(device, LstmStepKernels.Tiles(batch, step.Hidden), state, weight, step, batch);
}

/// <summary>The same on a device, a lane for each element of the state.</summary>
static partial class LstmKernels
{
    [Kernel]
    public static void Forward<T>(Index1D index, ForwardStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var hidden = step.Hidden;
        var row = index / hidden;
        var column = index - row * hidden;
        if (step.IsPadded(row))
        {
            step.Output[row, column] = T.Zero;
            return;
        }
        Cell(step, row, column, step.Gates[row, column], step.Gates[row, column + hidden],
            step.Gates[row, column + 2 * hidden], step.Gates[row, column + 3 * hidden]);
    }

    /// <summary>What an element's four gate sums make of its cell.</summary>
    public static void Cell<T>(ForwardStep<T> step, int row, int column, T inputSum, T forgetSum, T cellSum,
        T outputSum)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var hidden = step.Hidden;
        var element = row * hidden + column;
        var i = UnaryKernelFunctions.Sigmoid(inputSum);
        var f = UnaryKernelFunctions.Sigmoid(forgetSum);
        var g = T.Tanh(cellSum);
        var o = UnaryKernelFunctions.Sigmoid(outputSum);
        step.Gates[row, column] = i;
        step.Gates[row, column + hidden] = f;
        step.Gates[row, column + 2 * hidden] = g;
        step.Gates[row, column + 3 * hidden] = o;
        var c = f * step.Cell[element] + i * g;
        var h = o * T.Tanh(c);
        step.Cell[element] = c;
        step.State[element] = h;
        step.Output[row, column] = h;
        if (step.Saved.IsPresent) step.Saved[row, column] = c;
    }

    [Kernel]
    public static void Backward<T>(Index1D index, BackwardStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var hidden = step.Hidden;
        var row = index / hidden;
        var column = index - row * hidden;
        if (step.IsPadded(row))
        {
            for (var gate = 0; gate < 4; gate++) step.Gates[row, column + gate * hidden] = T.Zero;
            return;
        }
        var i = step.Gates[row, column];
        var f = step.Gates[row, column + hidden];
        var g = step.Gates[row, column + 2 * hidden];
        var o = step.Gates[row, column + 3 * hidden];
        var tanh = T.Tanh(step.Saved[row, column]);
        var cellBefore = step.Before(row, column);
        var dh = step.HiddenGradient[row, column] + step.StateGradient[index];
        var dc = dh * o * (T.One - tanh * tanh) + step.CellGradient[index];
        step.Gates[row, column] = dc * g * (i * (T.One - i));
        step.Gates[row, column + hidden] = dc * cellBefore * (f * (T.One - f));
        step.Gates[row, column + 2 * hidden] = dc * i * (T.One - g * g);
        step.Gates[row, column + 3 * hidden] = dh * tanh * (o * (T.One - o));
        step.CellGradient[index] = dc * f;
        step.StateGradient[index] = T.Zero;
    }
}
