using System.Numerics;
using System.Runtime.CompilerServices;
using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Simd;

namespace LdNetGpu.Kernels.Recurrent;

/// <summary>The plain recurrent unit (Elman 1990): h = tanh of the gate sum [H], which becomes h too.</summary>
readonly unsafe struct TanhUnit : IRecurrentUnit
{
    public static RecurrentTraits Traits { get; } = new(Gates: 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Forward<TSimd, TVector, T>(ForwardRow<T> row, int column)
        where TSimd : ISimd<TVector, T> where TVector : struct where T : unmanaged, IFloatingPointIeee754<T>
    {
        var h = Transcendental<TSimd, TVector, T>.Tanh(TSimd.Load(row.Gates + column));
        TSimd.Store(h, row.Gates + column);
        TSimd.Store(h, row.State + column);
        TSimd.Store(h, row.Output + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Backward<TSimd, TVector, T>(BackwardRow<T> row, int column)
        where TSimd : ISimd<TVector, T> where TVector : struct where T : unmanaged, IFloatingPointIeee754<T>
    {
        var h = TSimd.Load(row.Gates + column);
        var dh = TSimd.Add(TSimd.Load(row.HiddenGradient + column), TSimd.Load(row.StateGradient + column));
        TSimd.Store(TSimd.Multiply(dh, TSimd.Subtract(TSimd.Broadcast(T.One), TSimd.Multiply(h, h))),
            row.Gates + column);
        TSimd.Store(TSimd.Broadcast(T.Zero), row.StateGradient + column);
    }

    public static void LaunchForward<T>(GpuDevice device, int lanes, ForwardStep<T> step)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        TanhKernels.LaunchForward(device, lanes, step);

    public static void LaunchBackward<T>(GpuDevice device, int lanes, BackwardStep<T> step)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        TanhKernels.LaunchBackward(device, lanes, step);
}

/// <summary>The same on a device, a lane for each element of the state.</summary>
static partial class TanhKernels
{
    [Kernel]
    public static void Forward<T>(Index1D index, ForwardStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = index / step.Hidden;
        var column = index - row * step.Hidden;
        if (step.IsPadded(row))
        {
            step.Output[row, column] = T.Zero;
            return;
        }
        var h = T.Tanh(step.Gates[row, column]);
        step.Gates[row, column] = h;
        step.State[index] = h;
        step.Output[row, column] = h;
    }

    [Kernel]
    public static void Backward<T>(Index1D index, BackwardStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var row = index / step.Hidden;
        var column = index - row * step.Hidden;
        if (step.IsPadded(row))
        {
            step.Gates[row, column] = T.Zero;
            return;
        }
        var h = step.Gates[row, column];
        var dh = step.HiddenGradient[row, column] + step.StateGradient[index];
        step.Gates[row, column] = dh * (T.One - h * h);
        step.StateGradient[index] = T.Zero;
    }
}
