using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

static partial class DualKernels
{
    /// <summary>y = scale · x / (1 + |x|).</summary>
    [Kernel]
    internal static void Softsign<T>(Index1D index, ArrayView<T> x, ArrayView<T> y, T scale)
        where T : unmanaged, IFloatingPointIeee754<T> => y[index] = scale * x[index] / (T.One + T.Abs(x[index]));
}
