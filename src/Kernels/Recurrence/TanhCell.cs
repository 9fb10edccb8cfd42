using System.Numerics;
using System.Runtime.CompilerServices;

namespace LdNetGpu.Kernels;

/// <summary>One row of a plain recurrent step: h = tanh of the gate sum [H], which becomes h too (Elman 1990).</summary>
readonly unsafe struct TanhForwardCell<T>(T* gates, T* state, T* output) : IRowCell<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TSimd, TVector>(int column) where TSimd : ISimd<TVector, T> where TVector : struct
    {
        var h = Transcendental<TSimd, TVector, T>.Tanh(TSimd.Load(gates + column));
        TSimd.Store(h, gates + column);
        TSimd.Store(h, state + column);
        TSimd.Store(h, output + column);
    }
}

/// <summary>The same row backward: the gate becomes the gradient of its sum; stateGradient, what later steps add to the gradient of h, is zeroed.</summary>
readonly unsafe struct TanhBackwardCell<T>(T* gates, T* hiddenGradient, T* stateGradient) : IRowCell<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TSimd, TVector>(int column) where TSimd : ISimd<TVector, T> where TVector : struct
    {
        var h = TSimd.Load(gates + column);
        var dh = TSimd.Add(TSimd.Load(hiddenGradient + column), TSimd.Load(stateGradient + column));
        TSimd.Store(TSimd.Multiply(dh, TSimd.Subtract(TSimd.Broadcast(T.One), TSimd.Multiply(h, h))), gates + column);
        TSimd.Store(TSimd.Broadcast(T.Zero), stateGradient + column);
    }
}
