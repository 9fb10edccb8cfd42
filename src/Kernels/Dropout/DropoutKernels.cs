using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Dropout;

/// <summary>
/// Inverted dropout. A lane draws one block of Philox and applies its four words to four neighbouring elements of the
/// mask.
/// </summary>
static partial class DropoutKernels
{
    /// <summary>
    /// output (+)= input · scale where the mask keeps an element, 0 elsewhere. The mask is of the same columns as the
    /// matrices.
    /// </summary>
    [Kernel]
    public static void Apply<T>(Index1D block, Matrix<T> input, Matrix<T> output, int columns, int count,
        DropoutMask<T> mask, Flag accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var drawn = mask.Draw((int)block);
        for (var word = 0; word < 4; word++)
        {
            var element = 4L * block + word;
            if (element >= count) return;
            var (row, column) = Elements.At((int)element, columns);
            var bits = mask.IsWhole ? drawn.Word(word) : mask.Bits(element);
            var kept = mask.Keep(bits, input[row, column]);
            output[row, column] = accumulate ? output[row, column] + kept : kept;
        }
    }
}
