using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels.Roofline;

/// <summary>Arithmetic alone, for the rate at which a device does it.</summary>
static partial class RateKernels
{
    const int Rounds = 1024, Chains = 8;

    /// <summary>FLOPs of a lane.</summary>
    public const int FlopsPerLane = 2 * Rounds * Chains;

    /// <summary>numbers[lane] = sum of eight chains of x = x · factor + factor, none of which waits for another.
    /// </summary>
    [Kernel]
    public static void MultiplyAdds<T>(Index1D index, T factor, ArrayView<T> numbers)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var a = numbers[index];
        var b = a + factor;
        var c = b + factor;
        var d = c + factor;
        var e = d + factor;
        var f = e + factor;
        var g = f + factor;
        var h = g + factor;
        for (var i = 0; i < Rounds; i++)
        {
            a = a * factor + factor;
            b = b * factor + factor;
            c = c * factor + factor;
            d = d * factor + factor;
            e = e * factor + factor;
            f = f * factor + factor;
            g = g * factor + factor;
            h = h * factor + factor;
        }
        numbers[index] = a + b + c + d + e + f + g + h;
    }
}
