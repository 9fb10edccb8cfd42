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

/// <summary>The most memory a side's processes needed, by group.</summary>
sealed record GroupMemory(string Group, long Ours, long Peer);

/// <summary>How to measure.</summary>
/// <param name="CpuTime">Count the processes' processor time and not the time on the wall: for one thread on a machine that is busy otherwise.</param>
sealed record RunOptions(int Rounds, int Threads, bool CpuTime);

/// <summary>What a run found.</summary>
/// <param name="BestRate">FLOP/s of the fastest matrix product of the run, whoever made it: what floors are counted from.</param>
sealed record Comparison(IReadOnlyList<RowResult> Rows, IReadOnlyList<GroupMemory> Memory, double BestRate)
{
    /// <summary>
    /// Measures in rounds, ours and PyTorch's in turn, one process a group and side, so that whatever else the machine does falls on both alike.
    /// </summary>
    public static Comparison Run(Peer? peer, IReadOnlyCollection<string> only, RunOptions options)
    {
        var results = new List<RowResult>();
        var memory = new List<GroupMemory>();
        foreach (var group in WorkList.Groups)
        {
            var rows = group.Rows.Where(work => only.Count == 0 || only.Any(part => work.Name.Contains(part, StringComparison.Ordinal)))
                .Select(work => new RowResult(work, new(), new())).ToArray();
            if (rows.Length == 0) continue;
            long ourPeak = 0, peerPeak = 0;
            for (var round = 0; round < options.Rounds; round++)
            {
                Console.Error.WriteLine($"{group.Name}, round {round + 1} of {options.Rounds}");
                foreach (var measurement in Ours(group, rows.Select(row => row.Work.Name), options))
                {
                    Array.Find(rows, row => row.Work.Name == measurement.Name)!.Ours.Add(measurement);
                    ourPeak = Math.Max(ourPeak, measurement.PeakBytes);
                }
                if (peer is null) continue;
                foreach (var measurement in peer.Measure(group, rows.Select(row => row.Work.PeerName).Distinct(), options))
                {
                    foreach (var row in rows.Where(row => row.Work.PeerName == measurement.Name)) row.Peer.Add(measurement);
                    peerPeak = Math.Max(peerPeak, measurement.PeakBytes);
                }
            }
            results.AddRange(rows);
            memory.Add(new(group.Name, ourPeak, peerPeak));
        }
        return new(results, memory, BestGemmRate(results));
    }

    static double BestGemmRate(IEnumerable<RowResult> rows) =>
        rows.Where(row => row.Work.Name.StartsWith("gemm.", StringComparison.Ordinal)).Select(row => row.Work.Flops / (Math.Min(row.Ours.Least, row.Peer.Least) / 1000)).DefaultIfEmpty(double.NaN).Max();

    static IEnumerable<Measurement> Ours(WorkGroup group, IEnumerable<string> rows, RunOptions options)
    {
        var outcome = ChildProcess.Run(Environment.ProcessPath!, ["measure", group.Name, "--threads", $"{options.Threads}", "--rows", string.Join(',', rows), .. options.CpuTime ? ["--cpu-time"] : Array.Empty<string>()])!;
        if (outcome.Status != 0) throw new InvalidOperationException($"{group.Name}: exit {outcome.Status}, {outcome.Error}");
        return Measurement.Parse(outcome.Lines);
    }
}
