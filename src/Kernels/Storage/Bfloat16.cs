using System.Numerics;
using System.Runtime.InteropServices;
using LdNetGpu.Kernels.Elementwise;

namespace LdNetGpu.Kernels.Storage;

/// <summary>
/// bfloat16: the upper half of a float, 8 bits of exponent as there, 8 of precision. To round is to take the nearest,
/// of two as near the even one; to widen loses nothing.
/// </summary>
static class Bfloat16
{
    const uint HalfBelow = 0x7FFF, Magnitude = 0x7FFF_FFFF, Infinity = 0x7F80_0000;
    const ushort Quiet = 0x40;

    /// <summary>Rounds as many values as there are places.</summary>
    /// <param name="values">A NaN stays one, its sign too.</param>
    /// <param name="rounded">As many.</param>
    public static void Round(ReadOnlySpan<float> values, Span<ushort> rounded)
    {
        for (var i = 0; i < rounded.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(values[i]);
            rounded[i] = (bits & Magnitude) > Infinity ? (ushort)(bits >> 16 | Quiet)
                : (ushort)(bits + HalfBelow + (bits >> 16 & 1) >> 16);
        }
    }

    /// <summary>The floats that rounded values are.</summary>
    /// <param name="rounded">Of <see cref="Round"/>.</param>
    /// <param name="values">As many.</param>
    public static void Widen(ReadOnlySpan<ushort> rounded, Span<float> values)
    {
        var bits = MemoryMarshal.Cast<float, uint>(values);
        var i = 0;
        for (; i <= rounded.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(VectorLoop.Load(rounded, i), out var low, out var high);
            VectorLoop.Store(low << 16, bits, i);
            VectorLoop.Store(high << 16, bits, i + Vector<uint>.Count);
        }
        for (; i < rounded.Length; i++) bits[i] = (uint)rounded[i] << 16;
    }
}
