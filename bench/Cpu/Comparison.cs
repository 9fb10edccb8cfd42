namespace LdNetGpu.Bench;

/// <summary>All turns of one side at one row.</summary>
sealed class Turns
{
    readonly List<double> medians = [];

    /// <summary>Median over the turns' medians, milliseconds; NaN without turns.</summary>
    public double Milliseconds => medians.Count == 0 ? double.NaN : Statistics.Median(medians) / 1000;

    /// <summary>The fastest single call, milliseconds.</summary>
    public double Least { get; private set; } = double.PositiveInfinity;

    /// <summary>The most memory that a process held, bytes.</summary>
    public long PeakBytes { get; private set; }

    public void Add(Measurement measurement)
    {
        medians.Add(measurement.Us);
        Least = Math.Min(Least, measurement.LeastUs / 1000);
        PeakBytes = Math.Max(PeakBytes, measurement.PeakBytes);
    }
}

/// <summary>One row, both sides.</summary>
sealed record RowResult(Work Work, Turns Ours, Turns Peer)
{
    /// <summary>Our time over the peer's.</summary>
    public double Ratio => Ours.Milliseconds / Peer.Milliseconds;
}

/// <summary>The rows of one group, and the most memory that each side's processes needed for them.</summary>
sealed record GroupResult(string Group, IReadOnlyList<RowResult> Rows)
{
    public long OurPeak => Rows.Max(row => row.Ours.PeakBytes);

    public long PeerPeak => Rows.Max(row => row.Peer.PeakBytes);
}

/// <summary>How to measure.</summary>
/// <param name="CpuTime">Count the processes' processor time and not the time on the wall: for one thread on a machine
/// that is busy otherwise.</param>
sealed record RunOptions(int Rounds, int Threads, bool CpuTime);

/// <summary>What a run found.</summary>
/// <param name="BestRate">FLOP/s of the fastest matrix product of the run, whoever made it: what floors are counted
/// from.</param>
sealed record Comparison(double BestRate, IReadOnlyList<GroupResult> Groups)
{
    /// <summary>The matrix product that is measured in every run, for the floors.</summary>
    const string RateRow = "gemm.2048x2048x2048";

    /// <summary>
    /// Measures in rounds. In each, a process of ours and one of the peer's hold a row ready and take turns at it, so
    /// that whatever else the machine does falls on both alike. Matrix products come first, so that each group's floors
    /// are known when it is done.
    /// </summary>
    /// <param name="done">Called with each group as soon as it is measured, and the best rate.</param>
    public static Comparison Run(Peer? peer, IReadOnlyCollection<string> only, RunOptions options,
        Action<GroupResult, double> done)
    {
        bool IsWanted(Work work) =>
            only.Count == 0 || only.Any(part => work.Name.Contains(part, StringComparison.Ordinal));
        var results = new List<GroupResult>();
        var bestRate = double.NaN;
        foreach (var group in WorkList.Groups)
        {
            var measured = Measure(peer, group, [.. group.Rows.Where(work => work.Name == RateRow || IsWanted(work))],
                options);
            if (double.IsNaN(bestRate))
                bestRate = measured.Rows.Max(row => row.Work.Flops / (Math.Min(row.Ours.Least, row.Peer.Least) / 1000));
            var wanted = measured with { Rows = [.. measured.Rows.Where(row => IsWanted(row.Work))] };
            if (wanted.Rows.Count == 0) continue;
            results.Add(wanted);
            done(wanted, bestRate);
        }
        return new(bestRate, results);
    }

    static GroupResult Measure(Peer? peer, WorkGroup group, Work[] work, RunOptions options)
    {
        var rows = Array.ConvertAll(work, row => new RowResult(row, new(), new()));
        for (var round = 0; round < options.Rounds && rows.Length > 0; round++)
        {
            Console.Error.WriteLine($"{group.Name}, round {round + 1} of {options.Rounds}");
            foreach (var row in rows)
            {
                using var ours = Start(group, row.Work, options);
                using var theirs = peer?.Start(group, row.Work, options);
                for (var turn = 0; turn < group.Turns; turn++)
                {
                    row.Ours.Add(ours.TakeTurn());
                    if (theirs is not null) row.Peer.Add(theirs.TakeTurn());
                }
            }
        }
        return new(group.Name, rows);
    }

    static MeasuringProcess Start(WorkGroup group, Work work, RunOptions options) =>
        new(work.Name, Path.Combine(AppContext.BaseDirectory, "ldnet-bench"),
            ["measure", group.Name, "--threads", $"{options.Threads}", "--row", work.Name,
                .. options.CpuTime ? ["--cpu-time"] : Array.Empty<string>()]);
}
