using System.Collections;
using System.Numerics;
using System.Runtime.Intrinsics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Crf;

/// <summary>
/// One call's transitions in double, for the usable tags alone: those that something may enter and that may lead
/// somewhere. A start tag nothing enters and an end tag nothing leaves drop out here, so their -infinities cost nothing
/// in the sweeps.
/// </summary>
sealed unsafe class CrfTransitions : IDisposable
{
    readonly HostBuffer<double> memory;

    CrfTransitions(CpuDevice device, int[] tags, int tagCount)
    {
        Tags = tags;
        Stride = (tags.Length + Vector256<double>.Count - 1) / Vector256<double>.Count * Vector256<double>.Count;
        IndexOf = new int[tagCount];
        Array.Fill(IndexOf, -1);
        for (var i = 0; i < tags.Length; i++) IndexOf[tags[i]] = i;
        memory = (HostBuffer<double>)device.Allocate<double>(4L * Count * Stride + 4L * Stride);
        Scores = memory.Pointer;
        ScoresTransposed = Scores + Count * Stride;
        Factors = ScoresTransposed + Count * Stride;
        FactorsTransposed = Factors + Count * Stride;
        StartScores = FactorsTransposed + Count * Stride;
        EndScores = StartScores + Stride;
        StartFactors = EndScores + Stride;
        EndFactors = StartFactors + Stride;
    }

    /// <summary>The usable tags, ascending; the sweeps number them 0 to <see cref="Count"/> - 1.</summary>
    public int[] Tags { get; }

    /// <summary>Number of each tag among the usable ones, or -1.</summary>
    public int[] IndexOf { get; }

    public int Count => Tags.Length;

    /// <summary>Elements of a row: <see cref="Count"/> rounded up to whole vectors.</summary>
    public int Stride { get; }

    /// <summary>[Count x Stride], row = from, column = to; -infinity in the columns that pad.</summary>
    public double* Scores { get; }

    /// <summary>[Count x Stride], row = to, column = from.</summary>
    public double* ScoresTransposed { get; }

    /// <summary>exp(score - <see cref="Largest"/>) of <see cref="Scores"/>; 0 in the columns that pad.</summary>
    public double* Factors { get; }

    /// <summary>The same of <see cref="ScoresTransposed"/>.</summary>
    public double* FactorsTransposed { get; }

    /// <summary>[Stride] from the start tag.</summary>
    public double* StartScores { get; }

    /// <summary>[Stride] to the end tag.</summary>
    public double* EndScores { get; }

    public double* StartFactors { get; }

    public double* EndFactors { get; }

    /// <summary>Largest score between usable tags, from the start tag and to the end tag.</summary>
    public double Largest { get; private set; }

    public double LargestStart { get; private set; }

    public double LargestEnd { get; private set; }

    /// <summary>
    /// Largest difference of two scores that stand in the same matrix or vector, forbidden ones (-infinity) left out.
    /// </summary>
    public double Spread { get; private set; }

    /// <summary>
    /// Fewest transitions in which every usable tag leads to every other and to itself: 1 where none is forbidden, 3
    /// under the IOBES rules (I-PER, E-PER, B-LOC, I-LOC). 0 where there is no such number up to
    /// <see cref="LongestReach"/>.
    /// </summary>
    public int Reach { get; private set; }

    /// <summary>Reaches beyond are not looked for.</summary>
    const int LongestReach = 8;

    public static CrfTransitions Read<T>(CpuDevice device, in CrfBatch<T> batch)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var transitions = new CrfTransitions(device, UsableTags(batch.Transitions), batch.Transitions.Columns);
        var tags = transitions.Tags;
        var (count, stride) = (transitions.Count, transitions.Stride);
        new Span<double>(transitions.Scores, 2 * count * stride).Fill(double.NegativeInfinity);
        new Span<double>(transitions.StartScores, 2 * stride).Fill(double.NegativeInfinity);
        for (var i = 0; i < count; i++)
        {
            var row = batch.Transitions.Row(tags[i]);
            for (var j = 0; j < count; j++)
                transitions.Scores[i * stride + j] =
                    transitions.ScoresTransposed[j * stride + i] = double.CreateTruncating(row[tags[j]]);
            transitions.StartScores[i] = double.CreateTruncating(batch.Transitions.Row(batch.StartTag)[tags[i]]);
            transitions.EndScores[i] = double.CreateTruncating(row[batch.EndTag]);
        }
        transitions.Exponentiate();
        return transitions;
    }

    public void Dispose() => memory.Dispose();

    static int[] UsableTags<T>(in MatrixView<T> transitions) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var tags = transitions.Columns;
        bool[] entered = new bool[tags], left = new bool[tags];
        for (var from = 0; from < tags; from++)
        {
            var row = transitions.Row(from);
            for (var to = 0; to < tags; to++)
                if (!T.IsNegativeInfinity(row[to]))
                    entered[to] = left[from] = true;
        }
        return [.. Enumerable.Range(0, tags).Where(tag => entered[tag] && left[tag])];
    }

    void Exponentiate()
    {
        if (Count == 0) return;
        var (least, largest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < Count; i++)
        {
            var (rowLeast, rowLargest) = Range(Scores + i * Stride);
            (least, largest) = (Math.Min(least, rowLeast), Math.Max(largest, rowLargest));
        }
        var (leastStart, largestStart) = Range(StartScores);
        var (leastEnd, largestEnd) = Range(EndScores);
        (Largest, LargestStart, LargestEnd) = (largest, largestStart, largestEnd);
        Reach = double.IsNegativeInfinity(largestStart) || double.IsNegativeInfinity(largestEnd) ? 0 : FindReach();
        Spread = Math.Max(largest - least, Math.Max(largestStart - leastStart, largestEnd - leastEnd));
        for (var i = 0; i < 2 * Count * Stride; i++) Factors[i] = Math.Exp(Scores[i] - largest);
        for (var i = 0; i < Stride; i++)
        {
            StartFactors[i] = Math.Exp(StartScores[i] - largestStart);
            EndFactors[i] = Math.Exp(EndScores[i] - largestEnd);
        }
    }

    // Of those that are not -infinity; NaN where one is.
    (double Least, double Largest) Range(double* scores)
    {
        var (least, largest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < Count; i++)
            if (!double.IsNegativeInfinity(scores[i]))
                (least, largest) = (Math.Min(least, scores[i]), Math.Max(largest, scores[i]));
        return (least, largest);
    }

    // A row of bits a tag: the tags it leads to in one transition, in two, ...
    int FindReach()
    {
        var next = new BitArray[Count];
        for (var i = 0; i < Count; i++)
        {
            next[i] = new BitArray(Count);
            for (var j = 0; j < Count; j++) next[i][j] = !double.IsNegativeInfinity(Scores[i * Stride + j]);
        }
        var reached = next;
        for (var steps = 1; steps <= LongestReach; steps++)
        {
            if (reached.All(row => row.HasAllSet())) return steps;
            reached = [.. reached.Select(row =>
                Enumerable.Range(0, Count).Where(tag => row[tag])
                    .Aggregate(new BitArray(Count), (all, tag) => all.Or(next[tag])))];
        }
        return 0;
    }
}
