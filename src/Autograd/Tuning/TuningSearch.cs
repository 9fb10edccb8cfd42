using LdNetGpu.Devices;
using LdNetGpu.Devices.Tuning;

namespace LdNetGpu.Autograd;

/// <summary>
/// The search for tuned values: every candidate is checked, those that passed are timed in turns, and leave when times
/// say that another is faster.
/// </summary>
/// <param name="bench">Checks and times.</param>
/// <param name="options">How.</param>
/// <param name="clock">For the time that is allowed, and for timestamps.</param>
/// <param name="progress">Told of every candidate and round.</param>
sealed class TuningSearch(ITuningBench bench, TuningOptions options, TimeProvider clock,
    IProgress<TuningProgress>? progress = null)
{
    // Times by which the roofline is seen before the others are checked; rounds between two judgements.
    const int FirstSamples = 3, RoundsBetween = 8;

    // How near to the bound counts as at it, and from where on a time below it says that it is none.
    const double AtBound = 1.05, BelowBound = 0.9;

    readonly long start = clock.GetTimestamp();

    bool IsOver => clock.GetElapsedTime(start) >= options.MostTime;

    /// <param name="previous">A search to go on with; null for a new one.</param>
    /// <param name="cancellation">Asked before each candidate and round: what was found out is returned, open.</param>
    /// <exception cref="UserException">The previous search is of something else.</exception>
    public TuningRecord Run(TuningRecord? previous, CancellationToken cancellation)
    {
        var record = previous is null ? Begun() : Continued(previous);
        if (record.End != TuningEnd.Open) return record;
        var order = Order();
        var isCut = order.Count > options.MostCandidates;
        if (isCut) order = [.. order.Take(options.MostCandidates)];
        foreach (var values in order)
        {
            if (cancellation.IsCancellationRequested) return record;
            if (record.Results.Any(result => result.Values.SequenceEqual(values))) continue;
            if (record.Results.Count > 0 && IsOver)
            {
                isCut = true;
                break;
            }
            var result = bench.Check(values) with { Timestamp = clock.GetUtcNow() };
            if (result.Outcome == TuningOutcome.Correct)
                result = result with
                {
                    Runtimes = [.. Enumerable.Range(0, FirstSamples).Select(_ => bench.Time(values))],
                    Standing = TuningStanding.Open,
                };
            record = Judged(record with { Results = [.. record.Results, result] }, result);
            progress?.Report(new(record, result, record.Results.Count, order.Count));
            if (IsAtBound(record, result)) return Ended(record, TuningEnd.Roofline, [result]);
        }
        return Race(record, isCut, cancellation);
    }

    TuningRecord Race(TuningRecord record, bool isCut, CancellationToken cancellation)
    {
        // Times of another day, or not taken in turns, are no times to compare.
        record = record with
        {
            Results = [.. record.Results.Select(result =>
                result.Standing == TuningStanding.Open ? result with { Runtimes = [] } : result)],
        };
        if (!Open(record).Any()) return record with { End = isCut ? TuningEnd.Budget : TuningEnd.Decided };
        for (var round = 0; ; round++)
        {
            var open = Open(record).ToList();
            if (open.Count == 1 && open[0].Runtimes.Count > 0) return Ended(record, Decided(TuningEnd.Decided), open);
            if (round == options.Samples) return Ended(record, Decided(TuningEnd.Noise), open);
            if (cancellation.IsCancellationRequested) return record;
            if (round > 0 && IsOver) return Ended(record, TuningEnd.Budget, open);
            // There and back: a machine that slows down slows all.
            if (round % 2 == 1) open.Reverse();
            foreach (var one in open)
                record = With(record, one with { Runtimes = [.. one.Runtimes, bench.Time([.. one.Values])] });
            if ((round + 1) % RoundsBetween == 0 || round + 1 == options.Samples)
            {
                (record, var areSame) = Sifted(record);
                open = [.. Open(record)];
                var best = Best(open);
                record = Judged(record, best);
                if (IsAtBound(record, best)) return Ended(record, TuningEnd.Roofline, open);
                if (open.Count > 1 && areSame) return Ended(record, Decided(TuningEnd.Noise), open);
            }
            progress?.Report(new(record, null, round + 1, options.Samples));
        }

        TuningEnd Decided(TuningEnd end) => isCut ? TuningEnd.Budget : end;
    }

    // Puts aside what is slower than the best; whether all that is left is as fast, within the margin.
    (TuningRecord Record, bool AreSame) Sifted(TuningRecord record)
    {
        var open = Open(record).ToList();
        var best = Best(open);
        var areSame = true;
        foreach (var one in open.Where(one => one != best))
        {
            var verdict = new SpeedComparison(best.Runtimes, one.Runtimes, options.Margin).Verdict;
            if (verdict == SpeedVerdict.Slower) record = With(record, one with { Standing = TuningStanding.Slower });
            else areSame &= verdict == SpeedVerdict.Same;
        }
        return (record, areSame);
    }

    // The standard values stay where times do not say that others are faster.
    static TuningRecord Ended(TuningRecord record, TuningEnd end, IReadOnlyList<TuningResult> open)
    {
        var standard = open.FirstOrDefault(result => result.Values.SequenceEqual(record.Standard));
        return record with { End = end, Chosen = (standard ?? Best(open)).Values };
    }

    // A bound that a time is far below is none: a cache, or a faster way to measure.
    static TuningRecord Judged(TuningRecord record, TuningResult result) =>
        record.Bound is { } bound && result.Median < BelowBound * bound
            ? record with
            {
                Bound = null,
                BoundBy = FormattableString.Invariant($"{record.BoundBy}; that would be {bound:g3} ms, and ")
                    + FormattableString.Invariant($"{record.Text(result.Values)} took {result.Median:g3}"),
            }
            : record;

    static bool IsAtBound(TuningRecord record, TuningResult result) =>
        record.Bound is { } bound && result.Median <= AtBound * bound;

    static IEnumerable<TuningResult> Open(TuningRecord record) =>
        record.Results.Where(result => result.Standing == TuningStanding.Open);

    static TuningResult Best(IReadOnlyList<TuningResult> open) => open.MinBy(result => result.Median)!;

    static TuningRecord With(TuningRecord record, TuningResult changed) => record with
    {
        Results = [.. record.Results.Select(result => result.Values.SequenceEqual(changed.Values) ? changed : result)],
    };

    TuningRecord Begun() => new(bench.Key, bench.Parameters, bench.Standard)
    {
        Work = bench.Work, Seed = options.Seed, Bound = options.Bound, BoundBy = options.BoundBy,
    };

    TuningRecord Continued(TuningRecord previous)
    {
        const string source = "The search to go on with";
        previous.RequireOf(bench.Key, source);
        var problem = previous.Work != bench.Work ? $"'{previous.Work}', and this is '{bench.Work}'"
            : previous.Seed != options.Seed ? $"seed {previous.Seed}, and this has {options.Seed}"
            : !previous.Standard.SequenceEqual(bench.Standard)
                || !previous.Parameters.Select(Text).SequenceEqual(bench.Parameters.Select(Text))
                ? "other values to try"
            : null;
        if (problem is not null)
            throw new UserException($"{source} is of {problem}. Begin a new one, into another file.");
        return previous.End == TuningEnd.Open
            ? previous with { Bound = options.Bound, BoundBy = options.BoundBy } : previous;

        static string Text(TunedParameter parameter) => $"{parameter.Name} {string.Join(' ', parameter.Values)}";
    }

    // The standard values first, the others as the seed has them.
    List<int[]> Order()
    {
        var others = bench.Candidates.Where(values => !values.SequenceEqual(bench.Standard)).ToArray();
        var random = new RandomStream(new RandomKey(options.Seed, 0, 0));
        for (var i = others.Length - 1; i > 0; i--)
        {
            var j = random.NextInt(i + 1);
            (others[i], others[j]) = (others[j], others[i]);
        }
        return [bench.Standard, .. others];
    }
}
