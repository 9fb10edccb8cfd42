using System.Numerics;
using System.Runtime.CompilerServices;

namespace LdNetGpu.Kernels;

/// <summary>
/// One row of an LSTM step. i, f, o = σ and g = tanh of the gate sums; c = f ∘ c' + i ∘ g; h = o ∘ tanh c (Hochreiter and Schmidhuber 1997
/// with the forget gate of Gers et al. 2000). Gates [4·H] in place; cell [H] holds c' and then c; hidden and saved (or null) take h and c.
/// </summary>
readonly unsafe struct LstmForwardCell<T>(int hidden, T* gates, T* cell, T* state, T* output, T* saved) : IRowCell<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TSimd, TVector>(int column) where TSimd : ISimd<TVector, T> where TVector : struct
    {
        var at = gates + column;
        var i = Transcendental<TSimd, TVector, T>.Gate(TSimd.Load(at));
        var f = Transcendental<TSimd, TVector, T>.Gate(TSimd.Load(at + hidden));
        var g = Transcendental<TSimd, TVector, T>.Tanh(TSimd.Load(at + 2 * hidden));
        var o = Transcendental<TSimd, TVector, T>.Gate(TSimd.Load(at + 3 * hidden));
        TSimd.Store(i, at);
        TSimd.Store(f, at + hidden);
        TSimd.Store(g, at + 2 * hidden);
        TSimd.Store(o, at + 3 * hidden);
        var c = TSimd.MultiplyAdd(f, TSimd.Load(cell + column), TSimd.Multiply(i, g));
        var h = TSimd.Multiply(o, Transcendental<TSimd, TVector, T>.Tanh(c));
        TSimd.Store(c, cell + column);
        TSimd.Store(h, state + column);
        TSimd.Store(h, output + column);
        if (saved != null) TSimd.Store(c, saved + column);
    }
}

/// <summary>
/// The same row backward. hiddenGradient is this step's own gradient of h, stateGradient what later steps add to it (zeroed here, before
/// the recurrent product), cellGradient that of c and then of c'. Gates become the gradients of the gate sums.
/// </summary>
readonly unsafe struct LstmBackwardCell<T>(int hidden, T* gates, T* cell, T* previousCell, T* hiddenGradient, T* stateGradient, T* cellGradient) : IRowCell<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TSimd, TVector>(int column) where TSimd : ISimd<TVector, T> where TVector : struct
    {
        var one = TSimd.Broadcast(T.One);
        var at = gates + column;
        var i = TSimd.Load(at);
        var f = TSimd.Load(at + hidden);
        var g = TSimd.Load(at + 2 * hidden);
        var o = TSimd.Load(at + 3 * hidden);
        var tanh = Transcendental<TSimd, TVector, T>.Tanh(TSimd.Load(cell + column));
        var dh = TSimd.Add(TSimd.Load(hiddenGradient + column), TSimd.Load(stateGradient + column));
        var slope = TSimd.Subtract(one, TSimd.Multiply(tanh, tanh));
        var dc = TSimd.MultiplyAdd(TSimd.Multiply(dh, o), slope, TSimd.Load(cellGradient + column));
        var di = TSimd.Multiply(TSimd.Multiply(dc, g), TSimd.Multiply(i, TSimd.Subtract(one, i)));
        var df = TSimd.Multiply(TSimd.Multiply(dc, TSimd.Load(previousCell + column)), TSimd.Multiply(f, TSimd.Subtract(one, f)));
        var dg = TSimd.Multiply(TSimd.Multiply(dc, i), TSimd.Subtract(one, TSimd.Multiply(g, g)));
        var dO = TSimd.Multiply(TSimd.Multiply(dh, tanh), TSimd.Multiply(o, TSimd.Subtract(one, o)));
        TSimd.Store(di, at);
        TSimd.Store(df, at + hidden);
        TSimd.Store(dg, at + 2 * hidden);
        TSimd.Store(dO, at + 3 * hidden);
        TSimd.Store(TSimd.Multiply(dc, f), cellGradient + column);
        TSimd.Store(TSimd.Broadcast(T.Zero), stateGradient + column);
    }
}
