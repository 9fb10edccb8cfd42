using System.Runtime.InteropServices;
using LdNetGpu.Autograd;

namespace LdNetGpu.Train.Distributed;

/// <summary>What the ranks agree on with a step's gradients.</summary>
/// <param name="Loss">Sum of the ranks' losses.</param>
/// <param name="WantsToStop">Whether a rank was asked to leave: all leave after this step.</param>
readonly record struct StepAgreement(float Loss, bool WantsToStop);

/// <summary>
/// Adds the ranks' gradients, step by step, so that each rank's optimizer then takes the same step as the others.
/// Dense gradients go in buckets, which set out in the midst of the backward pass, as soon as all gradients in them are
/// whole, in an order that is the same on every rank. Tables by rows go as (row, gradient) pairs, at the end.
/// </summary>
/// <remarks>
/// A bucket carries a number for each of its parameters besides: on how many ranks it has a gradient. One that a rank
/// did not reach counts as 0 there; one that no rank has reached has no gradient after the exchange either, as in a run
/// of one rank. The last bucket carries the loss and the wish to stop too.
/// </remarks>
sealed class GradientExchange : IDisposable
{
    // Loss and wish to stop.
    const int Extras = 2;

    readonly RankGroup ranks;
    readonly Bucket[] buckets;
    readonly Dictionary<Parameter<float>, Bucket> bucketOf = new(ReferenceEqualityComparer.Instance);
    readonly Parameter<float>[] tables;
    int next;

    /// <param name="ranks">Those that train together.</param>
    /// <param name="parameters">In the order in which the model has them: their gradients come in the opposite
    /// one.</param>
    /// <param name="bucketBytes">How much sets out at once: little waits long for its turn, much cannot set out
    /// early.</param>
    public GradientExchange(RankGroup ranks, IEnumerable<Parameter<float>> parameters, long bucketBytes)
    {
        this.ranks = ranks;
        Parameter<float>[] trained = [.. parameters.Where(parameter => parameter.RequiresGradient)];
        if (trained.Length > 0) ranks.Use(trained[0].Backend.Device);
        tables = Array.FindAll(trained, parameter => parameter.ByRows);
        var dense = Array.FindAll(trained, parameter => !parameter.ByRows).Reverse();
        var groups = new List<List<Parameter<float>>> { new() };
        long bytes = 0;
        foreach (var parameter in dense)
        {
            if (bytes > 0 && bytes + Bytes(parameter) > bucketBytes)
            {
                groups.Add([]);
                bytes = 0;
            }
            groups[^1].Add(parameter);
            bytes += Bytes(parameter);
        }
        buckets = [.. groups.Select((group, i) =>
            new Bucket(ranks, [.. group], i == groups.Count - 1 ? Extras : 0))];
        foreach (var bucket in buckets)
            foreach (var parameter in bucket.Parameters) bucketOf.Add(parameter, bucket);
    }

    /// <summary>Buckets of a step.</summary>
    public int Buckets => buckets.Length;

    /// <summary>Before a step's backward pass.</summary>
    public void Begin()
    {
        next = 0;
        foreach (var bucket in buckets) bucket.Missing = bucket.Parameters.Length;
    }

    /// <summary>A gradient of the pass is whole (<see cref="Tape{T}.GradientReady"/>).</summary>
    public void Ready(Parameter<float> parameter)
    {
        if (!bucketOf.TryGetValue(parameter, out var bucket)) return;
        bucket.Missing--;
        // The last one waits for the loss.
        while (next < buckets.Length - 1 && buckets[next].Missing == 0) SetOut(buckets[next++]);
    }

    /// <summary>After the pass: every parameter has the sum of the ranks' gradients.</summary>
    /// <param name="loss">This rank's part of the loss.</param>
    /// <param name="wantsToStop">Whether this rank was asked to leave.</param>
    /// <exception cref="RankFailedException">A rank is gone; no gradient is what it should be.</exception>
    public StepAgreement End(double loss, bool wantsToStop)
    {
        while (next < buckets.Length - 1) SetOut(buckets[next++]);
        var extras = buckets[^1].Extras;
        (extras[0], extras[1]) = ((float)loss, wantsToStop ? 1 : 0);
        SetOut(buckets[next++]);
        ExchangeRows();
        // A device goes on from one to the next without the host, which then waits for its own numbers once.
        foreach (var bucket in buckets)
        {
            ranks.Follow(bucket.Sum);
            bucket.Unpack();
        }
        foreach (var bucket in buckets)
        {
            ranks.Wait(bucket.Sum);
            bucket.ClearAbsent();
        }
        return new(extras[0], extras[1] > 0);
    }

    public void Dispose()
    {
        foreach (var bucket in buckets) bucket.Dispose();
    }

    void SetOut(Bucket bucket)
    {
        bucket.Pack();
        ranks.Begin(bucket.Sum);
    }

    // Two exchanges: of each table the number of rows; then, table by table, the rows' places and their gradients, as
    // words of 32 bits.
    void ExchangeRows()
    {
        if (tables.Length == 0) return;
        int[] mine = [.. tables.Select(table => table.RowGradient!.Indices.Count)];
        var counts = new int[tables.Length * ranks.Size];
        ranks.Gather<int>(mine, counts, [.. Enumerable.Repeat(tables.Length, ranks.Size)]);
        int[] words = [.. Enumerable.Range(0, ranks.Size).Select(rank => checked(
            tables.Select((table, t) => counts[rank * tables.Length + t] * (1 + table.Shape.Columns)).Sum()))];
        var all = new float[checked(words.Sum())];
        ranks.Gather<float>([.. tables.SelectMany(table => Words(table.RowGradient!))], all, words);
        var parts = new (int[] Places, float[] Rows)[tables.Length][];
        for (var t = 0; t < tables.Length; t++) parts[t] = new (int[], float[])[ranks.Size];
        var start = 0;
        for (var rank = 0; rank < ranks.Size; rank++)
        {
            for (var t = 0; t < tables.Length; t++)
            {
                var (count, columns) = (counts[rank * tables.Length + t], tables[t].Shape.Columns);
                var end = start + count * (1 + columns);
                parts[t][rank] = (MemoryMarshal.Cast<float, int>(all.AsSpan(start, count)).ToArray(),
                    all[(start + count)..end]);
                start = end;
            }
        }
        for (var t = 0; t < tables.Length; t++) tables[t].RowGradient!.Set(parts[t]);
    }

    // Places, then gradients.
    static float[] Words(RowGradient<float> rows)
    {
        if (rows.IsEmpty) return [];
        var words = new float[rows.Indices.Count + rows.Values.Count];
        rows.Indices.Buffer.CopyTo(MemoryMarshal.Cast<float, int>(words.AsSpan(0, rows.Indices.Count)),
            rows.Indices.Offset);
        rows.Values.Buffer.CopyTo(words.AsSpan(rows.Indices.Count), rows.Values.Offset);
        return words;
    }

    static long Bytes(Parameter<float> parameter) => (long)parameter.Shape.Count * sizeof(float);

    /// <summary>Gradients that travel together, one after the other in memory of the link's.</summary>
    sealed class Bucket : IDisposable
    {
        readonly int extras;

        public Bucket(RankGroup ranks, Parameter<float>[] parameters, int extras)
        {
            (Parameters, this.extras) = (parameters, extras);
            var gradients = checked((int)parameters.Sum(parameter => (long)parameter.Shape.Count));
            Sum = ranks.NewSum(gradients, parameters.Length + extras);
        }

        public Parameter<float>[] Parameters { get; }

        /// <summary>Of the gradients, and of the host's numbers: on how many ranks each has one, then the
        /// extras.</summary>
        public IRankSum Sum { get; }

        public Span<float> Extras => Sum.Words[^extras..];

        /// <summary>Gradients that are not whole yet.</summary>
        public int Missing { get; set; }

        Span<float> Presence => Sum.Words[..Parameters.Length];

        public void Pack()
        {
            for (int i = 0, start = 0; i < Parameters.Length; start += (int)Parameters[i++].Shape.Count)
            {
                Presence[i] = Parameters[i].Gradient.IsNone ? 0 : 1;
                Sum.Pack(start, Parameters[i]);
            }
        }

        public void Unpack()
        {
            for (int i = 0, start = 0; i < Parameters.Length; start += (int)Parameters[i++].Shape.Count)
                Sum.Unpack(start, Parameters[i]);
        }

        /// <summary>No rank has reached these.</summary>
        public void ClearAbsent()
        {
            for (var i = 0; i < Parameters.Length; i++)
                if (!(Presence[i] > 0)) Parameters[i].ClearGradient();
        }

        public void Dispose() => Sum.Dispose();
    }
}
