using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// Forward-backward of linear-chain CRFs on log probabilities in double, whatever T: exact for any scores, -infinity included. A group a sentence,
/// tags over its lanes. Vectors are kept relative to the largest element of the one before, so that long sentences lose no digits.
/// </summary>
/// <remarks>
/// Of sentence b at step t, row r = t · batch + b: α_t [K] lies at alpha[r · K]; work holds β [K], the outgoing scores e_(t+1) + β_(t+1) [K] and
/// α + β [K] of each sentence; expected holds weight · (expected - gold) transitions of each: [K x K] by to and from, then [K] from the start tag
/// and [K] to the end tag.
/// </remarks>
static partial class CrfKernels
{
    /// <summary>scores[b] = the score of b's tags; a lane a sentence.</summary>
    [Kernel]
    public static void Score<T>(Index1D sentence, ArrayView<T> emissions, int emissionsStride, ArrayView<T> transitions, int transitionsStride,
        ArrayView<int> lengths, ArrayView<int> tags, ArrayView<double> scores, int batch, int startTag, int endTag)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var score = 0.0;
        var from = startTag;
        for (var t = 0; t < lengths[sentence]; t++)
        {
            var row = t * batch + sentence;
            var to = tags[row];
            score += double.CreateTruncating(transitions[(long)from * transitionsStride + to])
                + double.CreateTruncating(emissions[(long)row.X * emissionsStride + to]);
            from = to;
        }
        scores[sentence] = score + double.CreateTruncating(transitions[(long)from * transitionsStride + endTag]);
    }

    /// <summary>output[row, 0] = values[row].</summary>
    [Kernel]
    public static void Store<T>(Index1D row, ArrayView<double> values, ArrayView<T> output, int stride) where T : unmanaged, IFloatingPointIeee754<T>
    {
        output[(long)row.X * stride] = T.CreateTruncating(values[row]);
    }

    /// <summary>
    /// α_0 = start + e_0; α_t[j] = log Σ_i exp(α_(t-1)[i] + transition[i, j]) + e_t[j]. result = log Z of each sentence, -infinity where every
    /// sequence is forbidden; with gold scores, max(0, log Z - gold).
    /// </summary>
    [Kernel]
    public static void Forward<T>(ArrayView<T> emissions, int emissionsStride, ArrayView<T> transitions, int transitionsStride, ArrayView<int> lengths,
        ArrayView<double> goldScores, ArrayView<T> result, int resultStride, ArrayView<double> alpha, int batch, int tags, int startTag, int endTag)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sentence = Grid.IdxX;
        var length = lengths[sentence];
        var offset = 0.0;
        for (var j = Group.IdxX; j < tags; j += Group.DimX)
            alpha[(long)sentence * tags + j] = Joined(double.CreateTruncating(transitions[(long)startTag * transitionsStride + j]),
                emissions, (long)sentence * emissionsStride + j);
        Group.Barrier();
        for (var t = 1; t < length; t++)
        {
            var previous = ((long)(t - 1) * batch + sentence) * tags;
            var row = (long)t * batch + sentence;
            var largest = double.NegativeInfinity;
            for (var i = 0; i < tags; i++) largest = double.MaxNumber(largest, alpha[previous + i]);
            for (var j = Group.IdxX; j < tags; j += Group.DimX)
            {
                var score = LogSum(alpha, previous, transitions, j, transitionsStride, tags);
                alpha[row * tags + j] = score == double.NegativeInfinity ? score : Joined(score - largest, emissions, row * emissionsStride + j);
            }
            offset += largest;
            Group.Barrier();
        }
        if (Group.IdxX > 0) return;
        var value = offset + LogSum(alpha, ((long)(length - 1) * batch + sentence) * tags, transitions, endTag, transitionsStride, tags);
        if (goldScores.Length > 0)
        {
            // Only rounding can make a sequence likelier than all together; without any likely one, maxima have passed over NaN.
            value -= goldScores[sentence];
            if (value < 0) value = value == double.NegativeInfinity ? double.NaN : 0;
        }
        result[(long)sentence * resultStride] = T.CreateTruncating(value);
    }

    /// <summary>
    /// After <see cref="Forward"/>, log Z finite: output, where there is one, (+)= weight · (marginal - gold), 0 where padded; expected, where it is
    /// wanted, as above. Without gold tags nothing is taken off; without weights they are 1.
    /// </summary>
    /// <remarks>
    /// β of the last step = to the end tag; β_t[i] = log Σ_j exp(transition[i, j] + e_(t+1)[j] + β_(t+1)[j]); marginal = exp(α + β), normalised.
    /// P(i at t, j at t + 1) = marginal_t[i] · exp(transition[i, j] + outgoing[j] - β_t[i]). Lane i has β_t[i] and row i of the transitions.
    /// </remarks>
    [Kernel]
    public static void Backward<T>(ArrayView<T> emissions, int emissionsStride, ArrayView<T> transitions, int transitionsStride, ArrayView<int> lengths,
        ArrayView<int> gold, ArrayView<T> weights, int weightsStride, ArrayView<T> output, int outputStride, ArrayView<double> expected,
        ArrayView<double> alpha, ArrayView<double> work, int steps, int batch, int tags, int endTag, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sentence = Grid.IdxX;
        var length = lengths[sentence];
        var weight = weights.Length > 0 ? double.CreateTruncating(weights[(long)sentence * weightsStride]) : 1.0;
        var beta = 3L * sentence * tags;
        var outgoing = beta + tags;
        var joint = outgoing + tags;
        var own = sentence * ((long)tags * tags + 2 * tags);
        if (expected.Length > 0)
            for (var i = Group.IdxX; i < tags; i += Group.DimX)
                for (var j = 0; j < tags; j++) expected[own + (long)j * tags + i] = 0;
        var last = ((long)(length - 1) * batch + sentence) * tags;
        for (var i = Group.IdxX; i < tags; i += Group.DimX)
        {
            var toEnd = double.CreateTruncating(transitions[(long)i * transitionsStride + endTag]);
            work[beta + i] = toEnd;
            work[joint + i] = alpha[last + i] + toEnd;
        }
        Marginals(alpha, last, work, joint, tags);
        if (expected.Length > 0)
            for (var i = Group.IdxX; i < tags; i += Group.DimX)
                expected[own + (long)tags * tags + tags + i] = weight * LessGold(alpha[last + i], i, gold, (long)(length - 1) * batch + sentence);
        for (var t = length - 2; t >= 0; t--)
        {
            var row = (long)t * batch + sentence;
            var after = row + batch;
            var largest = double.NegativeInfinity;
            for (var i = 0; i < tags; i++) largest = double.MaxNumber(largest, work[beta + i]);
            for (var j = Group.IdxX; j < tags; j += Group.DimX) work[outgoing + j] = Joined(work[beta + j] - largest, emissions, after * emissionsStride + j);
            Group.Barrier();
            // One loop for both: PoCL 3.1 loses the stores of a loop over lanes that another follows without a barrier between them.
            for (var i = Group.IdxX; i < tags; i += Group.DimX)
            {
                var score = LogSum(work, outgoing, transitions, (long)i * transitionsStride, 1, tags);
                work[beta + i] = score;
                work[joint + i] = alpha[row * tags + i] + score;
            }
            Marginals(alpha, row * tags, work, joint, tags);
            if (expected.Length > 0)
                for (var i = Group.IdxX; i < tags; i += Group.DimX)
                {
                    var marginal = weight * alpha[row * tags + i];
                    // Where the marginal is 0, β may be -infinity.
                    for (var j = 0; j < tags && marginal != 0; j++)
                        expected[own + (long)j * tags + i] +=
                            marginal * double.Exp(double.CreateTruncating(transitions[(long)i * transitionsStride + j]) + work[outgoing + j] - work[beta + i]);
                    if (gold.Length > 0 && gold[row] == i) expected[own + (long)gold[after] * tags + i] -= weight;
                }
            Group.Barrier();
        }
        for (var i = Group.IdxX; i < tags && expected.Length > 0; i += Group.DimX)
            expected[own + (long)tags * tags + i] = weight * LessGold(alpha[(long)sentence * tags + i], i, gold, sentence);
        for (var t = 0; t < length && output.Length > 0; t++)
            for (var k = Group.IdxX; k < tags; k += Group.DimX)
            {
                var row = (long)t * batch + sentence;
                var gradient = T.CreateTruncating(weight * LessGold(alpha[row * tags + k], k, gold, row));
                var place = row * outputStride + k;
                output[place] = accumulate ? output[place] + gradient : gradient;
            }
        for (var t = length; t < steps; t++)
            for (var k = Group.IdxX; k < tags; k += Group.DimX)
                if (output.Length > 0 && !accumulate) output[(long)(t * batch + sentence) * outputStride + k] = T.Zero;
    }

    /// <summary>gradient [K x K] += the sentences' expected, in their order; a lane an element.</summary>
    [Kernel]
    public static void AddExpected<T>(Index1D index, ArrayView<double> expected, ArrayView<T> gradient, int gradientStride,
        int batch, int tags, int startTag, int endTag)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var from = index / tags;
        var to = index - from * tags;
        var size = (long)tags * tags + 2 * tags;
        var sum = 0.0;
        for (var sentence = 0; sentence < batch; sentence++)
        {
            var own = sentence * size;
            sum += expected[own + (long)to.X * tags + from];
            if (from == startTag) sum += expected[own + (long)tags * tags + to];
            if (to == endTag) sum += expected[own + (long)tags * tags + tags + from];
        }
        var place = (long)from.X * gradientStride + to;
        gradient[place] = gradient[place] + T.CreateTruncating(sum);
    }

    // Turns α of one step into its marginals, exp(α + β) normalised; every lane has put its α + β.
    static void Marginals(ArrayView<double> alpha, long here, ArrayView<double> work, long joint, int tags)
    {
        Group.Barrier();
        var largest = double.NegativeInfinity;
        for (var i = 0; i < tags; i++) largest = double.MaxNumber(largest, work[joint + i]);
        var sum = 0.0;
        for (var i = 0; i < tags; i++) sum += double.Exp(work[joint + i] - largest);
        for (var i = Group.IdxX; i < tags; i += Group.DimX) alpha[here + i] = double.Exp(work[joint + i] - largest) / sum;
        Group.Barrier();
    }

    // A marginal, less 1 for the gold tag.
    static double LessGold(double marginal, int tag, ArrayView<int> gold, long row) => gold.Length > 0 && gold[row] == tag ? marginal - 1 : marginal;

    // log Σ_i exp(vector[i] + scores[first + i · step]).
    static double LogSum<T>(ArrayView<double> vector, long start, ArrayView<T> scores, long first, int step, int tags)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var largest = double.NegativeInfinity;
        for (var i = 0; i < tags; i++) largest = double.MaxNumber(largest, vector[start + i] + double.CreateTruncating(scores[first + (long)i * step]));
        if (largest == double.NegativeInfinity) return largest;
        var sum = 0.0;
        for (var i = 0; i < tags; i++) sum += double.Exp(vector[start + i] + double.CreateTruncating(scores[first + (long)i * step]) - largest);
        return largest + double.Log(sum);
    }

    // score + emission; what is forbidden stays so whatever the emission.
    static double Joined<T>(double score, ArrayView<T> emissions, long place) where T : unmanaged, IFloatingPointIeee754<T> =>
        score == double.NegativeInfinity ? score : score + double.CreateTruncating(emissions[place]);
}
