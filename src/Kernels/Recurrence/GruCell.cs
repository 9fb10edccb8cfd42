using System.Numerics;
using System.Runtime.CompilerServices;

namespace LdNetGpu.Kernels;

/// <summary>
/// One row of a GRU step. r, z = σ of the gate sums + b_r, b_z; n = tanh(x_n + r ∘ q) with q = W_hn h' + b_hn; h = (1 - z) ∘ n + z ∘ h'
/// (Cho et al. 2014, PyTorch's formulation). Gates [3·H] in place; candidate [H] holds W_hn h' and then q; state holds h' and then h. bias [3·H].
/// </summary>
readonly unsafe struct GruForwardCell<T>(int hidden, T* gates, T* candidate, T* bias, T* state, T* output) : IRowCell<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TSimd, TVector>(int column) where TSimd : ISimd<TVector, T> where TVector : struct
    {
        var at = gates + column;
        var b = bias + column;
        var r = Transcendental<TSimd, TVector, T>.Gate(TSimd.Add(TSimd.Load(at), TSimd.Load(b)));
        var z = Transcendental<TSimd, TVector, T>.Gate(TSimd.Add(TSimd.Load(at + hidden), TSimd.Load(b + hidden)));
        var q = TSimd.Add(TSimd.Load(candidate + column), TSimd.Load(b + 2 * hidden));
        var n = Transcendental<TSimd, TVector, T>.Tanh(TSimd.MultiplyAdd(r, q, TSimd.Load(at + 2 * hidden)));
        TSimd.Store(r, at);
        TSimd.Store(z, at + hidden);
        TSimd.Store(n, at + 2 * hidden);
        TSimd.Store(q, candidate + column);
        var h = TSimd.MultiplyAdd(z, TSimd.Subtract(TSimd.Load(state + column), n), n);
        TSimd.Store(h, state + column);
        TSimd.Store(h, output + column);
    }
}

/// <summary>
/// The same row backward. Gates become the gradients of the input's gate sums, candidateGradient that of q; stateGradient, what later steps
/// add to the gradient of h, becomes the part of the gradient of h' that does not pass through W_hh.
/// </summary>
readonly unsafe struct GruBackwardCell<T>(int hidden, T* gates, T* candidate, T* previousHidden,
    T* hiddenGradient, T* stateGradient, T* candidateGradient) : IRowCell<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<TSimd, TVector>(int column) where TSimd : ISimd<TVector, T> where TVector : struct
    {
        var one = TSimd.Broadcast(T.One);
        var at = gates + column;
        var r = TSimd.Load(at);
        var z = TSimd.Load(at + hidden);
        var n = TSimd.Load(at + 2 * hidden);
        var dh = TSimd.Add(TSimd.Load(hiddenGradient + column), TSimd.Load(stateGradient + column));
        var keep = TSimd.Subtract(one, z);
        var dn = TSimd.Multiply(TSimd.Multiply(dh, keep), TSimd.Subtract(one, TSimd.Multiply(n, n)));
        var dz = TSimd.Multiply(TSimd.Multiply(dh, TSimd.Subtract(TSimd.Load(previousHidden + column), n)), TSimd.Multiply(z, keep));
        var dr = TSimd.Multiply(TSimd.Multiply(dn, TSimd.Load(candidate + column)), TSimd.Multiply(r, TSimd.Subtract(one, r)));
        TSimd.Store(dr, at);
        TSimd.Store(dz, at + hidden);
        TSimd.Store(dn, at + 2 * hidden);
        TSimd.Store(TSimd.Multiply(dn, r), candidateGradient + column);
        TSimd.Store(TSimd.Multiply(dh, z), stateGradient + column);
    }
}
