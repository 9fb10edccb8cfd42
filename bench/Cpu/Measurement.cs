using System.Diagnostics;
using System.Runtime;
using System.Text.Json;
using System.Text.Json.Serialization;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Bench;

/// <summary>One line that a measuring process prints, ours or PyTorch's: what one round found for one row.</summary>
/// <param name="Us">Median microseconds of the round's calls.</param>
/// <param name="LeastUs">The fastest call's.</param>
/// <param name="PeakBytes">Largest resident memory of the process so far.</param>
sealed record Measurement(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("us")] double Us,
    [property: JsonPropertyName("least_us")] double LeastUs,
    [property: JsonPropertyName("peak_bytes")] long PeakBytes)
{
    /// <summary>The measurements among the lines that a process printed.</summary>
    public static IEnumerable<Measurement> Parse(IEnumerable<string> lines) =>
        lines.Where(line => line.StartsWith('{')).Select(line => JsonSerializer.Deserialize<Measurement>(line)!);

    /// <summary>Measures a row in this process and prints its line.</summary>
    public static void Run(WorkGroup group, string row, int threads, bool cpuTime)
    {
        var work = group.Rows.Single(work => work.Name == row);
        using var device = new CpuDevice(threads);
        using var scope = new TensorScope();
        var (median, least) = Time(work.Prepare(new CpuBackend<float>(device)), group.WarmUp, group.Repetitions, cpuTime);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(new Measurement(work.Name, median, least, process.PeakWorkingSet64)));
    }

    /// <summary>Warm-up goes on until the JIT has had nothing to compile for this long: it has then compiled what runs often for good, as in any run longer than a few seconds.</summary>
    static readonly TimeSpan JitRest = TimeSpan.FromSeconds(0.6);

    static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(10);

    static (double Median, double Least) Time(Action action, int warmUp, int repetitions, bool cpuTime)
    {
        var begin = Stopwatch.GetTimestamp();
        var (compiled, lastCompiled) = (0L, begin);
        for (var i = 0; i < warmUp || Stopwatch.GetElapsedTime(lastCompiled) < JitRest && Stopwatch.GetElapsedTime(begin) < LongestWarmUp; i++)
        {
            action();
            if (JitInfo.GetCompiledMethodCount() != compiled) (compiled, lastCompiled) = (JitInfo.GetCompiledMethodCount(), Stopwatch.GetTimestamp());
        }
        var times = new double[repetitions];
        for (var i = 0; i < times.Length; i++)
        {
            var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            action();
            times[i] = (cpuTime ? Environment.CpuUsage.TotalTime - used : Stopwatch.GetElapsedTime(start)).TotalMicroseconds;
        }
        return (Statistics.Median(times), times.Min());
    }
}

static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
