using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>Launched as programs launch: by the method that the generator writes.</summary>
static partial class LaunchKernels
{
    /// <summary>y[i] = factor * x[i], width elements a lane.</summary>
    [Kernel]
    internal static void Scale<T>(SpecializedValue<int> width, [NoAlias] ArrayView<T> x, T factor, bool negate,
        ArrayView<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var first = Grid.GlobalIndex.X * width;
        for (var i = first; i < first + width && i < y.IntLength; i++) y[i] = (negate ? -factor : factor) * x[i];
    }

    /// <summary>y[2 i] = x[2 i]: what lies between is another's.</summary>
    [Kernel]
    internal static void CopyEven(Index1D i, [NoAlias(HeldByCaller = true)] ArrayView<float> x, ArrayView<float> y) =>
        y[2 * i] = x[2 * i];
}
