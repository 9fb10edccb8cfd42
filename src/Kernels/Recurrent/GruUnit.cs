using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Simd;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>
/// The gated recurrent unit (Cho et al. 2014, PyTorch's formulation): r, z = σ of the gate sums + b_r, b_z; n =
/// tanh(x_n + r ∘ q) with q = W_hn h' + b_hn; h = (1 - z) ∘ n + z ∘ h'. Gates r, z, n; saves q.
/// </summary>
readonly unsafe struct GruUnit : IRecurrentUnit
{
    public static RecurrentTraits Traits { get; } = new(Gates: 3, HasCandidate: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<TSimd, TVector, T>(ForwardRow<T> row, int column)
        where TSimd : ISimd<TVector, T> where TVector : struct where T : unmanaged, IFloatingPointIeee754<T>
    {
        var hidden = row.Hidden;
        var gates = row.Gates + column;
        var b = row.Bias + column;
        var r = Transcendental<TSimd, TVector, T>.Gate(TSimd.Add(TSimd.Load(gates), TSimd.Load(b)));
        var z = Transcendental<TSimd, TVector, T>.Gate(TSimd.Add(TSimd.Load(gates + hidden), TSimd.Load(b + hidden)));
        var q = TSimd.Add(TSimd.Load(row.Saved + column), TSimd.Load(b + 2 * hidden));
        var n = Transcendental<TSimd, TVector, T>.Tanh(TSimd.MultiplyAdd(r, q, TSimd.Load(gates + 2 * hidden)));
        TSimd.Store(r, gates);
        TSimd.Store(z, gates + hidden);
        TSimd.Store(n, gates + 2 * hidden);
        TSimd.Store(q, row.Saved + column);
        var h = TSimd.MultiplyAdd(z, TSimd.Subtract(TSimd.Load(row.State + column), n), n);
        TSimd.Store(h, row.State + column);
        TSimd.Store(h, row.Output + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<TSimd, TVector, T>(BackwardRow<T> row, int column)
        where TSimd : ISimd<TVector, T> where TVector : struct where T : unmanaged, IFloatingPointIeee754<T>
    {
        var hidden = row.Hidden;
        var one = TSimd.Broadcast(T.One);
        var gates = row.Gates + column;
        var r = TSimd.Load(gates);
        var z = TSimd.Load(gates + hidden);
        var n = TSimd.Load(gates + 2 * hidden);
        var dh = TSimd.Add(TSimd.Load(row.HiddenGradient + column), TSimd.Load(row.StateGradient + column));
        var keep = TSimd.Subtract(one, z);
        var dn = TSimd.Multiply(TSimd.Multiply(dh, keep), TSimd.Subtract(one, TSimd.Multiply(n, n)));
        var dz = TSimd.Multiply(TSimd.Multiply(dh, TSimd.Subtract(TSimd.Load(row.Previous + column), n)),
            TSimd.Multiply(z, keep));
        var dr = TSimd.Multiply(TSimd.Multiply(dn, TSimd.Load(row.Saved + column)),
            TSimd.Multiply(r, TSimd.Subtract(one, r)));
        TSimd.Store(dr, gates);
        TSimd.Store(dz, gates + hidden);
        TSimd.Store(dn, gates + 2 * hidden);
        TSimd.Store(TSimd.Multiply(dn, r), row.CandidateGradient + column);
        TSimd.Store(TSimd.Multiply(dh, z), row.StateGradient + column);
    }

    public static void LaunchForward<T>(GpuDevice device, int lanes, ForwardStep<T> step)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        GruKernels.LaunchForward(device, lanes, step);

    public static void LaunchBackward<T>(GpuDevice device, int lanes, BackwardStep<T> step)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        GruKernels.LaunchBackward(device, lanes, step);
}

/// <summary>The same on a device, a lane for each element of the state.</summary>
static partial class GruKernels
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
        var r = UnaryKernelFunctions.Sigmoid(step.Gates[row, column] + step.BiasAt(column));
        var z = UnaryKernelFunctions.Sigmoid(step.Gates[row, column + hidden] + step.BiasAt(column + hidden));
        var q = step.Saved[row, column] + step.BiasAt(column + 2 * hidden);
        var n = T.Tanh(step.Gates[row, column + 2 * hidden] + r * q);
        step.Gates[row, column] = r;
        step.Gates[row, column + hidden] = z;
        step.Gates[row, column + 2 * hidden] = n;
        step.Saved[row, column] = q;
        var h = n + z * (step.State[index] - n);
        step.State[index] = h;
        step.Output[row, column] = h;
    }

    [Kernel]
    public static void Backward<T>(Index1D index, BackwardStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var hidden = step.Hidden;
        var row = index / hidden;
        var column = index - row * hidden;
        if (step.IsPadded(row))
        {
            for (var gate = 0; gate < 3; gate++) step.Gates[row, column + gate * hidden] = T.Zero;
            step.CandidateGradient[index] = T.Zero;
            return;
        }
        var r = step.Gates[row, column];
        var z = step.Gates[row, column + hidden];
        var n = step.Gates[row, column + 2 * hidden];
        var hiddenBefore = step.Before(row, column);
        var dh = step.HiddenGradient[row, column] + step.StateGradient[index];
        var dn = dh * (T.One - z) * (T.One - n * n);
        step.Gates[row, column] = dn * step.Saved[row, column] * (r * (T.One - r));
        step.Gates[row, column + hidden] = dh * (hiddenBefore - n) * (z * (T.One - z));
        step.Gates[row, column + 2 * hidden] = dn;
        step.CandidateGradient[index] = dn * r;
        step.StateGradient[index] = dh * z;
    }
}
