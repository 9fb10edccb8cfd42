using System.Numerics;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>Inverted dropout. A lane makes one block of Philox4x32-10 (Salmon et al., SC 2011) and applies its four words to four neighbouring elements of the mask.</summary>
static partial class DropoutKernels
{
    const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    /// <summary>output (+)= input · scale where the element's 24 random bits are at least threshold, 0 elsewhere.</summary>
    [Kernel]
    public static void Apply<T>(Index1D block, ArrayView<T> input, int inputStride, ArrayView<T> output, int outputStride, int columns, int count,
        uint seedLow, uint seedHigh, uint step, uint site, int threshold, T scale, bool accumulate) where T : unmanaged, IFloatingPointIeee754<T>
    {
        // The counter (block, 0, site, step) under the key (seed); element / 4 never reaches the counter's second word here.
        uint c0 = (uint)(int)block, c1 = 0, c2 = site, c3 = step, k0 = seedLow, k1 = seedHigh;
        for (var round = 0; round < 10; round++)
        {
            var p0 = (ulong)M0 * c0;
            var p1 = (ulong)M1 * c2;
            c0 = (uint)(p1 >> 32) ^ c1 ^ k0;
            c1 = (uint)p1;
            c2 = (uint)(p0 >> 32) ^ c3 ^ k1;
            c3 = (uint)p0;
            k0 += W0;
            k1 += W1;
        }
        for (var word = 0; word < 4; word++)
        {
            var element = 4L * block + word;
            if (element >= count) return;
            var bits = word == 0 ? c0 : word == 1 ? c1 : word == 2 ? c2 : c3;
            var kept = (int)(bits >> 8) >= threshold ? input[Elements.Place((int)element, columns, inputStride)] * scale : T.Zero;
            var place = Elements.Place((int)element, columns, outputStride);
            output[place] = accumulate ? output[place] + kept : kept;
        }
    }
}
