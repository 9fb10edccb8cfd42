using System.Numerics.Tensors;

namespace LdNetGpu.Model;

/// <summary>
/// What the CRF says of a stretch of a sentence, exactly: forward and backward scores of the whole sentence, and
/// between them a sweep over the stretch that follows the allowed steps alone.
/// </summary>
sealed class ChainProbabilities
{
    readonly ChainScores scores;

    // [n x K] log sums over all that comes up to a word and its tag, and over all that comes behind it.
    readonly double[] forward;
    readonly Lazy<double[]> backward;

    /// <param name="scores">Of one sentence.</param>
    public ChainProbabilities(ChainScores scores)
    {
        this.scores = scores;
        forward = Forward();
        var terms = new double[scores.Tags];
        for (var tag = 0; tag < terms.Length; tag++)
            terms[tag] = forward[(scores.Length - 1) * terms.Length + tag] + scores.From(tag)[scores.EndTag];
        LogPartition = LogSum(terms);
        backward = new(Backward);
    }

    /// <summary>n, the words.</summary>
    public int Length => scores.Length;

    /// <summary>log Z.</summary>
    public double LogPartition { get; }

    /// <summary>P(y_t = tag), over all tag sequences.</summary>
    /// <param name="word">t, from 0.</param>
    /// <param name="tag">Any.</param>
    public double Marginal(int word, int tag)
    {
        var place = word * scores.Tags + tag;
        return Math.Exp(forward[place] + backward.Value[place] - LogPartition);
    }

    /// <summary>
    /// The probability of all tag sequences that step into a stretch by an opening step, go on in it by continuing
    /// ones, and leave it by a closing one. A step is from a tag to the next word's, the start tag before the first and
    /// the end tag behind the last.
    /// </summary>
    /// <param name="first">The stretch's first word, from 0.</param>
    /// <param name="end">One more than its last.</param>
    /// <param name="opens">Steps onto the first word.</param>
    /// <param name="continues">Steps onto each further word.</param>
    /// <param name="closes">Steps from the last word to what follows.</param>
    /// <returns>0 to 1.</returns>
    public double Of(int first, int end, Func<int, int, bool> opens, Func<int, int, bool> continues,
        Func<int, int, bool> closes)
    {
        var count = scores.Tags;
        var before = Alone(scores.StartTag);
        if (first > 0) forward.AsSpan((first - 1) * count, count).CopyTo(before);
        var inside = Step(before, first, opens);
        for (var word = first + 1; word < end; word++) inside = Step(inside, word, continues);
        double[] after;
        if (end < scores.Length)
        {
            after = Step(inside, end, closes);
            TensorPrimitives.Add(after, backward.Value.AsSpan(end * count, count), after);
        }
        else
        {
            after = new double[count];
            for (var tag = 0; tag < count; tag++)
                after[tag] = closes(tag, scores.EndTag)
                    ? inside[tag] + scores.From(tag)[scores.EndTag] : double.NegativeInfinity;
        }
        // A sum of exponentials may come to 1 and a rounding.
        return Math.Min(1, Math.Exp(LogSum(after) - LogPartition));
    }

    double[] Forward()
    {
        var result = new double[scores.Length * scores.Tags];
        var step = Alone(scores.StartTag);
        for (var word = 0; word < scores.Length; word++)
        {
            step = Step(step, word, null);
            step.CopyTo(result, word * scores.Tags);
        }
        return result;
    }

    double[] Backward()
    {
        var count = scores.Tags;
        var result = new double[scores.Length * count];
        var terms = new double[count];
        for (var tag = 0; tag < count; tag++)
            result[(scores.Length - 1) * count + tag] = scores.From(tag)[scores.EndTag];
        var behind = new double[count];
        for (var word = scores.Length - 2; word >= 0; word--)
        {
            TensorPrimitives.Add(result.AsSpan((word + 1) * count, count), scores.Emissions(word + 1), behind);
            for (var tag = 0; tag < count; tag++)
            {
                TensorPrimitives.Add(scores.From(tag), behind, terms);
                result[word * count + tag] = LogSum(terms);
            }
        }
        return result;
    }

    // result[to] = log Σ_from exp(before[from] + transition) + emission, over the allowed steps.
    double[] Step(double[] before, int word, Func<int, int, bool>? isAllowed)
    {
        var count = scores.Tags;
        var (result, terms) = (new double[count], new double[count]);
        for (var to = 0; to < count; to++)
        {
            for (var from = 0; from < count; from++)
                terms[from] = isAllowed is null || isAllowed(from, to)
                    ? before[from] + scores.From(from)[to] : double.NegativeInfinity;
            result[to] = LogSum(terms) + scores.Emissions(word)[to];
        }
        return result;
    }

    double[] Alone(int tag)
    {
        var result = new double[scores.Tags];
        Array.Fill(result, double.NegativeInfinity);
        result[tag] = 0;
        return result;
    }

    // log Σ exp(terms), which it overwrites.
    static double LogSum(double[] terms)
    {
        var largest = TensorPrimitives.Max<double>(terms);
        if (double.IsInfinity(largest)) return largest;
        TensorPrimitives.Subtract(terms, largest, terms);
        TensorPrimitives.Exp(terms, terms);
        return largest + Math.Log(TensorPrimitives.Sum<double>(terms));
    }
}
