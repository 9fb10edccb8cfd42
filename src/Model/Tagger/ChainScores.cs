using System.Numerics.Tensors;

namespace LdNetGpu.Model;

/// <summary>
/// A sentence's scores under the CRF, on the host and in double: what is asked of one sentence and not of a batch. The
/// score of tags y_1..y_n is sum_t emissions[t, y_t] + transitions[y_{t-1}, y_t], between a start and an end tag.
/// </summary>
/// <param name="emissions">[n x K], row by row.</param>
/// <param name="transitions">[K x K], row = from; -infinity forbids. The last two tags are start and end.</param>
sealed class ChainScores(double[] emissions, double[] transitions)
{
    /// <summary>K, start and end among them.</summary>
    public int Tags { get; } = (int)Math.Round(Math.Sqrt(transitions.Length));

    /// <summary>n, the words.</summary>
    public int Length => emissions.Length / Tags;

    /// <summary>The tag before the first.</summary>
    public int StartTag => Tags - 2;

    /// <summary>The tag behind the last.</summary>
    public int EndTag => Tags - 1;

    /// <summary>The scores of a tag's column at a word.</summary>
    /// <param name="word">From 0.</param>
    public ReadOnlySpan<double> Emissions(int word) => emissions.AsSpan(word * Tags, Tags);

    /// <summary>The scores from a tag to each.</summary>
    /// <param name="from">Any tag.</param>
    public ReadOnlySpan<double> From(int from) => transitions.AsSpan(from * Tags, Tags);

    /// <summary>Every score times a number: 1 / T is the temperature T.</summary>
    /// <param name="factor">Above 0.</param>
    public ChainScores Times(double factor)
    {
        if (factor == 1) return this;
        var (scaledEmissions, scaledTransitions) = (new double[emissions.Length], new double[transitions.Length]);
        TensorPrimitives.Multiply(emissions, factor, scaledEmissions);
        TensorPrimitives.Multiply(transitions, factor, scaledTransitions);
        return new(scaledEmissions, scaledTransitions);
    }

    /// <summary>The score of a tag sequence.</summary>
    /// <param name="tags">n ids.</param>
    public double Score(ReadOnlySpan<int> tags)
    {
        var (score, from) = (0.0, StartTag);
        for (var t = 0; t < tags.Length; t++)
        {
            score += From(from)[tags[t]] + Emissions(t)[tags[t]];
            from = tags[t];
        }
        return score + From(from)[EndTag];
    }

    /// <summary>log Z, over all tag sequences.</summary>
    public double LogPartition() => new ChainProbabilities(this).LogPartition;
}
