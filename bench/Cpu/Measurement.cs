using System.Diagnostics;
using System.Runtime;
using System.Text.Json;
using System.Text.Json.Serialization;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Bench;

/// <summary>One line that a measuring process prints, ours or the peer's: what one turn found for its row.</summary>
/// <param name="Us">Median microseconds of the turn's calls.</param>
/// <param name="LeastUs">The fastest call's.</param>
/// <param name="PeakBytes">Largest resident memory of the process so far.</param>
sealed record Measurement(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("us")] double Us,
    [property: JsonPropertyName("least_us")] double LeastUs,
    [property: JsonPropertyName("peak_bytes")] long PeakBytes)
{
    /// <summary>The line that says that the warm-up is over.</summary>
    public const string Ready = "# ready";

    /// <summary>
    /// Warms a row up in this process, then takes a turn, and prints its line, for each line of standard input.
    /// </summary>
    public static void Run(WorkGroup group, string row, int threads, bool cpuTime)
    {
        var work = group.Rows.Single(work => work.Name == row);
        using var device = new CpuDevice(threads);
        using var scope = new TensorScope();
        using var process = Process.GetCurrentProcess();
        var action = work.Prepare(new CpuBackend<float>(device));
        WarmUp(action, group.WarmUp);
        Console.WriteLine(Ready);
        while (Console.ReadLine() is not null)
        {
            var (median, least) = Turn(action, cpuTime);
            process.Refresh();
            Console.WriteLine(
                JsonSerializer.Serialize(new Measurement(work.Name, median, least, process.PeakWorkingSet64)));
        }
    }

    /// <summary>
    /// Warm-up goes on until the JIT has had nothing to compile for this long: it has then compiled
    /// what runs often for good, as in any run longer than a few seconds.
    /// </summary>
    static readonly TimeSpan JitRest = TimeSpan.FromSeconds(0.6);

    static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A turn is calls for this long, the first of several left out: it finds the other side's data in the caches.
    /// </summary>
    static readonly TimeSpan TurnLength = TimeSpan.FromSeconds(0.5);

    static void WarmUp(Action action, int calls)
    {
        var begin = Stopwatch.GetTimestamp();
        var (compiled, lastCompiled) = (0L, begin);
        for (var i = 0; i < calls
            || Stopwatch.GetElapsedTime(lastCompiled) < JitRest && Stopwatch.GetElapsedTime(begin) < LongestWarmUp; i++)
        {
            action();
            if (JitInfo.GetCompiledMethodCount() != compiled)
                (compiled, lastCompiled) = (JitInfo.GetCompiledMethodCount(), Stopwatch.GetTimestamp());
        }
    }

    static (double Median, double Least) Turn(Action action, bool cpuTime)
    {
        var times = new List<double>();
        while (times.Sum() < TurnLength.TotalMicroseconds)
        {
            var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            action();
            times.Add(
                (cpuTime ? Environment.CpuUsage.TotalTime - used : Stopwatch.GetElapsedTime(start)).TotalMicroseconds);
        }
        if (times.Count > 1) times.RemoveAt(0);
        return (Statistics.Median(times), times.Min());
    }
}

static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
