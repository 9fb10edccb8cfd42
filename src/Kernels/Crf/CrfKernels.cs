using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// Forward-backward of linear-chain CRFs on log probabilities in TScore, double for floats: exact for any scores,
/// -infinity included. A group a sentence, tags over its lanes. Vectors are kept relative to the largest element of the
/// one before, so that long sentences lose no digits.
/// </summary>
/// <remarks>
/// alpha [T·B x K] holds α_t; work [3·B x K] holds, a sentence after the other, β, the outgoing scores e_(t+1) +
/// β_(t+1) and α + β; expected [(K + 2)·B x K] holds weight · (expected - gold) transitions of each: K rows by to and
/// from, then one from the start tag and one to the end tag. None has gaps.
/// </remarks>
static partial class CrfKernels
{
    /// <summary>scores[b] = the score of b's tags; a lane a sentence.</summary>
    [Kernel, Instance(typeof(float), typeof(double)), Instance(typeof(double), typeof(double))]
    public static void Score<T, TScore>(Index1D sentence, CrfOperands<T, TScore> crf, ArrayView<int> tags,
        ArrayView<TScore> scores)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        var score = TScore.Zero;
        var from = crf.StartTag;
        for (var t = 0; t < crf.Lengths[sentence]; t++)
        {
            var row = t * crf.Batch + sentence;
            var to = tags[row];
            score += crf.Transition(from, to) + crf.Emission(row, to);
            from = to;
        }
        scores[sentence] = score + crf.Transition(from, crf.EndTag);
    }

    /// <summary>output[row, 0] = values[row].</summary>
    [Kernel, Instance(typeof(float), typeof(double)), Instance(typeof(double), typeof(double))]
    public static void Store<T, TScore>(Index1D row, ArrayView<TScore> values, Matrix<T> output)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        output[row, 0] = T.CreateTruncating(values[row]);
    }

    /// <summary>
    /// α_0 = start + e_0; α_t[j] = log Σ_i exp(α_(t-1)[i] + transition[i, j]) + e_t[j]. result = log Z of each
    /// sentence, -infinity where every sequence is forbidden; with gold scores, max(0, log Z - gold).
    /// </summary>
    [Kernel, Instance(typeof(float), typeof(double)), Instance(typeof(double), typeof(double))]
    public static void Forward<T, TScore>(CrfOperands<T, TScore> crf, ArrayView<TScore> goldScores, Matrix<T> result,
        Matrix<TScore> alpha)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        var sentence = Grid.IdxX;
        var last = (crf.Lengths[sentence] - 1) * crf.Batch + sentence;
        var offset = TScore.Zero;
        for (var j = Group.IdxX; j < crf.Tags; j += Group.DimX)
            alpha[sentence, j] = crf.Joined(crf.Transition(crf.StartTag, j), sentence, j);
        Group.Barrier();
        for (var row = sentence + crf.Batch; row <= last; row += crf.Batch)
        {
            var previous = row - crf.Batch;
            var largest = Largest(alpha, previous, crf.Tags);
            for (var j = Group.IdxX; j < crf.Tags; j += Group.DimX)
            {
                var score = LogSum(crf, alpha, previous, j, isTo: true);
                alpha[row, j] = score == TScore.NegativeInfinity ? score : crf.Joined(score - largest, row, j);
            }
            offset += largest;
            Group.Barrier();
        }
        if (Group.IdxX > 0) return;
        var value = offset + LogSum(crf, alpha, last, crf.EndTag, isTo: true);
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
    /// After <see cref="Forward"/>, log Z finite: output, where there is one, (+)= weight · (marginal - gold), 0 where
    /// padded; expected, where it is wanted, as above. Without gold tags nothing is taken off; without weights they are
    /// 1.
    /// </summary>
    /// <remarks>
    /// β of the last step = to the end tag; β_t[i] = log Σ_j exp(transition[i, j] + e_(t+1)[j] + β_(t+1)[j]); marginal
    /// = exp(α + β), normalised. P(i at t, j at t + 1) = marginal_t[i] · exp(transition[i, j] + outgoing[j] - β_t[i]).
    /// Lane i has β_t[i] and row i of the transitions.
    /// </remarks>
    [Kernel, Instance(typeof(float), typeof(double)), Instance(typeof(double), typeof(double))]
    public static void Backward<T, TScore>(CrfOperands<T, TScore> crf, ArrayView<int> gold, Matrix<T> weights,
        Matrix<T> output, Matrix<TScore> expected, Matrix<TScore> alpha, Matrix<TScore> work, Flag accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        var sentence = Grid.IdxX;
        var last = (crf.Lengths[sentence] - 1) * crf.Batch + sentence;
        var weight = weights.IsPresent ? TScore.CreateTruncating(weights[sentence, 0]) : TScore.One;
        var beta = 3 * sentence;
        var outgoing = beta + 1;
        var joint = beta + 2;
        var own = sentence * (crf.Tags + 2);
        if (expected.IsPresent)
            for (var i = Group.IdxX; i < crf.Tags; i += Group.DimX)
                for (var j = 0; j < crf.Tags; j++) expected[own + j, i] = TScore.Zero;
        for (var i = Group.IdxX; i < crf.Tags; i += Group.DimX)
        {
            var toEnd = crf.Transition(i, crf.EndTag);
            work[beta, i] = toEnd;
            work[joint, i] = alpha[last, i] + toEnd;
        }
        Marginals(alpha, last, work, joint, crf.Tags);
        if (expected.IsPresent)
            for (var i = Group.IdxX; i < crf.Tags; i += Group.DimX)
                expected[own + crf.Tags + 1, i] = weight * LessGold(alpha[last, i], i, gold, last);
        for (var row = last - crf.Batch; row >= 0; row -= crf.Batch)
        {
            var after = row + crf.Batch;
            var largest = Largest(work, beta, crf.Tags);
            for (var j = Group.IdxX; j < crf.Tags; j += Group.DimX)
                work[outgoing, j] = crf.Joined(work[beta, j] - largest, after, j);
            Group.Barrier();
            // One loop for both: PoCL 3.1 loses the stores of a loop over lanes that another follows without a barrier
            // between them.
            for (var i = Group.IdxX; i < crf.Tags; i += Group.DimX)
            {
                var score = LogSum(crf, work, outgoing, i, isTo: false);
                work[beta, i] = score;
                work[joint, i] = alpha[row, i] + score;
            }
            Marginals(alpha, row, work, joint, crf.Tags);
            if (expected.IsPresent)
                for (var i = Group.IdxX; i < crf.Tags; i += Group.DimX)
                {
                    var marginal = weight * alpha[row, i];
                    // Where the marginal is 0, β may be -infinity.
                    for (var j = 0; j < crf.Tags && marginal != TScore.Zero; j++)
                        expected[own + j, i] += marginal
                            * TScore.Exp(crf.Transition(i, j) + work[outgoing, j] - work[beta, i]);
                    if (gold.Length > 0 && gold[row] == i) expected[own + gold[after], i] -= weight;
                }
            Group.Barrier();
        }
        for (var i = Group.IdxX; i < crf.Tags && expected.IsPresent; i += Group.DimX)
            expected[own + crf.Tags, i] = weight * LessGold(alpha[sentence, i], i, gold, sentence);
        for (var row = sentence; row <= last && output.IsPresent; row += crf.Batch)
            for (var k = Group.IdxX; k < crf.Tags; k += Group.DimX)
            {
                var gradient = T.CreateTruncating(weight * LessGold(alpha[row, k], k, gold, row));
                output[row, k] = accumulate ? output[row, k] + gradient : gradient;
            }
        for (var row = last + crf.Batch; row < crf.Steps * crf.Batch && output.IsPresent
            && !accumulate; row += crf.Batch)
            for (var k = Group.IdxX; k < crf.Tags; k += Group.DimX) output[row, k] = T.Zero;
    }

    /// <summary>gradient [K x K] += the sentences' expected, in their order; a lane an element.</summary>
    [Kernel, Instance(typeof(float), typeof(double)), Instance(typeof(double), typeof(double))]
    public static void AddExpected<T, TScore>(Index1D index, CrfOperands<T, TScore> crf, Matrix<TScore> expected,
        Matrix<T> gradient)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        var (from, to) = Elements.At(index, crf.Tags);
        var sum = TScore.Zero;
        for (var sentence = 0; sentence < crf.Batch; sentence++)
        {
            var own = sentence * (crf.Tags + 2);
            sum += expected[own + to, from];
            if (from == crf.StartTag) sum += expected[own + crf.Tags, to];
            if (to == crf.EndTag) sum += expected[own + crf.Tags + 1, from];
        }
        gradient[from, to] += T.CreateTruncating(sum);
    }

    // Turns α of one step into its marginals, exp(α + β) normalised; every lane has put its α + β.
    static void Marginals<TScore>(Matrix<TScore> alpha, int row, Matrix<TScore> work, int joint, int tags)
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        Group.Barrier();
        var largest = Largest(work, joint, tags);
        var sum = TScore.Zero;
        for (var i = 0; i < tags; i++) sum += TScore.Exp(work[joint, i] - largest);
        for (var i = Group.IdxX; i < tags; i += Group.DimX) alpha[row, i] = TScore.Exp(work[joint, i] - largest) / sum;
        Group.Barrier();
    }

    // A marginal, less 1 for the gold tag.
    static TScore LessGold<TScore>(TScore marginal, int tag, ArrayView<int> gold, int row)
        where TScore : unmanaged, IFloatingPointIeee754<TScore> =>
        gold.Length > 0 && gold[row] == tag ? marginal - TScore.One : marginal;

    static TScore Largest<TScore>(Matrix<TScore> vectors, int row, int tags)
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        var largest = TScore.NegativeInfinity;
        for (var i = 0; i < tags; i++) largest = TScore.MaxNumber(largest, vectors[row, i]);
        return largest;
    }

    // log Σ_i exp(vectors[row, i] + transition), from tag i to this one, or from this one to i.
    static TScore LogSum<T, TScore>(CrfOperands<T, TScore> crf, Matrix<TScore> vectors, int row, int tag, bool isTo)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TScore : unmanaged, IFloatingPointIeee754<TScore>
    {
        var largest = TScore.NegativeInfinity;
        for (var i = 0; i < crf.Tags; i++)
            largest = TScore.MaxNumber(largest, vectors[row, i] + Between(crf, i, tag, isTo));
        if (largest == TScore.NegativeInfinity) return largest;
        var sum = TScore.Zero;
        for (var i = 0; i < crf.Tags; i++) sum += TScore.Exp(vectors[row, i] + Between(crf, i, tag, isTo) - largest);
        return largest + TScore.Log(sum);
    }

    static TScore Between<T, TScore>(CrfOperands<T, TScore> crf, int other, int tag, bool isTo)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TScore : unmanaged, IFloatingPointIeee754<TScore> =>
        crf.Transition(isTo ? other : tag, isTo ? tag : other);
}
