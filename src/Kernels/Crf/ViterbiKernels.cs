using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// The best tag sequences (Viterbi, 1967) in double, a group a sentence, tags over its lanes. No back pointers are kept: the way back recomputes the
/// same sums, K of them a step, and takes the lowest tag that reaches the maximum.
/// </summary>
static partial class ViterbiKernels
{
    /// <summary>scores[b] and path [steps · batch], -1 where padded. best is working memory laid out as the emissions, without gaps.</summary>
    [Kernel]
    public static void Decode<T>(ArrayView<T> emissions, int emissionsStride, ArrayView<T> transitions, int transitionsStride, ArrayView<int> lengths,
        ArrayView<int> path, ArrayView<double> scores, ArrayView<double> best, int steps, int batch, int tags, int startTag, int endTag)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sentence = Grid.IdxX;
        var last = lengths[sentence] - 1;
        for (var t = 0; t <= last; t++)
        {
            var row = (long)t * batch + sentence;
            var previous = (row - batch) * tags;
            for (var j = Group.IdxX; j < tags; j += Group.DimX)
            {
                var largest = double.NegativeInfinity;
                if (t == 0) largest = double.CreateTruncating(transitions[(long)startTag * transitionsStride + j]);
                else
                    for (var i = 0; i < tags; i++)
                        largest = double.MaxNumber(largest, best[previous + i] + double.CreateTruncating(transitions[(long)i * transitionsStride + j]));
                best[row * tags + j] = largest == double.NegativeInfinity ? largest : largest + double.CreateTruncating(emissions[row * emissionsStride + j]);
            }
            Group.Barrier();
        }
        if (Group.IdxX > 0) return;
        for (var t = last + 1; t < steps; t++) path[(long)t * batch + sentence] = -1;
        var tag = endTag;
        for (var t = last; t >= 0; t--)
        {
            var row = (long)t * batch + sentence;
            var from = Best(best, row * tags, transitions, transitionsStride, tag, tags);
            // A maximum passes NaN over: where every score is NaN, none is left, and the caller refuses the sentence.
            if (t == last)
                scores[sentence] = double.MaxNumber(best[row * tags + from] + double.CreateTruncating(transitions[(long)from * transitionsStride + endTag]),
                    double.NegativeInfinity);
            path[row] = from;
            tag = from;
        }
    }

    // The lowest tag i with the largest vector[i] + transition[i, to].
    static int Best<T>(ArrayView<double> vector, long start, ArrayView<T> transitions, int transitionsStride, int to, int tags)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var index = 0;
        var largest = double.NegativeInfinity;
        for (var i = 0; i < tags; i++)
        {
            var score = vector[start + i] + double.CreateTruncating(transitions[(long)i * transitionsStride + to]);
            if (score > largest)
            {
                index = i;
                largest = score;
            }
        }
        return index;
    }
}
