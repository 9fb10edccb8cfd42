using System.Text.Json;

namespace LdNetGpu.Bench;

/// <summary>The table for people and the same figures for machines.</summary>
static class Report
{
    public static void WriteHead(TextWriter output, string peer, RunOptions options) =>
        output.WriteLine($"{options.Threads} threads each, medians over {options.Rounds} rounds of " +
            $"{(options.CpuTime ? "processor time" : "time on the wall")}; beside: {peer}");

    /// <summary>One group's rows under a head of their own, and its memory.</summary>
    public static void WriteGroup(TextWriter output, GroupResult group, double bestRate)
    {
        output.WriteLine();
        output.WriteLine($"{group.Group,-34}{"GFLOP",9}{"floor ms",10}{"reached",9}" +
            $"{"ours ms",10}{"peer ms",12}{"ratio",8}{"target",8}");
        foreach (var row in group.Rows)
        {
            var floor = Floor(row, bestRate);
            output.WriteLine(
                $"{row.Work.Name,-34}{row.Work.Flops / 1e9,9:F3}{floor,10:F2}{floor / row.Ours.Milliseconds,9:P0}" +
                $"{row.Ours.Milliseconds,10:F2}{Cell(row.Peer.Milliseconds, "F2"),12}{Cell(row.Ratio, "F3"),8}"
                + $"{row.Work.Target,8}");
        }
        output.WriteLine($"peak memory of the process: ours {group.OurPeak >> 20} MiB, " +
            $"the peer's {(group.PeerPeak == 0 ? "-" : $"{group.PeerPeak >> 20}")} MiB");
        output.Flush();
    }

    /// <param name="peak">FLOP/s of multiply-adds alone, by <see cref="FmaPeak"/>.</param>
    public static void WriteTail(TextWriter output, double bestRate, double peak, double? startUp)
    {
        output.WriteLine();
        output.WriteLine($"floors are at the best matrix product's {bestRate / 1e9:F1} GFLOP/s, "
            + $"{bestRate / peak:P0} of the processor's multiply-adds alone ({peak / 1e9:F1})");
        output.WriteLine(startUp is { } milliseconds
            ? $"ldnet --help, start to end: {milliseconds:F0} ms" : "ldnet --help: build src/Cli in Release first");
    }

    public static void WriteJson(
        string file, Comparison comparison, double peak, string peer, double? startUp, RunOptions options) =>
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            threads = options.Threads,
            rounds = options.Rounds,
            cpu_time = options.CpuTime,
            peer,
            best_gflops = Number(comparison.BestRate / 1e9),
            fma_peak_gflops = Number(peak / 1e9),
            rows = comparison.Groups.SelectMany(group => group.Rows).Select(row => new
            {
                name = row.Work.Name,
                flops = row.Work.Flops,
                floor_ms = Number(Floor(row, comparison.BestRate)),
                ours_ms = row.Ours.Milliseconds,
                ours_least_ms = row.Ours.Least,
                peer_ms = Number(row.Peer.Milliseconds),
                peer_least_ms = Number(row.Peer.Least),
                ratio = Number(row.Ratio),
                target = row.Work.Target,
            }),
            memory = comparison.Groups.Select(
                group => new { group = group.Group, ours_bytes = group.OurPeak, peer_bytes = group.PeerPeak }),
            help_ms = startUp,
        }, new JsonSerializerOptions { WriteIndented = true }));

    static double Floor(RowResult row, double bestRate) => row.Work.Flops / bestRate * 1000;

    static string Cell(double value, string format) => double.IsFinite(value) ? value.ToString(format) : "-";

    static double? Number(double value) => double.IsFinite(value) ? value : null;
}
