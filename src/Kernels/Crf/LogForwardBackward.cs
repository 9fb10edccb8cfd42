using System.Numerics.Tensors;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// Forward-backward on log probabilities: slower than <see cref="LinearForwardBackward"/>, exact for any scores,
/// -infinity included. Vectors are normalised at every step, so that long sentences lose no digits.
/// </summary>
static unsafe class LogForwardBackward
{
    /// <summary>
    /// log Z; -infinity where every sequence is forbidden. Leaves the normalised log forward vectors.
    /// </summary>
    public static double Forward(CrfTransitions transitions, CrfSentence sentence)
    {
        var (count, stride) = (transitions.Count, sentence.Stride);
        double logPartition = 0;
        for (var t = 0; t < sentence.Length; t++)
        {
            var forward = new Span<double>(sentence.Forward + (long)t * stride, count);
            var emissions = new Span<double>(sentence.Emissions + (long)t * stride, count);
            if (t == 0) new Span<double>(transitions.StartScores, count).CopyTo(forward);
            else
                Step(transitions.ScoresTransposed, new Span<double>(sentence.Forward + (long)(t - 1) * stride, count),
                    sentence, forward);
            var norm = LogSumOfProducts(forward, emissions, sentence);
            if (double.IsNegativeInfinity(norm)) return norm;
            TensorPrimitives.Add(forward, emissions, forward);
            TensorPrimitives.Subtract(forward, norm, forward);
            logPartition += norm;
        }
        var last = new Span<double>(sentence.Forward + (long)(sentence.Length - 1) * stride, count);
        return logPartition + LogSumOfProducts(last, new Span<double>(transitions.EndScores, count), sentence);
    }

    /// <summary>
    /// After a <see cref="Forward"/> that was finite: turns the forward vectors into marginals and, unless it is null,
    /// adds weight · Σ_t P(y_t-1 = i, y_t = j) to <paramref name="expected"/> [Count x Stride].
    /// </summary>
    public static void Backward(CrfTransitions transitions, CrfSentence sentence, double weight, double* expected)
    {
        var (count, stride) = (transitions.Count, sentence.Stride);
        var backward = new Span<double>(sentence.Backward, count);
        var outgoing = new Span<double>(sentence.Outgoing, count);
        new Span<double>(transitions.EndScores, count).CopyTo(backward);
        for (var t = sentence.Length - 1; t >= 0; t--)
        {
            var forward = new Span<double>(sentence.Forward + (long)t * stride, count);
            var norm = LogSumOfProducts(forward, backward, sentence);
            TensorPrimitives.Subtract(backward, norm, backward);
            if (expected != null && t < sentence.Length - 1)
                AddExpected(transitions, forward, norm, weight, sentence, expected);
            TensorPrimitives.Add(forward, backward, forward);
            TensorPrimitives.Exp(forward, forward);
            if (t == 0) break;
            TensorPrimitives.Add(backward, new Span<double>(sentence.Emissions + (long)t * stride, count), outgoing);
            Step(transitions.Scores, outgoing, sentence, backward);
        }
    }

    // result[j] = log Σ_i exp(vector[i] + scores[j, i])
    static void Step(double* scores, ReadOnlySpan<double> vector, CrfSentence sentence, Span<double> result)
    {
        for (var j = 0; j < result.Length; j++)
            result[j] = LogSumOfProducts(vector, new Span<double>(scores + j * sentence.Stride, vector.Length),
                sentence);
    }

    // Adds weight · exp(forward[i] + scores[i, j] + outgoing[j] - norm).
    static void AddExpected(CrfTransitions transitions, ReadOnlySpan<double> forward, double norm, double weight,
        CrfSentence sentence, double* expected)
    {
        var terms = new Span<double>(sentence.Terms, forward.Length);
        var outgoing = new Span<double>(sentence.Outgoing, forward.Length);
        for (var i = 0; i < forward.Length; i++)
        {
            TensorPrimitives.Add(new Span<double>(transitions.Scores + i * sentence.Stride, forward.Length), outgoing,
                terms);
            TensorPrimitives.Add(terms, forward[i] - norm, terms);
            TensorPrimitives.Exp(terms, terms);
            var row = new Span<double>(expected + i * sentence.Stride, forward.Length);
            TensorPrimitives.MultiplyAdd(terms, weight, row, row);
        }
    }

    // log Σ exp(x + y)
    static double LogSumOfProducts(ReadOnlySpan<double> x, ReadOnlySpan<double> y, CrfSentence sentence)
    {
        var terms = new Span<double>(sentence.Terms, x.Length);
        TensorPrimitives.Add(x, y, terms);
        return LogSum(terms);
    }

    // log Σ exp(terms), which it overwrites.
    static double LogSum(Span<double> terms)
    {
        var largest = TensorPrimitives.Max<double>(terms);
        if (double.IsNegativeInfinity(largest)) return largest;
        TensorPrimitives.Subtract(terms, largest, terms);
        TensorPrimitives.Exp(terms, terms);
        return largest + Math.Log(TensorPrimitives.Sum<double>(terms));
    }
}
