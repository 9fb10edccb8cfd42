namespace LdNetGpu.Bench;

/// <summary>All rounds of one row on one side.</summary>
sealed class Rounds
{
    readonly List<double> medians = [];

    /// <summary>Median over the rounds' medians, milliseconds; NaN without rounds.</summary>
    public double Milliseconds => medians.Count == 0 ? double.NaN : Statistics.Median(medians) / 1000;

    /// <summary>The fastest single call, milliseconds.</summary>
    public double Least { get; private set; } = double.PositiveInfinity;

    public void Add(Measurement measurement)
    {
        medians.Add(measurement.Us);
        Least = Math.Min(Least, measurement.LeastUs / 1000);
    }
}

/// <summary>One row, both sides.</summary>
sealed record RowResult(Work Work, Rounds Ours, Rounds Peer)
{
    /// <summary>Our time over PyTorch's.</summary>
    public double Ratio => Ours.Milliseconds / Peer.Milliseconds;
}

/// <summary>The rows of one group, and the most memory that each side's processes needed for them.</summary>
sealed record GroupResult(string Group, IReadOnlyList<RowResult> Rows, long OurPeak, long PeerPeak);

/// <summary>How to measure.</summary>
/// <param name="CpuTime">Count the processes' processor time and not the time on the wall: for one thread on a machine that is busy otherwise.</param>
sealed record RunOptions(int Rounds, int Threads, bool CpuTime);

/// <summary>What a run found.</summary>
/// <param name="BestRate">FLOP/s of the fastest matrix product of the run, whoever made it: what floors are counted from.</param>
sealed record Comparison(double BestRate, IReadOnlyList<GroupResult> Groups)
{
    /// <summary>The matrix product that is measured in every run, for the floors.</summary>
    const string RateRow = "gemm.2048x2048x2048";

    /// <summary>
    /// Measures in rounds, ours and PyTorch's in turn, so that whatever else the machine does falls on both alike: a process a row on our side, one a group on PyTorch's.
    /// Matrix products come first, so that each group's floors are known when it is done.
    /// </summary>
    /// <param name="done">Called with each group as soon as it is measured, and the best rate.</param>
    public static Comparison Run(Peer? peer, IReadOnlyCollection<string> only, RunOptions options, Action<GroupResult, double> done)
    {
        bool IsWanted(Work work) => only.Count == 0 || only.Any(part => work.Name.Contains(part, StringComparison.Ordinal));
        var results = new List<GroupResult>();
        var bestRate = double.NaN;
        foreach (var group in WorkList.Groups)
        {
            var measured = Measure(peer, group, [.. group.Rows.Where(work => work.Name == RateRow || IsWanted(work))], options);
            if (double.IsNaN(bestRate)) bestRate = measured.Rows.Max(row => row.Work.Flops / (Math.Min(row.Ours.Least, row.Peer.Least) / 1000));
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
        long ourPeak = 0, peerPeak = 0;
        for (var round = 0; round < options.Rounds && rows.Length > 0; round++)
        {
            Console.Error.WriteLine($"{group.Name}, round {round + 1} of {options.Rounds}");
            foreach (var row in rows)
            {
                var measurement = Ours(group, row.Work.Name, options);
                row.Ours.Add(measurement);
                ourPeak = Math.Max(ourPeak, measurement.PeakBytes);
            }
            if (peer is null) continue;
            foreach (var measurement in peer.Measure(group, rows.Select(row => row.Work.PeerName).Distinct(), options))
            {
                foreach (var row in rows.Where(row => row.Work.PeerName == measurement.Name)) row.Peer.Add(measurement);
                peerPeak = Math.Max(peerPeak, measurement.PeakBytes);
            }
        }
        return new(group.Name, rows, ourPeak, peerPeak);
    }

    static Measurement Ours(WorkGroup group, string row, RunOptions options)
    {
        var outcome = ChildProcess.Run(Path.Combine(AppContext.BaseDirectory, "ldnet-bench"), ["measure", group.Name, "--threads", $"{options.Threads}", "--row", row, .. options.CpuTime ? ["--cpu-time"] : Array.Empty<string>()])!;
        if (outcome.Status != 0) throw new InvalidOperationException($"{row}: exit {outcome.Status}, {outcome.Error}");
        return Measurement.Parse(outcome.Lines).Single();
    }
}
