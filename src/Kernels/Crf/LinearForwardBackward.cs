using LdNetGpu.Kernels.Elementwise;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// Forward-backward on scaled probabilities (Rabiner, 1989, section V.A): a matrix-vector product a step, no logarithm
/// of a sum of exponentials. Both vectors are scaled at every step, so only ratios within a step matter.
/// </summary>
static unsafe class LinearForwardBackward
{
    // e^-700 is a normal double; e^100 is left for sums over tags.
    const double Range = 600;

    /// <summary>
    /// Whether no number of the sweeps can underflow that is not exactly 0, that of a forbidden sequence. With S the
    /// spread of the transitions and D that of a step's emissions, factors of transitions lie in [e^-S, 1] or are 0,
    /// those of emissions in [e^-D, 1]. Within r transitions, r being <see cref="CrfTransitions.Reach"/>, every tag is
    /// reached from the likeliest one, so scaled forward values are 0 (only in the first r steps) or at least
    /// e^-r(S+D)/K^r, backward values 0 or in [e^-r(S+D)/K^r, e^2r(S+D)·K^2r], and their smallest product, that of a
    /// transition's expectation, at least e^-(2r+1)(S+D)/K^2r. All terms are positive and normal, so every result is
    /// exact to rounding.
    /// </summary>
    public static bool IsExact(CrfTransitions transitions, CrfSentence sentence) =>
        transitions.Reach > 0 && (2 * transitions.Reach + 1) * (transitions.Spread + sentence.Spread) <= Range;

    /// <summary>
    /// log Z. Leaves the forward vectors, each of sum 1, and turns the emissions into exp(emission - largest of its
    /// step).
    /// </summary>
    public static double Forward(CrfTransitions transitions, CrfSentence sentence)
    {
        var (length, stride) = (sentence.Length, sentence.Stride);
        var logPartition = transitions.LargestStart + (length - 1) * transitions.Largest + transitions.LargestEnd;
        for (var t = 0; t < length; t++)
        {
            SmallLinearAlgebra.Subtract(sentence.Emissions + (long)t * stride, sentence.Largest[t], stride);
            logPartition += sentence.Largest[t];
        }
        var factors = new Span<double>(sentence.Emissions, checked(length * stride));
        // Not TensorPrimitives.Exp, which takes a vector element by element where one of them is far from 0, as the
        // padding's -infinity is.
        UnaryFunctions<double>.Map(Unary.Exp, factors, factors);
        new Span<double>(transitions.StartFactors, stride).CopyTo(new Span<double>(sentence.Forward, stride));
        for (var t = 0; t < length; t++)
        {
            var forward = sentence.Forward + (long)t * stride;
            if (t > 0)
                SmallLinearAlgebra.Multiply(forward - stride, transitions.Factors, transitions.Count, stride, forward);
            var sum = SmallLinearAlgebra.MultiplyAndSum(forward, sentence.Emissions + (long)t * stride, stride);
            SmallLinearAlgebra.Scale(forward, 1 / sum, stride);
            logPartition += Math.Log(sum);
        }
        return logPartition
            + Math.Log(
                SmallLinearAlgebra.Dot(sentence.Forward + (long)(length - 1) * stride, transitions.EndFactors, stride));
    }

    /// <summary>
    /// After <see cref="Forward"/>: turns the forward vectors into marginals. Unless it is null, adds to
    /// <paramref name="outer"/> [Count x Stride] weight · Σ_t P(y_t-1 = i, y_t = j) /
    /// <see cref="CrfTransitions.Factors"/>[i, j]: the factor is the same at every step, and left for last.
    /// </summary>
    public static void Backward(CrfTransitions transitions, CrfSentence sentence, double weight, double* outer)
    {
        var (count, stride) = (transitions.Count, sentence.Stride);
        double* backward = sentence.Backward, outgoing = sentence.Outgoing;
        var forward = sentence.Forward + (long)(sentence.Length - 1) * stride;
        new Span<double>(transitions.EndFactors, stride).CopyTo(new Span<double>(backward, stride));
        SmallLinearAlgebra.Scale(backward, 1 / SmallLinearAlgebra.Dot(forward, backward, stride), stride);
        for (var t = sentence.Length - 1; t > 0; t--, forward -= stride)
        {
            SmallLinearAlgebra.Multiply(forward, backward, forward, stride);
            SmallLinearAlgebra.Multiply(backward, sentence.Emissions + (long)t * stride, outgoing, stride);
            SmallLinearAlgebra.Multiply(outgoing, transitions.FactorsTransposed, count, stride, backward);
            var scale = 1 / SmallLinearAlgebra.Dot(forward - stride, backward, stride);
            SmallLinearAlgebra.Scale(backward, scale, stride);
            if (outer != null)
                SmallLinearAlgebra.AddOuter(outer, weight * scale, forward - stride, outgoing, count, stride);
        }
        SmallLinearAlgebra.Multiply(forward, backward, forward, stride);
    }
}
