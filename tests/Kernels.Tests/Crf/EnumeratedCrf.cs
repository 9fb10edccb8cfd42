using System.Numerics;

namespace LdNetGpu.Tests;

/// <summary>One sentence's CRF by listing all K^n tag sequences: the definition, without any recursion.</summary>
sealed class EnumeratedCrf
{
    /// <summary>
    /// All sequences that are not forbidden, best first; equal scores by their tags from the last one on, as the lists
    /// of n best.
    /// </summary>
    public readonly (int[] Tags, double Score)[] Sequences;

    public readonly double LogPartition;

    /// <summary>[n, K]</summary>
    public readonly double[,] Marginals;

    /// <summary>[K, K], the transitions from start and to end included.</summary>
    public readonly double[,] ExpectedTransitions;

    public EnumeratedCrf(double[][] emissions, double[,] transitions, int start, int end)
    {
        var (n, tags) = (emissions.Length, transitions.GetLength(0));
        Sequences = [.. All(n, tags)
            .Select(path => (path, Score(path, emissions, transitions, start, end)))
            .Where(sequence => !double.IsNegativeInfinity(sequence.Item2))
            .OrderByDescending(sequence => sequence.Item2)];
        var largest = Sequences[0].Score;
        LogPartition = largest + Math.Log(Sequences.Sum(sequence => Math.Exp(sequence.Score - largest)));
        (Marginals, ExpectedTransitions) = (new double[n, tags], new double[tags, tags]);
        foreach (var (path, score) in Sequences)
        {
            var probability = Math.Exp(score - LogPartition);
            for (var t = 0; t < n; t++)
            {
                Marginals[t, path[t]] += probability;
                ExpectedTransitions[t == 0 ? start : path[t - 1], path[t]] += probability;
            }
            ExpectedTransitions[path[^1], end] += probability;
        }
    }

    public static EnumeratedCrf Of<T>(CrfCase<T> @case, int sentence) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (batch, tags) = (@case.Batch, @case.Tags);
        double[] emissions = batch.Emissions.ToDoubles(), flat = batch.Transitions.ToDoubles();
        var transitions = new double[tags, tags];
        for (var i = 0; i < tags * tags; i++) transitions[i / tags, i % tags] = flat[i];
        return new(
            [.. Enumerable.Range(0, @case.Length(sentence))
                .Select(t => emissions.AsSpan((t * batch.Batch + sentence) * tags, tags).ToArray())],
            transitions, batch.StartTag, batch.EndTag);
    }

    static double Score(int[] path, double[][] emissions, double[,] transitions, int start, int end)
    {
        double score = 0;
        for (var t = 0; t < path.Length; t++)
            score += transitions[t == 0 ? start : path[t - 1], path[t]] + emissions[t][path[t]];
        return score + transitions[path[^1], end];
    }

    static IEnumerable<int[]> All(int n, int tags)
    {
        for (var number = 0; number < (int)Math.Pow(tags, n); number++)
        {
            var path = new int[n];
            for (int t = 0, rest = number; t < n; t++, rest /= tags) path[t] = rest % tags;
            yield return path;
        }
    }
}
