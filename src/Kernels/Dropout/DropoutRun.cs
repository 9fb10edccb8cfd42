using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Elementwise;

namespace LdNetGpu.Kernels.Dropout;

/// <summary>
/// Dropout of neighbouring elements on the CPU, in chunks:
/// the random words of a chunk are drawn into the first-level cache, then compared and applied.
/// </summary>
static class DropoutRun
{
    const int Chunk = 1024;

    // Whole vectors of words are drawn: the few too many cost less than the rest one block at a time.
    const int WordsAtOnce = 32;

    /// <param name="mask">Of the whole matrix.</param>
    /// <param name="element">The first element's number in the draw.</param>
    /// <param name="input">Neighbouring elements.</param>
    /// <param name="output">As many; may be the input.</param>
    /// <param name="accumulate">Whether the result is added to the output.</param>
    [SkipLocalsInit]
    public static void Apply<T>(DropoutMask<T> mask, long element, ReadOnlySpan<T> input, Span<T> output,
        bool accumulate = false)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<int> bits = stackalloc int[Chunk + WordsAtOnce];
        while (input.Length > 0)
        {
            int n = Math.Min(Chunk, input.Length), skip = (int)(element & 3);
            PhiloxFill.Fill(mask.Key, element >> 2,
                MemoryMarshal.Cast<int, uint>(bits[..((skip + n + WordsAtOnce - 1) / WordsAtOnce * WordsAtOnce)]));
            Keep(mask, input[..n], bits.Slice(skip, n), output[..n], accumulate);
            input = input[n..];
            output = output[n..];
            element += n;
        }
    }

    static void Keep<T>(DropoutMask<T> mask, ReadOnlySpan<T> input, ReadOnlySpan<int> bits, Span<T> output,
        bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var i = 0;
        if (typeof(T) == typeof(float))
            for (; i <= input.Length - Vector<T>.Count; i += Vector<T>.Count)
            {
                var uniform = Vector.ShiftRightLogical(VectorLoop.Load(bits, i), 8);
                var stays = Vector.GreaterThan(uniform, new Vector<int>(mask.Threshold - 1)).As<int, T>();
                var kept = VectorLoop.Load(input, i) * mask.Scale & stays;
                VectorLoop.Store(accumulate ? kept + VectorLoop.Load<T>(output, i) : kept, output, i);
            }
        for (; i < input.Length; i++)
        {
            var kept = mask.Keep((uint)bits[i], input[i]);
            output[i] = accumulate ? output[i] + kept : kept;
        }
    }
}
