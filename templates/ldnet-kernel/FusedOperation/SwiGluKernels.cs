using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace FusedOperation;

/// <summary>
/// Kernels of <see cref="SwiGlu{T}"/>, a lane for each element. The generator makes their launches: LaunchForward and
/// LaunchBackward.
/// </summary>
static partial class SwiGluKernels
{
    /// <summary>y = a σ(a) b.</summary>
    [Kernel]
    public static void Forward<T>(Index1D i, ArrayView<T> a, ArrayView<T> b, ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        y[i] = a[i] * Sigmoid(a[i]) * b[i];

    /// <summary>da += dy b (s + a s (1 - s)) and db += dy a s; s = σ(a) again, cheaper than to load it.</summary>
    [Kernel]
    public static void Backward<T>(
        Index1D i, ArrayView<T> a, ArrayView<T> b, ArrayView<T> dy, ArrayView<T> da, ArrayView<T> db)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var s = Sigmoid(a[i]);
        if (da.IsValid) da[i] += dy[i] * b[i] * (s + a[i] * s * (T.One - s));
        if (db.IsValid) db[i] += dy[i] * a[i] * s;
    }

    static T Sigmoid<T>(T x) where T : IFloatingPointIeee754<T> => T.One / (T.One + T.Exp(-x));
}
