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
    [Kernel]
    public static void Forward<T>(SpecializedValue<int> tags, CrfOperands<T> crf, ArrayView<double> goldScores,
        Matrix<T> result, Matrix<double> alpha)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var lane = Warp.LaneIdx;
        var sentence = Grid.IdxX;
        var last = (crf.Lengths[sentence] - 1) * crf.Batch + sentence;
        var column = LocalMemory.Allocate<double>(tags);
        var terms = LocalMemory.Allocate<double>(tags);
        Pragma.Unroll();
        for (var i = 0; i < tags; i++) column[i] = lane < tags ? crf.Transition(i, lane) : double.NegativeInfinity;
        var score = lane < tags
            ? crf.Joined(crf.Transition(crf.StartTag, lane), sentence, lane) : double.NegativeInfinity;
        if (lane < tags) alpha[sentence, lane] = score;
        var offset = 0.0;
        for (var row = sentence + crf.Batch; row <= last; row += crf.Batch)
        {
            var largest = WarpExtensions.AllReduce<double, Max<double>>(score);
            var best = double.NegativeInfinity;
            Pragma.Unroll();
            for (var i = 0; i < tags; i++)
            {
                var other = Warp.Shuffle(score, i);
                terms[i] = other + column[i];
                best = double.MaxNumber(best, terms[i]);
            }
            var sum = 0.0;
            Pragma.Unroll();
            for (var i = 0; i < tags; i++) sum += double.Exp(terms[i] - Finite(best));
            score = lane < tags && best != double.NegativeInfinity
                ? crf.Joined(best + double.Log(sum) - largest, row, lane) : double.NegativeInfinity;
            if (lane < tags) alpha[row, lane] = score;
            offset += largest;
        }
        var ending = lane < tags ? score + crf.Transition(lane, crf.EndTag) : double.NegativeInfinity;
        var top = WarpExtensions.AllReduce<double, Max<double>>(ending);
        var total = WarpExtensions.AllReduce<double, Add<double>>(double.Exp(ending - Finite(top)));
        if (lane > 0) return;
        var value = offset + top + double.Log(total);
        if (goldScores.Length > 0)
        {
            // Only rounding can make a sequence likelier than all together; without any likely one, maxima have passed
            // over NaN.
            value -= goldScores[sentence];
            if (value < 0) value = value == double.NegativeInfinity ? double.NaN : 0.0;
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
    [Kernel]
    public static void Backward<T>(SpecializedValue<int> tags, CrfOperands<T> crf, ArrayView<int> gold,
        Matrix<T> weights, Matrix<T> output, Matrix<double> expected, Matrix<double> alpha, Flag accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var lane = Warp.LaneIdx;
        var sentence = Grid.IdxX;
        var last = (crf.Lengths[sentence] - 1) * crf.Batch + sentence;
        var weight = weights.IsPresent ? double.CreateTruncating(weights[sentence, 0]) : 1.0;
        var transition = SharedMemory.Allocate<double>(tags * Lanes);
        var sums = LocalMemory.Allocate<double>(tags);
        var terms = LocalMemory.Allocate<double>(tags);
        Pragma.Unroll();
        for (var j = 0; j < tags; j++)
        {
            transition[j * Lanes + lane] = lane < tags ? crf.Transition(lane, j) : double.NegativeInfinity;
            sums[j] = 0;
        }
        var beta = lane < tags ? crf.Transition(lane, crf.EndTag) : double.NegativeInfinity;
        var toEnd = 0.0;
        var fromStart = 0.0;
        for (var row = last; row >= 0; row -= crf.Batch)
        {
            var sum = 0.0;
            if (row < last)
            {
                var largest = WarpExtensions.AllReduce<double, Max<double>>(beta);
                var outgoing = lane < tags
                    ? crf.Joined(beta - largest, row + crf.Batch, lane) : double.NegativeInfinity;
                var best = double.NegativeInfinity;
                Pragma.Unroll();
                for (var j = 0; j < tags; j++)
                {
                    var other = Warp.Shuffle(outgoing, j);
                    terms[j] = transition[j * Lanes + lane] + other;
                    best = double.MaxNumber(best, terms[j]);
                }
                Pragma.Unroll();
                for (var j = 0; j < tags; j++)
                {
                    terms[j] = double.Exp(terms[j] - Finite(best));
                    sum += terms[j];
                }
                beta = best + double.Log(sum);
            }
            var joint = lane < tags ? alpha[row, lane] + beta : double.NegativeInfinity;
            var top = WarpExtensions.AllReduce<double, Max<double>>(joint);
            var part = double.Exp(joint - Finite(top));
            var total = WarpExtensions.AllReduce<double, Add<double>>(part);
            if (lane >= tags) continue;
            var isGold = gold.Length > 0 && gold[row] == lane;
            var marginal = part / total;
            var gradient = weight * (isGold ? marginal - 1 : marginal);
            if (output.IsPresent)
                output[row, lane] = accumulate
                    ? output[row, lane] + T.CreateTruncating(gradient) : T.CreateTruncating(gradient);
            if (row == last) toEnd = gradient;
            if (row == sentence) fromStart = gradient;
            if (row == last || !expected.IsPresent) continue;
            // Where the marginal is 0, so may the sum be.
            var share = marginal > 0 ? marginal / sum : 0.0;
            var goldNext = isGold ? gold[row + crf.Batch] : -1;
            Pragma.Unroll();
            for (var j = 0; j < tags; j++) sums[j] += weight * (share * terms[j] - (j == goldNext ? 1.0 : 0.0));
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
    static double Finite(double largest) => largest == double.NegativeInfinity ? 0.0 : largest;
}
