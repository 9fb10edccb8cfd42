using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// The best tag sequences by one warp a sentence, a tag a lane: the sums of <see cref="ViterbiKernels"/> to the bit,
/// with each lane's transitions in registers and the way back kept. For at most 32 tags, a launch-time constant.
/// </summary>
static partial class WarpViterbiKernels
{
    /// <summary>
    /// As <see cref="ViterbiKernels.Decode"/>; groups of 32 lanes. before is working memory of the emissions' shape,
    /// without gaps: the tag before each, on the best way there.
    /// </summary>
    [Kernel, Instance(typeof(float), typeof(double)), Instance(typeof(double), typeof(double))]
    public static void Decode<T, TScore>(SpecializedValue<int> tags, CrfOperands<T, TScore> crf, ArrayView<int> path,
        ArrayView<TScore> scores, Matrix<int> before)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        var lane = Warp.LaneIdx;
        var sentence = Grid.IdxX;
        var last = (crf.Lengths[sentence] - 1) * crf.Batch + sentence;
        var column = LocalMemory.Allocate<TScore>(tags);
        Pragma.Unroll();
        for (var i = 0; i < tags; i++) column[i] = lane < tags ? crf.Transition(i, lane) : TScore.NegativeInfinity;
        var score = TScore.NegativeInfinity;
        for (var row = sentence; row <= last; row += crf.Batch)
        {
            var largest = TScore.NegativeInfinity;
            var from = 0;
            if (row == sentence) largest = lane < tags ? crf.Transition(crf.StartTag, lane) : largest;
            else
            {
                Pragma.Unroll();
                for (var i = 0; i < tags; i++)
                {
                    var other = Warp.Shuffle(score, i);
                    var sum = other + column[i];
                    // Ties go to the lowest tag.
                    from = sum > largest ? i : from;
                    largest = TScore.MaxNumber(largest, sum);
                }
            }
            score = crf.Joined(largest, row, lane);
            if (lane < tags) before[row, lane] = from;
        }
        var ending = lane < tags ? score + crf.Transition(lane, crf.EndTag) : TScore.NegativeInfinity;
        var best = TScore.MaxNumber(WarpExtensions.AllReduce<TScore, Max<TScore>>(ending), TScore.NegativeInfinity);
        var tag = WarpExtensions.AllReduce<int, Min<int>>(lane < tags && ending == best ? lane : WarpCrfKernels.Lanes);
        // Every score is NaN, and none the best: the caller refuses that by its -infinity.
        if (tag == WarpCrfKernels.Lanes) tag = 0;
        // What the other lanes kept is seen by the one that goes back.
        Warp.Barrier();
        if (lane > 0) return;
        scores[sentence] = best;
        for (var row = last + crf.Batch; row < crf.Steps * crf.Batch; row += crf.Batch) path[row] = -1;
        for (var row = last; row >= 0; row -= crf.Batch)
        {
            path[row] = tag;
            tag = before[row, tag];
        }
    }
}
