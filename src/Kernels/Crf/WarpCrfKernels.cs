using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// Forward-backward of linear-chain CRFs by one warp a sentence, a tag a lane: what <see cref="CrfKernels"/> does, with
/// each lane's transitions at hand and the vectors handed from lane to lane. For at most 32 tags, a launch-time
/// constant that unrolls the loops over them.
/// </summary>
/// <remarks>Operands as in <see cref="CrfKernels"/>; groups of 32 lanes. A lane without a tag has -infinity.</remarks>
static partial class WarpCrfKernels
{
    public const int Lanes = 32;

    /// <summary>As <see cref="CrfKernels.Forward"/>: lane j has α_t[j] and column j of the transitions.</summary>
    [Kernel, Instance(typeof(float), typeof(double)), Instance(typeof(double), typeof(double))]
    public static void Forward<T, TScore>(SpecializedValue<int> tags, CrfOperands<T, TScore> crf,
        ArrayView<TScore> goldScores, Matrix<T> result, Matrix<TScore> alpha)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        var lane = Warp.LaneIdx;
        var sentence = Grid.IdxX;
        var last = (crf.Lengths[sentence] - 1) * crf.Batch + sentence;
        var column = LocalMemory.Allocate<TScore>(tags);
        var terms = LocalMemory.Allocate<TScore>(tags);
        Pragma.Unroll();
        for (var i = 0; i < tags; i++) column[i] = lane < tags ? crf.Transition(i, lane) : TScore.NegativeInfinity;
        var score = lane < tags
            ? crf.Joined(crf.Transition(crf.StartTag, lane), sentence, lane) : TScore.NegativeInfinity;
        if (lane < tags) alpha[sentence, lane] = score;
        var offset = TScore.Zero;
        for (var row = sentence + crf.Batch; row <= last; row += crf.Batch)
        {
            var largest = WarpExtensions.AllReduce<TScore, Max<TScore>>(score);
            var best = TScore.NegativeInfinity;
            Pragma.Unroll();
            for (var i = 0; i < tags; i++)
            {
                var other = Warp.Shuffle(score, i);
                terms[i] = other + column[i];
                best = TScore.MaxNumber(best, terms[i]);
            }
            var sum = TScore.Zero;
            Pragma.Unroll();
            for (var i = 0; i < tags; i++) sum += TScore.Exp(terms[i] - Finite(best));
            score = lane < tags && best != TScore.NegativeInfinity
                ? crf.Joined(best + TScore.Log(sum) - largest, row, lane) : TScore.NegativeInfinity;
            if (lane < tags) alpha[row, lane] = score;
            offset += largest;
        }
        var ending = lane < tags ? score + crf.Transition(lane, crf.EndTag) : TScore.NegativeInfinity;
        var top = WarpExtensions.AllReduce<TScore, Max<TScore>>(ending);
        var total = WarpExtensions.AllReduce<TScore, Add<TScore>>(TScore.Exp(ending - Finite(top)));
        if (lane > 0) return;
        var value = offset + top + TScore.Log(total);
        if (goldScores.Length > 0)
        {
            // Only rounding can make a sequence likelier than all together; without any likely one, maxima have passed
            // over NaN.
            value -= goldScores[sentence];
            if (value < TScore.Zero) value = value == TScore.NegativeInfinity ? TScore.NaN : TScore.Zero;
        }
        result[sentence, 0] = T.CreateTruncating(value);
    }

    /// <summary>
    /// As <see cref="CrfKernels.Backward"/>, α left as it is: lane i has β_t[i], row i of the transitions and row i of
    /// what is expected of them.
    /// </summary>
    /// <remarks>
    /// The row of transitions is kept in shared memory, neighbouring lanes side by side so that they meet different
    /// banks: with the two other rows of 32 doubles it would be more than the 255 registers of a lane.
    /// </remarks>
    [Kernel, Instance(typeof(float), typeof(double)), Instance(typeof(double), typeof(double))]
    public static void Backward<T, TScore>(SpecializedValue<int> tags, CrfOperands<T, TScore> crf, ArrayView<int> gold,
        Matrix<T> weights, Matrix<T> output, Matrix<TScore> expected, Matrix<TScore> alpha, Flag accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        var lane = Warp.LaneIdx;
        var sentence = Grid.IdxX;
        var last = (crf.Lengths[sentence] - 1) * crf.Batch + sentence;
        var weight = weights.IsPresent ? TScore.CreateTruncating(weights[sentence, 0]) : TScore.One;
        var transition = SharedMemory.Allocate<TScore>(tags * Lanes);
        var sums = LocalMemory.Allocate<TScore>(tags);
        var terms = LocalMemory.Allocate<TScore>(tags);
        Pragma.Unroll();
        for (var j = 0; j < tags; j++)
        {
            transition[j * Lanes + lane] = lane < tags ? crf.Transition(lane, j) : TScore.NegativeInfinity;
            sums[j] = TScore.Zero;
        }
        var beta = lane < tags ? crf.Transition(lane, crf.EndTag) : TScore.NegativeInfinity;
        var toEnd = TScore.Zero;
        var fromStart = TScore.Zero;
        for (var row = last; row >= 0; row -= crf.Batch)
        {
            var sum = TScore.Zero;
            if (row < last)
            {
                var largest = WarpExtensions.AllReduce<TScore, Max<TScore>>(beta);
                var outgoing = lane < tags
                    ? crf.Joined(beta - largest, row + crf.Batch, lane) : TScore.NegativeInfinity;
                var best = TScore.NegativeInfinity;
                Pragma.Unroll();
                for (var j = 0; j < tags; j++)
                {
                    var other = Warp.Shuffle(outgoing, j);
                    terms[j] = transition[j * Lanes + lane] + other;
                    best = TScore.MaxNumber(best, terms[j]);
                }
                Pragma.Unroll();
                for (var j = 0; j < tags; j++)
                {
                    terms[j] = TScore.Exp(terms[j] - Finite(best));
                    sum += terms[j];
                }
                beta = best + TScore.Log(sum);
            }
            var joint = lane < tags ? alpha[row, lane] + beta : TScore.NegativeInfinity;
            var top = WarpExtensions.AllReduce<TScore, Max<TScore>>(joint);
            var part = TScore.Exp(joint - Finite(top));
            var total = WarpExtensions.AllReduce<TScore, Add<TScore>>(part);
            if (lane >= tags) continue;
            var isGold = gold.Length > 0 && gold[row] == lane;
            var marginal = part / total;
            var gradient = weight * (isGold ? marginal - TScore.One : marginal);
            if (output.IsPresent)
                output[row, lane] = accumulate
                    ? output[row, lane] + T.CreateTruncating(gradient) : T.CreateTruncating(gradient);
            if (row == last) toEnd = gradient;
            if (row == sentence) fromStart = gradient;
            if (row == last || !expected.IsPresent) continue;
            // Where the marginal is 0, so may the sum be.
            var share = marginal > TScore.Zero ? marginal / sum : TScore.Zero;
            var goldNext = isGold ? gold[row + crf.Batch] : -1;
            Pragma.Unroll();
            for (var j = 0; j < tags; j++)
                sums[j] += weight * (share * terms[j] - (j == goldNext ? TScore.One : TScore.Zero));
        }
        if (lane >= tags) return;
        if (expected.IsPresent)
        {
            var own = sentence * (tags + 2);
            Pragma.Unroll();
            for (var j = 0; j < tags; j++) expected[own + j, lane] = sums[j];
            expected[own + tags, lane] = fromStart;
            expected[own + tags + 1, lane] = toEnd;
        }
        for (var row = last + crf.Batch; row < crf.Steps * crf.Batch && output.IsPresent
            && !accumulate; row += crf.Batch) output[row, lane] = T.Zero;
    }

    // The largest of the terms, or 0 where all are -infinity: what they are taken relative to.
    static TScore Finite<TScore>(TScore largest)
        where TScore : unmanaged, IFloatingPointIeee754<TScore> =>
        largest == TScore.NegativeInfinity ? TScore.Zero : largest;
}
