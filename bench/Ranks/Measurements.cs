using System.Text.Json;

namespace LdNetGpu.Bench;

/// <summary>A path's measurement beside its forecast.</summary>
/// <param name="Name">Of the path.</param>
/// <param name="TwoThreads">One process of two threads, just before and just after.</param>
/// <param name="Ranks">Two of one thread.</param>
/// <param name="Forecast">Of the model, from their link and their free steps.</param>
sealed record PathResult(string Name, StepTimes TwoThreads, RankTimes Ranks, StepForecast Forecast)
{
    public double Error => Forecast.Seconds / Ranks.Steps.Seconds - 1;
}

/// <summary>Everything that a run of the bench has measured.</summary>
sealed record RankResults(Work Work, StepTimes OneThread, StepTimes Alone,
    IReadOnlyList<PathResult> Paths);

/// <summary>Measures one process, then two ranks over each path, and lays the model's word beside.</summary>
static class Measurements
{
    static RankPath Wired(string name, WireOptions options) => new(name, "openmpi", [], options);

    static RankPath[] Paths =>
    [
        new("shared memory, MPICH", "mpich", []),
        new("shared memory, Open MPI", "openmpi", []),
        new("loopback TCP, Open MPI", "openmpi", ["--mca", "btl", "tcp,self"]),
        Wired("wire", new()),
        Wired("wire, 1 Gbit/s", new(MegabitsPerSecond: 1000)),
        Wired("wire, 1 Gbit/s, 1 ms", new(DelayMilliseconds: 1, MegabitsPerSecond: 1000)),
        Wired("wire, 1 Gbit/s, 5 ms", new(DelayMilliseconds: 5, MegabitsPerSecond: 1000)),
        Wired("wire, 1 Gbit/s, 1 ms, 0.1 % lost", new(1, 0.001, 1000)),
        Wired("wire, 1 Gbit/s, 1 ms, 1 % lost", new(1, 0.01, 1000)),
        Wired("wire, 100 Mbit/s, 1 ms", new(DelayMilliseconds: 1, MegabitsPerSecond: 100)),
    ];

    public static void Run(Work work, double seconds, int rounds, string[] only, string? json)
    {
        string[] arguments = ["--words", $"{work.Words}", "--width", $"{work.Width}", "--layers", $"{work.Layers}",
            "--batch", $"{work.Batch}", "--bucket", FormattableString.Invariant($"{work.BucketMebibytes}"), "--seconds",
            FormattableString.Invariant($"{seconds}")];
        var one = Launch.Alone<StepTimes>(1, ["alone", .. arguments, "--size", "1"]);
        var alone = Launch.Alone<StepTimes>(2, ["alone", .. arguments]);
        var tokens = Work.Steps * work.Batch;
        Console.WriteLine($"{work.Layers} layers of {work.Width}, {work.Words} words, "
            + $"batch {work.Batch} x {Work.Steps}: "
            + $"{alone.Exchanges.Where(one => one.IsSum).Sum(one => one.Bytes) / 1e6:f1} MB of "
            + $"gradients in {alone.Exchanges.Count(one => one.IsSum)} buckets, rows "
            + $"{alone.Exchanges.Where(one => !one.IsSum).Sum(one => one.Bytes) / 1e6:f2} MB a rank");
        Console.WriteLine($"one process, 1 thread {one.Seconds * 1e3:f1} ms a step, "
            + $"{tokens / one.Seconds:f0} tokens/s; two at once, each half the batch, no exchange "
            + $"{alone.Seconds * 1e3:f1} ms, {tokens / alone.Seconds:f0}");
        Console.WriteLine($"{"path",-34} {"ms",8} {"2 thr.",8} {"tokens/s",9} {"of 2 thr.",9} {"waited",7} "
            + $"{"CPU ms",7} {"free",8} {"latency µs",10} {"MB/s",7} {"wire",7} {"forecast",9} "
            + $"{"error",7}  of each round");
        var results = new List<PathResult>();
        foreach (var path in Paths.Where(path => only.Length == 0 || only.Any(path.Name.Contains)))
        {
            var found = Enumerable.Range(0, rounds).Select(_ => Measure(path, arguments)).ToArray();
            results.AddRange(found);
            double Median(Func<PathResult, double> value) => TrainingRank.Median([.. found.Select(value)]);
            double OfSteps(Func<StepTimes, double> value) => Median(one => value(one.Ranks.Steps));
            double OfLink(Func<ExchangeCost, double> value) => Median(one => value(one.Ranks.Link.Sum));
            var (step, two) = (OfSteps(one => one.Seconds), Median(one => one.TwoThreads.Seconds));
            var (free, forecast) = (Median(one => one.Ranks.Free.Seconds), Median(one => one.Forecast.Seconds));
            Console.WriteLine($"{path.Name,-34} {step * 1e3,8:f1} {two * 1e3,8:f1} "
                + $"{tokens / step,9:f0} {two / step,9:p0} {OfSteps(one => one.Waited / one.Seconds),7:p0} "
                + $"{OfSteps(one => one.ProcessorSeconds) * 1e3,7:f0} {free * 1e3,8:f1} "
                + $"{OfLink(one => one.Latency) * 1e6,10:f0} {1e-6 / OfLink(one => one.SecondsPerByte),7:f0} "
                + $"{1e-6 / OfLink(one => one.WirePerByte),7:f0} {forecast * 1e3,9:f1} "
                + $"{forecast / step - 1,7:p1}  {string.Join(' ', found.Select(one => $"{one.Error:p0}"))}");
        }
        if (json is not null)
            File.WriteAllText(json, JsonSerializer.Serialize(new RankResults(work, one, alone, results),
                new JsonSerializerOptions { WriteIndented = true }));
    }

    static PathResult Measure(RankPath path, string[] arguments)
    {
        StepTimes Two() => Launch.Alone<StepTimes>(1, ["alone", .. arguments, "--size", "1", "--threads", "2"]);
        RankTimes Ranks()
        {
            using var wire = path.Wire is null ? null : new Wire(path.Wire);
            return Launch.Ranks<RankTimes>(path, ["train", .. arguments]);
        }
        var (before, ranks, after) = (Two(), Ranks(), Two());
        return new(path.Name, StepTimes.Mean([before, after]), ranks, StepModel.Forecast(ranks.Free, ranks.Link));
    }
}
