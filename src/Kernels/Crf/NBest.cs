namespace LdNetGpu.Kernels;

/// <summary>
/// The n best tag sequences, exactly: Viterbi with a sorted list of up to n ways into every tag at every step. Equal scores keep the
/// order of their tags, the last tag first.
/// </summary>
static unsafe class NBest
{
    /// <summary>Up to n sequences (tags numbered among the usable ones) with their scores, best first; none that is forbidden.</summary>
    public static List<(int[] Path, double Score)> Decode(CrfTransitions transitions, CrfSentence sentence, int n)
    {
        var (count, stride, length) = (transitions.Count, sentence.Stride, sentence.Length);
        var steps = new Ways[length];
        for (var t = 0; t < length; t++)
        {
            var emissions = sentence.Emissions + (long)t * stride;
            var previous = t > 0 ? steps[t - 1] : default;
            var ways = new Way[count][];
            for (var tag = 0; tag < count; tag++)
            {
                ways[tag] = t > 0
                    ? Merge(previous, transitions.ScoresTransposed + tag * stride, n)
                    : Start(transitions.StartScores[tag]);
                foreach (ref var way in ways[tag].AsSpan()) way.Score += emissions[tag];
            }
            steps[t] = new Ways(ways);
        }
        var results = new List<(int[], double)>();
        foreach (var end in Merge(steps[^1], transitions.EndScores, n))
            if (end.Score > double.NegativeInfinity)
                results.Add((Follow(steps, end), end.Score));
        return results;
    }

    static Way[] Start(double score) => double.IsNegativeInfinity(score) ? [] : [new Way(score, -1, -1)];

    // The n best of all ways, each continued by its tag's score; every list is sorted, so its head is its best.
    static Way[] Merge(Ways previous, double* scores, int n)
    {
        var tags = previous.OfTag.Length;
        var heads = new int[tags];
        var total = 0L;
        for (var tag = 0; tag < tags; tag++)
            if (!double.IsNegativeInfinity(scores[tag])) total += previous.OfTag[tag].Length;
        var merged = new Way[Math.Min(n, total)];
        for (var i = 0; i < merged.Length; i++)
        {
            var best = new Way(double.NegativeInfinity, -1, -1);
            for (var tag = 0; tag < tags; tag++)
            {
                if (heads[tag] == previous.OfTag[tag].Length || double.IsNegativeInfinity(scores[tag])) continue;
                var score = previous.OfTag[tag][heads[tag]].Score + scores[tag];
                if (best.Tag < 0 || score > best.Score) best = new Way(score, tag, heads[tag]);
            }
            heads[best.Tag]++;
            merged[i] = best;
        }
        return merged;
    }

    static int[] Follow(Ways[] steps, Way way)
    {
        var path = new int[steps.Length];
        for (var t = steps.Length - 1; t >= 0; t--)
        {
            path[t] = way.Tag;
            way = steps[t].OfTag[way.Tag][way.Rank];
        }
        return path;
    }

    /// <summary>One way to arrive: its score so far, the tag it came from, and its rank among that tag's ways.</summary>
    record struct Way(double Score, int Tag, int Rank);

    /// <summary>Every tag's ways at one step, best first.</summary>
    readonly record struct Ways(Way[][] OfTag);
}
