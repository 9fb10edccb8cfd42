using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// The best tag sequences by one warp a sentence, a tag a lane: the sums of <see cref="ViterbiKernels"/> to the bit, with each lane's transitions in
/// registers and the way back kept. For at most 32 tags, a launch-time constant.
/// </summary>
static partial class WarpViterbiKernels
{
    /// <summary>
    /// As <see cref="ViterbiKernels.Decode"/>; groups of 32 lanes. before [steps · batch x tags] is working memory:
    /// the tag before each, on the best way there.
    /// </summary>
    [Kernel]
    public static void Decode<T>(SpecializedValue<int> tags, ArrayView<T> emissions, int emissionsStride,
        ArrayView<T> transitions, int transitionsStride, ArrayView<int> lengths, ArrayView<int> path, ArrayView<double> scores,
        ArrayView<int> before, int steps, int batch, int startTag, int endTag)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var lane = Warp.LaneIdx;
        var sentence = Grid.IdxX;
        var last = lengths[sentence] - 1;
        var column = LocalMemory.Allocate<double>(tags);
        Pragma.Unroll();
        for (var i = 0; i < tags; i++)
            column[i] = lane < tags ? double.CreateTruncating(transitions[(long)i * transitionsStride + lane]) : double.NegativeInfinity;
        var score = double.NegativeInfinity;
        for (var t = 0; t <= last; t++)
        {
            var row = (long)t * batch + sentence;
            var largest = double.NegativeInfinity;
            var from = 0;
            if (t == 0) largest = lane < tags ? double.CreateTruncating(transitions[(long)startTag * transitionsStride + lane]) : largest;
            else
            {
                Pragma.Unroll();
                for (var i = 0; i < tags; i++)
                {
                    var other = Warp.Shuffle(score, i);
                    var sum = other + column[i];
                    // Ties go to the lowest tag.
                    from = sum > largest ? i : from;
                    largest = double.MaxNumber(largest, sum);
                }
            }
            score = largest == double.NegativeInfinity ? largest : largest + double.CreateTruncating(emissions[row * emissionsStride + lane]);
            if (lane < tags) before[row * tags + lane] = from;
        }
        var ending = lane < tags ? score + double.CreateTruncating(transitions[(long)lane * transitionsStride + endTag]) : double.NegativeInfinity;
        var best = double.MaxNumber(WarpExtensions.AllReduce<double, Max<double>>(ending), double.NegativeInfinity);
        var tag = WarpExtensions.AllReduce<int, Min<int>>(lane < tags && ending == best ? lane : WarpCrfKernels.Lanes);
        // Every score is NaN, and none the best: the caller refuses that by its -infinity.
        if (tag == WarpCrfKernels.Lanes) tag = 0;
        // What the other lanes kept is seen by the one that goes back.
        Warp.Barrier();
        if (lane > 0) return;
        scores[sentence] = best;
        for (var t = last + 1; t < steps; t++) path[(long)t * batch + sentence] = -1;
        for (var t = last; t >= 0; t--)
        {
            var row = (long)t * batch + sentence;
            path[row] = tag;
            tag = before[row * tags + tag];
        }
    }
}
