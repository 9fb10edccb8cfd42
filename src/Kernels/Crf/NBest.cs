namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// The n best tag sequences, exactly: Viterbi with a sorted list of up to n hypotheses into every tag at every step.
/// Equal scores keep the order of their tags, the last tag first.
/// </summary>
static unsafe class NBest
{
    /// <summary>
    /// Up to n sequences (tags numbered among the usable ones) with their scores, best first; none that is forbidden.
    /// </summary>
    public static List<(int[] Path, double Score)> Decode(CrfTransitions transitions, CrfSentence sentence, int n)
    {
        var (count, stride, length) = (transitions.Count, sentence.Stride, sentence.Length);
        var steps = new Hypotheses[length];
        for (var t = 0; t < length; t++)
        {
            var emissions = sentence.Emissions + (long)t * stride;
            var previous = t > 0 ? steps[t - 1] : default;
            var hypotheses = new Hypothesis[count][];
            for (var tag = 0; tag < count; tag++)
            {
                hypotheses[tag] = t > 0
                    ? Merge(previous, transitions.ScoresTransposed + tag * stride, n)
                    : Start(transitions.StartScores[tag]);
                foreach (ref var hypothesis in hypotheses[tag].AsSpan()) hypothesis.Score += emissions[tag];
            }
            steps[t] = new Hypotheses(hypotheses);
        }
        var results = new List<(int[], double)>();
        foreach (var end in Merge(steps[^1], transitions.EndScores, n))
            if (end.Score > double.NegativeInfinity)
                results.Add((Follow(steps, end), end.Score));
        return results;
    }

    static Hypothesis[] Start(double score) => double.IsNegativeInfinity(score) ? [] : [new Hypothesis(score, -1, -1)];

    // The n best of all hypotheses, each continued by its tag's score; every list is sorted, so its head is its best.
    static Hypothesis[] Merge(Hypotheses previous, double* scores, int n)
    {
        var tags = previous.OfTag.Length;
        var heads = new int[tags];
        var total = 0L;
        for (var tag = 0; tag < tags; tag++)
            if (!double.IsNegativeInfinity(scores[tag])) total += previous.OfTag[tag].Length;
        var merged = new Hypothesis[Math.Min(n, total)];
        for (var i = 0; i < merged.Length; i++)
        {
            var best = new Hypothesis(double.NegativeInfinity, -1, -1);
            for (var tag = 0; tag < tags; tag++)
            {
                if (heads[tag] == previous.OfTag[tag].Length || double.IsNegativeInfinity(scores[tag])) continue;
                var score = previous.OfTag[tag][heads[tag]].Score + scores[tag];
                if (best.Tag < 0 || score > best.Score) best = new Hypothesis(score, tag, heads[tag]);
            }
            heads[best.Tag]++;
            merged[i] = best;
        }
        return merged;
    }

    static int[] Follow(Hypotheses[] steps, Hypothesis hypothesis)
    {
        var path = new int[steps.Length];
        for (var t = steps.Length - 1; t >= 0; t--)
        {
            path[t] = hypothesis.Tag;
            hypothesis = steps[t].OfTag[hypothesis.Tag][hypothesis.Rank];
        }
        return path;
    }

    /// <summary>
    /// One hypothesis to arrive: its score so far, the tag it came from, and its rank among that tag's hypotheses.
    /// </summary>
    record struct Hypothesis(double Score, int Tag, int Rank);

    /// <summary>Every tag's hypotheses at one step, best first.</summary>
    readonly record struct Hypotheses(Hypothesis[][] OfTag);
}
