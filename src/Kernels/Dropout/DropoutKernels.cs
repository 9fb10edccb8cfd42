using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>Inverted dropout. A lane draws one block of Philox and applies its four words to four neighbouring elements of the mask.</summary>
static partial class DropoutKernels
{
    /// <summary>output (+)= input · scale where the mask keeps an element, 0 elsewhere. The mask is of the same columns as the matrices.</summary>
    [Kernel]
    public static void Apply<T>(Index1D block, ArrayView<T> input, int inputStride, ArrayView<T> output, int outputStride,
        int columns, int count, DropoutMask<T> mask, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var drawn = PhiloxBlock.Draw((int)block, mask.Site, mask.Step, mask.SeedLow, mask.SeedHigh);
        for (var word = 0; word < 4; word++)
        {
            var element = 4L * block + word;
            if (element >= count) return;
            var kept = mask.Keep(drawn.Word(word), input[Elements.Place((int)element, columns, inputStride)]);
            var place = Elements.Place((int)element, columns, outputStride);
            output[place] = accumulate ? output[place] + kept : kept;
        }
    }
}
