using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Tuning;

namespace LdNetGpu.Tests;

/// <summary>The search for tuned values, by times that are known.</summary>
public sealed class TuningSearchTests
{
    // A little apart, as times are, and the same in every run.
    static double Calm(double middle, int sample) => middle * (1 + 0.01 * (sample * 7 % 10 - 4.5) / 4.5);

    // 8 is the fastest, 2 the standard.
    static FakeBench Bench() => new((value, sample) => Calm(16.0 / value, sample));

    static TuningRecord Run(FakeBench bench, TuningOptions? options = null, TuningRecord? previous = null,
        TimeProvider? clock = null, CancellationToken cancellation = default,
        IProgress<TuningProgress>? progress = null) =>
        new TuningSearch(bench, options ?? new(), clock ?? TimeProvider.System, progress)
            .Run(previous, cancellation);

    [Fact]
    public void TheFastestIsChosenAndTheOthersLeave()
    {
        var bench = Bench();
        var record = Run(bench);
        Assert.Equal((8, TuningEnd.Decided), (Assert.Single(record.Chosen!), record.End));
        Assert.Equal(4, record.Results.Count);
        Assert.All(record.Results, result => Assert.Equal(
            result.Values[0] == 8 ? TuningStanding.Open : TuningStanding.Slower, result.Standing));
        // Three samples each to begin with, and the first judgement after eight rounds.
        Assert.Equal(4 * (3 + 8), bench.Samples);
        Assert.All(record.Results, result => Assert.Equal(8, result.Runtimes.Count));
    }

    [Fact]
    public void TheStandardIsTriedFirstAndASeedOrdersTheOthers()
    {
        int[] Order(ulong seed)
        {
            var bench = Bench();
            Run(bench, new() { Seed = seed });
            return [.. bench.Checked];
        }
        Assert.Equal(Order(1), Order(1));
        Assert.All(Enumerable.Range(1, 5), seed => Assert.Equal(2, Order((ulong)seed)[0]));
        Assert.True(Enumerable.Range(1, 9).Select(seed => string.Join(' ', Order((ulong)seed))).Distinct().Count() > 1);
    }

    [Theory]
    [InlineData(TuningOutcome.Correctness), InlineData(TuningOutcome.Compile), InlineData(TuningOutcome.Runtime)]
    public void WhatDoesNotPassIsKeptWithItsReasonAndNotTimed(TuningOutcome outcome)
    {
        var timed = new HashSet<int>();
        var bench = new FakeBench((value, sample) =>
        {
            timed.Add(value);
            return Calm(16.0 / value, sample);
        })
        {
            Outcome = value => value == 8 ? outcome : TuningOutcome.Correct,
        };
        var record = Run(bench);
        Assert.Equal(4, Assert.Single(record.Chosen!));
        Assert.DoesNotContain(8, timed);
        var failed = Assert.Single(record.Results, result => result.Outcome != TuningOutcome.Correct);
        Assert.Equal((8, outcome, "at fault", TuningStanding.Untimed, 0),
            (failed.Values[0], failed.Outcome, failed.Problem, failed.Standing, failed.Runtimes.Count));
    }

    [Fact]
    public void NothingIsChosenWhereNothingPasses()
    {
        var record = Run(new FakeBench((_, _) => 1) { Outcome = _ => TuningOutcome.Runtime });
        Assert.Null(record.Chosen);
        Assert.Equal((4, TuningEnd.Decided), (record.Results.Count, record.End));
    }

    [Fact]
    public void WhereAllAreTheSameNoiseEndsTheSearchEarlyAndTheStandardStays()
    {
        var bench = new FakeBench((_, sample) => Calm(1, sample));
        var record = Run(bench);
        Assert.Equal((2, TuningEnd.Noise), (Assert.Single(record.Chosen!), record.End));
        Assert.Equal(4 * (3 + 8), bench.Samples);
    }

    [Fact]
    public void WhereNoiseHidesWhatDiffersSamplesAreTakenToTheLastAndTheStandardStays()
    {
        // A tenth apart, in noise of half and more.
        var bench = new FakeBench((value, sample) =>
            (value == 8 ? 0.9 : 1) * (1 + 0.6 * (sample * 7 % 16 / 15.0 - 0.5)));
        var record = Run(bench, new() { Samples = 16 });
        Assert.Equal((2, TuningEnd.Noise), (Assert.Single(record.Chosen!), record.End));
        Assert.Equal(4 * (3 + 16), bench.Samples);
    }

    [Fact]
    public void AMarginDecidesWhatIsTheSame()
    {
        static double Time(int value, int sample) => Calm(value == 8 ? 0.9 : 1, sample);
        Assert.Equal(8, Assert.Single(Run(new FakeBench(Time)).Chosen!));
        // One tenth faster counts as the same; the standard is still slower by its ranks where samples are many.
        var wide = Run(new FakeBench((_, sample) => Calm(1, sample)), new() { Margin = 0.2 });
        var narrow = Run(new FakeBench((_, sample) => Calm(1, sample)), new() { Margin = 1e-6, Samples = 16 });
        Assert.True(wide.Results[0].Runtimes.Count < narrow.Results[0].Runtimes.Count);
    }

    [Fact]
    public void ACandidateAtTheBoundEndsTheSearch()
    {
        var bench = Bench();
        var record = Run(bench, new() { Bound = 8, BoundBy = "by hand" });
        // The standard takes 8 ms: nothing else is even checked.
        Assert.Equal((2, TuningEnd.Roofline, "by hand"), (Assert.Single(record.Chosen!), record.End, record.BoundBy));
        Assert.Equal([2], bench.Checked);
    }

    [Fact]
    public void ABoundThatIsBeatenIsNone()
    {
        var record = Run(Bench(), new() { Bound = 10, BoundBy = "by hand" });
        Assert.Null(record.Bound);
        Assert.Contains("by hand; that would be 10 ms, and width=2 took 7.9", record.BoundBy, StringComparison.Ordinal);
        Assert.Equal(TuningEnd.Decided, record.End);
    }

    [Fact]
    public void ABudgetOfCandidatesIsKept()
    {
        var bench = Bench();
        var record = Run(bench, new() { MostCandidates = 2 });
        Assert.Equal((2, TuningEnd.Budget), (bench.Checked.Count, record.End));
    }

    [Fact]
    public void ABudgetOfTimeIsKeptAndTheStandardIsTriedAllTheSame()
    {
        var clock = new SteppingClock(TimeSpan.FromSeconds(1));
        var bench = Bench();
        var record = Run(bench, new() { MostTime = TimeSpan.FromSeconds(2.5) }, clock: clock);
        Assert.Equal(TuningEnd.Budget, record.End);
        Assert.InRange(bench.Checked.Count, 1, 3);
        var none = Bench();
        Assert.Equal([2], Run(none, new() { MostTime = TimeSpan.Zero }, clock: clock).Chosen);
        Assert.Equal([2], none.Checked);
    }

    [Fact]
    public void AnInterruptedSearchGoesOnWithoutCheckingAgain()
    {
        using var interruption = new CancellationTokenSource();
        var first = Bench();
        var open = Run(first, cancellation: interruption.Token, progress: new Told(progress =>
        {
            if (progress.Done == 2) interruption.Cancel();
        }));
        Assert.Equal((TuningEnd.Open, 2), (open.End, open.Results.Count));
        Assert.Null(open.Chosen);

        var second = Bench();
        var read = TuningRecord.Parse(open.ToJson(), "file");
        var record = Run(second, previous: read);
        Assert.Equal(8, Assert.Single(record.Chosen!));
        Assert.Equal(Run(Bench()).Results.Select(result => result.Values[0]),
            record.Results.Select(result => result.Values[0]));
        Assert.Empty(first.Checked.Intersect(second.Checked));
        // What has ended is not begun again.
        var third = Bench();
        Assert.Same(record, Run(third, previous: record));
        Assert.Empty(third.Checked);
    }

    [Fact]
    public void AnInterruptionWhileTimesAreTakenLosesNoCheck()
    {
        using var interruption = new CancellationTokenSource();
        var open = Run(Bench(), cancellation: interruption.Token, progress: new Told(progress =>
        {
            if (progress.Latest is null) interruption.Cancel();
        }));
        Assert.Equal((TuningEnd.Open, 4), (open.End, open.Results.Count));
        var second = Bench();
        Assert.Equal(8, Assert.Single(Run(second, previous: open).Chosen!));
        Assert.Empty(second.Checked);
    }

    [Fact]
    public void ASearchOfSomethingElseIsNotGoneOnWith()
    {
        var record = Run(Bench()) with { End = TuningEnd.Open };
        string Refused(FakeBench bench, ulong seed = 1) => Assert.Throws<UserException>(() =>
            Run(bench, new() { Seed = seed }, record)).Message;
        FakeBench With(TuningKey key) => new((_, _) => 1) { Key = key };
        var key = Bench().Key;
        Assert.Contains("kernel K.F<float>, and here it is K.G<float>",
            Refused(With(key with { Kernel = "K.G<float>" })), StringComparison.Ordinal);
        Assert.Contains("another text of K.F<float>", Refused(With(key with { Text = "new" })),
            StringComparison.Ordinal);
        Assert.Contains("device 'device', and here it is 'other'", Refused(With(key with { Device = "other" })),
            StringComparison.Ordinal);
        Assert.Contains("'driver', and here it is 'newer'", Refused(With(key with { Driver = "newer" })),
            StringComparison.Ordinal);
        Assert.Contains("flags '-flags', and here they are '-O0'", Refused(With(key with { Flags = "-O0" })),
            StringComparison.Ordinal);
        Assert.Contains("sizes 'all', and here they are 'few'", Refused(With(key with { Sizes = "few" })),
            StringComparison.Ordinal);
        Assert.Contains("'work', and this is 'other work'", Refused(new((_, _) => 1) { Work = "other work" }),
            StringComparison.Ordinal);
        Assert.Contains("seed 1, and this has 2", Refused(Bench(), seed: 2), StringComparison.Ordinal);
        Assert.Contains("other values to try",
            Refused(new((_, _) => 1) { Parameters = [new("width", [1, 2, 4])] }), StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsOutsideOfTheirRangesAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TuningOptions { MostCandidates = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TuningOptions { MostTime = TimeSpan.FromSeconds(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TuningOptions { Samples = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TuningOptions { Margin = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TuningOptions { Bound = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new TuningWork(new TwiceToTune(1), new TwiceToTune(1)) { Roundings = -1 });
    }

    sealed class Told(Action<TuningProgress> told) : IProgress<TuningProgress>
    {
        public void Report(TuningProgress value) => told(value);
    }

    /// <summary>A clock that is later by a step each time it is read.</summary>
    sealed class SteppingClock(TimeSpan step) : TimeProvider
    {
        long reads;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => reads++ * step.Ticks;
    }
}
