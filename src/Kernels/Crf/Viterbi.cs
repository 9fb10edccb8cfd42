using System.Runtime.Intrinsics;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// The best tag sequence (Viterbi, 1967). Keeps every step's best scores and no back pointers: the way back recomputes
/// the same sums, K of them a step, and takes the lowest tag that reaches the maximum.
/// </summary>
static unsafe class Viterbi
{
    /// <summary>
    /// Best score, -infinity where every sequence is forbidden; its tags (numbered among the usable ones) go to
    /// <paramref name="path"/> [Length].
    /// </summary>
    public static double Decode(CrfTransitions transitions, CrfSentence sentence, Span<int> path)
    {
        var (count, stride, last) = (transitions.Count, sentence.Stride, sentence.Length - 1);
        for (var t = 0; t <= last; t++)
        {
            var best = sentence.Forward + (long)t * stride;
            if (t == 0) new Span<double>(transitions.StartScores, stride).CopyTo(new Span<double>(best, stride));
            else Step(best - stride, transitions.Scores, count, stride, best);
            for (var i = 0; i < stride; i++) best[i] += sentence.Emissions[(long)t * stride + i];
        }
        (path[last], var score) = Best(sentence.Forward + (long)last * stride, transitions.EndScores, count);
        for (var t = last; t > 0; t--)
            (path[t - 1], _) =
                Best(sentence.Forward + (long)(t - 1) * stride, transitions.ScoresTransposed + path[t] * stride, count);
        return score;
    }

    // result[j] = max_i best[i] + scores[i, j]
    static void Step(double* best, double* scores, int count, int stride, double* result)
    {
        for (var column = 0; column < stride; column += Vector256<double>.Count)
        {
            var largest = Vector256.Create(double.NegativeInfinity);
            for (var i = 0; i < count; i++)
                largest = Vector256.MaxNative(largest,
                    Vector256.Create(best[i]) + Vector256.Load(scores + i * stride + column));
            largest.Store(result + column);
        }
    }

    static (int Index, double Score) Best(double* best, double* scores, int count)
    {
        var (index, largest) = (0, double.NegativeInfinity);
        for (var i = 0; i < count; i++)
        {
            var score = best[i] + scores[i];
            if (score > largest) (index, largest) = (i, score);
        }
        return (index, largest);
    }
}
