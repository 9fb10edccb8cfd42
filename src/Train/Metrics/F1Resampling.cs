using LdNetGpu.Devices;

namespace LdNetGpu.Train.Metrics;

/// <summary>How sure an F1 is, and a difference between two, by resampling the sentences.</summary>
static class F1Resampling
{
    const uint BootstrapSite = 0, SidesSite = 1;

    /// <summary>
    /// The percentile bootstrap's 95 % interval of F1: sentences are drawn with replacement (Efron 1979;
    /// Berg-Kirkpatrick et al. 2012 for scores of this kind).
    /// </summary>
    /// <param name="sentences">One at least.</param>
    /// <param name="samples">How often as many sentences are drawn.</param>
    /// <param name="seed">The same seed, the same interval.</param>
    /// <returns>In percent.</returns>
    public static (double Low, double High) Interval(IReadOnlyList<SpanCounts> sentences, int samples, ulong seed)
    {
        var random = new RandomStream(new RandomKey(seed, 0, BootstrapSite));
        var drawn = new double[samples];
        for (var sample = 0; sample < samples; sample++)
        {
            long gold = 0, predicted = 0, correct = 0;
            for (var i = 0; i < sentences.Count; i++)
            {
                var counts = sentences[random.NextInt(sentences.Count)];
                gold += counts.Gold;
                predicted += counts.Predicted;
                correct += counts.Correct;
            }
            drawn[sample] = new SpanCounts(gold, predicted, correct).F1;
        }
        Array.Sort(drawn);
        return (drawn[(int)(0.025 * samples)], drawn[Math.Min(samples - 1, (int)(0.975 * samples))]);
    }

    /// <summary>
    /// Two-sided p of no difference between two systems on the same sentences, by approximate randomisation (Noreen
    /// 1989; Yeh 2000): each sentence's outputs change sides or not, by chance. (1 + times as far apart) / (1 + times).
    /// </summary>
    /// <param name="one">Of the first system.</param>
    /// <param name="other">Of the second, of the same sentences.</param>
    /// <param name="samples">How often sides are drawn.</param>
    /// <param name="seed">The same seed, the same p.</param>
    public static double Significance(IReadOnlyList<SpanCounts> one, IReadOnlyList<SpanCounts> other,
        int samples, ulong seed)
    {
        // Sentences of the same counts change nothing by changing sides.
        var fixedCounts = new long[3];
        var differing = new List<(SpanCounts One, SpanCounts Other)>();
        for (var i = 0; i < one.Count; i++)
            if (one[i] == other[i]) Add(fixedCounts, one[i]);
            else differing.Add((one[i], other[i]));
        double Apart(Func<bool> changes)
        {
            long[] first = [.. fixedCounts], second = [.. fixedCounts];
            foreach (var (mine, theirs) in differing)
            {
                var isChanged = changes();
                Add(first, isChanged ? theirs : mine);
                Add(second, isChanged ? mine : theirs);
            }
            return Math.Abs(F1(first) - F1(second));
        }
        const double Rounding = 1e-9;
        var observed = Apart(() => false) - Rounding;
        var random = new RandomStream(new RandomKey(seed, 0, SidesSite));
        var asFar = 0;
        for (var sample = 0; sample < samples; sample++)
            if (Apart(() => (random.NextBits() & 1) == 1) >= observed) asFar++;
        return (1.0 + asFar) / (1.0 + samples);
    }

    static double F1(long[] sums) => new SpanCounts(sums[0], sums[1], sums[2]).F1;

    static void Add(long[] sums, SpanCounts counts)
    {
        sums[0] += counts.Gold;
        sums[1] += counts.Predicted;
        sums[2] += counts.Correct;
    }
}
