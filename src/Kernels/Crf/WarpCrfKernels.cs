using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// Forward-backward of linear-chain CRFs by one warp a sentence, a tag a lane: what <see cref="CrfKernels"/> does, with each lane's transitions at
/// hand and the vectors handed from lane to lane. For at most 32 tags, a launch-time constant that unrolls the loops over them.
/// </summary>
/// <remarks>Operands as in <see cref="CrfKernels"/>; groups of 32 lanes. A lane without a tag has -infinity.</remarks>
static partial class WarpCrfKernels
{
    public const int Lanes = 32;

    /// <summary>As <see cref="CrfKernels.Forward"/>: lane j has α_t[j] and column j of the transitions.</summary>
    [Kernel]
    public static void Forward<T>(SpecializedValue<int> tags, ArrayView<T> emissions, int emissionsStride,
        ArrayView<T> transitions, int transitionsStride, ArrayView<int> lengths, ArrayView<double> goldScores,
        ArrayView<T> result, int resultStride, ArrayView<double> alpha, int batch, int startTag, int endTag)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var lane = Warp.LaneIdx;
        var sentence = Grid.IdxX;
        var length = lengths[sentence];
        var column = LocalMemory.Allocate<double>(tags);
        var terms = LocalMemory.Allocate<double>(tags);
        Pragma.Unroll();
        for (var i = 0; i < tags; i++)
            column[i] = lane < tags ? double.CreateTruncating(transitions[(long)i * transitionsStride + lane]) : double.NegativeInfinity;
        var score = lane < tags
            ? Joined(double.CreateTruncating(transitions[(long)startTag * transitionsStride + lane]), emissions, (long)sentence * emissionsStride + lane)
            : double.NegativeInfinity;
        if (lane < tags) alpha[(long)sentence * tags + lane] = score;
        var offset = 0.0;
        for (var t = 1; t < length; t++)
        {
            var row = (long)t * batch + sentence;
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
                ? Joined(best + double.Log(sum) - largest, emissions, row * emissionsStride + lane)
                : double.NegativeInfinity;
            if (lane < tags) alpha[row * tags + lane] = score;
            offset += largest;
        }
        var ending = lane < tags ? score + double.CreateTruncating(transitions[(long)lane * transitionsStride + endTag]) : double.NegativeInfinity;
        var top = WarpExtensions.AllReduce<double, Max<double>>(ending);
        var total = WarpExtensions.AllReduce<double, Add<double>>(double.Exp(ending - Finite(top)));
        if (lane > 0) return;
        var value = offset + top + double.Log(total);
        if (goldScores.Length > 0)
        {
            // Only rounding can make a sequence likelier than all together; without any likely one, maxima have passed over NaN.
            value -= goldScores[sentence];
            if (value < 0) value = value == double.NegativeInfinity ? double.NaN : 0;
        }
        result[(long)sentence * resultStride] = T.CreateTruncating(value);
    }

    /// <summary>
    /// As <see cref="CrfKernels.Backward"/>, α left as it is: lane i has β_t[i], row i of the transitions and row i of what is expected of them.
    /// </summary>
    /// <remarks>
    /// The row of transitions is kept in shared memory, neighbouring lanes side by side so that they meet different banks: with the two other rows of 32
    /// doubles it would be more than the 255 registers of a lane.
    /// </remarks>
    [Kernel]
    public static void Backward<T>(SpecializedValue<int> tags, ArrayView<T> emissions, int emissionsStride,
        ArrayView<T> transitions, int transitionsStride, ArrayView<int> lengths, ArrayView<int> gold, ArrayView<T> weights, int weightsStride,
        ArrayView<T> output, int outputStride, ArrayView<double> expected, ArrayView<double> alpha,
        int steps, int batch, int endTag, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var lane = Warp.LaneIdx;
        var sentence = Grid.IdxX;
        var length = lengths[sentence];
        var weight = weights.Length > 0 ? double.CreateTruncating(weights[(long)sentence * weightsStride]) : 1.0;
        var transition = SharedMemory.Allocate<double>(tags * Lanes);
        var sums = LocalMemory.Allocate<double>(tags);
        var terms = LocalMemory.Allocate<double>(tags);
        Pragma.Unroll();
        for (var j = 0; j < tags; j++)
        {
            transition[j * Lanes + lane] = lane < tags ? double.CreateTruncating(transitions[(long)lane * transitionsStride + j]) : double.NegativeInfinity;
            sums[j] = 0;
        }
        var beta = lane < tags ? double.CreateTruncating(transitions[(long)lane * transitionsStride + endTag]) : double.NegativeInfinity;
        var toEnd = 0.0;
        var fromStart = 0.0;
        for (var t = length - 1; t >= 0; t--)
        {
            var row = (long)t * batch + sentence;
            var sum = 0.0;
            if (t < length - 1)
            {
                var largest = WarpExtensions.AllReduce<double, Max<double>>(beta);
                var outgoing = lane < tags ? Joined(beta - largest, emissions, (row + batch) * emissionsStride + lane) : double.NegativeInfinity;
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
            var joint = lane < tags ? alpha[row * tags + lane] + beta : double.NegativeInfinity;
            var top = WarpExtensions.AllReduce<double, Max<double>>(joint);
            var part = double.Exp(joint - Finite(top));
            var total = WarpExtensions.AllReduce<double, Add<double>>(part);
            if (lane >= tags) continue;
            var isGold = gold.Length > 0 && gold[row] == lane;
            var marginal = part / total;
            var gradient = weight * (isGold ? marginal - 1 : marginal);
            if (output.Length > 0)
            {
                var place = row * outputStride + lane;
                output[place] = accumulate ? output[place] + T.CreateTruncating(gradient) : T.CreateTruncating(gradient);
            }
            if (t == length - 1) toEnd = gradient;
            if (t == 0) fromStart = gradient;
            if (t == length - 1 || expected.Length == 0) continue;
            // Where the marginal is 0, so may the sum be.
            var share = marginal > 0 ? marginal / sum : 0;
            var goldNext = isGold ? gold[row + batch] : -1;
            Pragma.Unroll();
            for (var j = 0; j < tags; j++) sums[j] += weight * (share * terms[j] - (j == goldNext ? 1.0 : 0.0));
        }
        if (lane >= tags) return;
        if (expected.Length > 0)
        {
            var own = sentence * ((long)tags * tags + 2 * tags);
            Pragma.Unroll();
            for (var j = 0; j < tags; j++) expected[own + (long)j * tags + lane] = sums[j];
            expected[own + (long)tags * tags + lane] = fromStart;
            expected[own + (long)tags * tags + tags + lane] = toEnd;
        }
        for (var t = length; t < steps; t++)
            if (output.Length > 0 && !accumulate) output[(long)(t * batch + sentence) * outputStride + lane] = T.Zero;
    }

    // score + emission; what is forbidden stays so whatever the emission.
    static double Joined<T>(double score, ArrayView<T> emissions, long place) where T : unmanaged, IFloatingPointIeee754<T> =>
        score == double.NegativeInfinity ? score : score + double.CreateTruncating(emissions[place]);

    // The largest of the terms, or 0 where all are -infinity: what they are taken relative to.
    static double Finite(double largest) => largest == double.NegativeInfinity ? 0 : largest;
}
