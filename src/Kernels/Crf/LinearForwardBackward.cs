namespace LdNetGpu.Kernels;

/// <summary>
/// Forward-backward on scaled probabilities (Rabiner, 1989, section V.A): a matrix-vector product a step, no logarithm of a sum of
/// exponentials. Both vectors are scaled at every step, so only ratios within a step matter.
/// </summary>
static unsafe class LinearForwardBackward
{
    // e^-700 is a normal double; e^100 is left for sums over tags.
    const double Range = 600;

    /// <summary>
    /// Whether no number of the sweeps can underflow. With S the spread of the transitions and D that of a step's emissions, transition
    /// factors lie in [e^-S, 1], emission factors in [e^-D, 1]. Then scaled forward values are at least e^-(S+D)/K, backward values lie
    /// in [e^-S, e^S], and their smallest product, that of a transition's expectation, is at least e^-(3S+2D)/K². All terms are
    /// positive and normal, so every result is exact to rounding.
    /// </summary>
    public static bool IsExact(CrfTransitions transitions, CrfSentence sentence) => 3 * transitions.Spread + 2 * sentence.Spread <= Range;

    /// <summary>
    /// log Z. Leaves the forward vectors, each of sum 1, and turns the emissions into exp(emission - largest of its step).
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
        // Not TensorPrimitives.Exp, which takes a vector element by element where one of them is far from 0, as the padding's -infinity is.
        UnaryFunctions<double>.Map(Unary.Exp, factors, factors);
        new Span<double>(transitions.StartFactors, stride).CopyTo(new Span<double>(sentence.Forward, stride));
        for (var t = 0; t < length; t++)
        {
            var forward = sentence.Forward + (long)t * stride;
            if (t > 0) SmallLinearAlgebra.Multiply(forward - stride, transitions.Factors, transitions.Count, stride, forward);
            var sum = SmallLinearAlgebra.MultiplyAndSum(forward, sentence.Emissions + (long)t * stride, stride);
            SmallLinearAlgebra.Scale(forward, 1 / sum, stride);
            logPartition += Math.Log(sum);
        }
        return logPartition + Math.Log(SmallLinearAlgebra.Dot(sentence.Forward + (long)(length - 1) * stride, transitions.EndFactors, stride));
    }

    /// <summary>
    /// After <see cref="Forward"/>: turns the forward vectors into marginals. Unless it is null, adds to <paramref name="outer"/> [Count x Stride]
    /// weight · Σ_t P(y_t-1 = i, y_t = j) / <see cref="CrfTransitions.Factors"/>[i, j]: the factor is the same at every step, and left for last.
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
            if (outer != null) SmallLinearAlgebra.AddOuter(outer, weight * scale, forward - stride, outgoing, count, stride);
        }
        SmallLinearAlgebra.Multiply(forward, backward, forward, stride);
    }
}
