using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// The best tag sequences (Viterbi, 1967) in TScore, double for floats, a group a sentence, tags over its lanes. No
/// back pointers are kept: the way back recomputes the same sums, K of them a step, and takes the lowest tag that
/// reaches the maximum.
/// </summary>
static partial class ViterbiKernels
{
    /// <summary>
    /// scores[b] and path [steps · batch], -1 where padded. best is working memory of the emissions' shape, without
    /// gaps.
    /// </summary>
    [Kernel, Instance(typeof(float), typeof(double)), Instance(typeof(double), typeof(double))]
    public static void Decode<T, TScore>(CrfOperands<T, TScore> crf, ArrayView<int> path, ArrayView<TScore> scores,
        Matrix<TScore> best)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        var sentence = Grid.IdxX;
        var last = (crf.Lengths[sentence] - 1) * crf.Batch + sentence;
        for (var row = sentence; row <= last; row += crf.Batch)
        {
            for (var j = Group.IdxX; j < crf.Tags; j += Group.DimX)
            {
                var largest = TScore.NegativeInfinity;
                if (row == sentence) largest = crf.Transition(crf.StartTag, j);
                else
                    for (var i = 0; i < crf.Tags; i++)
                        largest = TScore.MaxNumber(largest, best[row - crf.Batch, i] + crf.Transition(i, j));
                best[row, j] = crf.Joined(largest, row, j);
            }
            Group.Barrier();
        }
        if (Group.IdxX > 0) return;
        for (var row = last + crf.Batch; row < crf.Steps * crf.Batch; row += crf.Batch) path[row] = -1;
        var tag = crf.EndTag;
        for (var row = last; row >= 0; row -= crf.Batch)
        {
            var from = Best(crf, best, row, tag);
            // A maximum passes NaN over: where every score is NaN, none is left, and the caller refuses the sentence.
            if (row == last)
                scores[sentence] = TScore.MaxNumber(best[row, from] + crf.Transition(from, crf.EndTag),
                    TScore.NegativeInfinity);
            path[row] = from;
            tag = from;
        }
    }

    // The lowest tag i with the largest best[row, i] + transition[i, to].
    static int Best<T, TScore>(CrfOperands<T, TScore> crf, Matrix<TScore> best, int row, int to)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        var index = 0;
        var largest = TScore.NegativeInfinity;
        for (var i = 0; i < crf.Tags; i++)
        {
            var score = best[row, i] + crf.Transition(i, to);
            if (score > largest)
            {
                index = i;
                largest = score;
            }
        }
        return index;
    }
}
