using System.Collections.Concurrent;
using System.Diagnostics;

namespace LdNetGpu.Bench;

/// <summary>Latency and words a second, a row for each number of requests at once.</summary>
static class LoadTable
{
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task PrintAsync(ServerProcess server, RequestText[] texts, int[] concurrencies, TimeSpan time,
        CancellationToken cancellation)
    {
        await RunAsync(server, texts, concurrencies.Max(), WarmUp, cancellation);
        Console.WriteLine($"{texts.Length} requests of {texts.Average(text => text.Words):F1} words, "
            + $"{time.TotalSeconds} s a row");
        Console.WriteLine();
        Console.WriteLine("| at once | requests/s | words/s | p50 ms | p99 ms | most ms | words a batch | memory MB |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var concurrency in concurrencies)
        {
            var (batches, tagged) = (await server.CounterAsync("tagger_batches_total"),
                await server.CounterAsync("tagger_words_total"));
            var clock = Stopwatch.StartNew();
            var (times, words) = await RunAsync(server, texts, concurrency, time, cancellation);
            var seconds = clock.Elapsed.TotalSeconds;
            var batch = (await server.CounterAsync("tagger_words_total") - tagged)
                / (await server.CounterAsync("tagger_batches_total") - batches);
            Console.WriteLine($"| {concurrency} | {times.Length / seconds:F0} | {words / seconds:F0} | "
                + $"{Quantile(times, 0.5):F1} | {Quantile(times, 0.99):F1} | "
                + $"{times[^1]:F1} | {batch:F0} | {server.Memory:F0} |");
        }
    }

    static double Quantile(double[] sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];

    /// <summary>Each client sends its next request when it has its answer.</summary>
    static async Task<(double[] SortedTimes, long Words)> RunAsync(ServerProcess server, RequestText[] texts,
        int concurrency, TimeSpan time, CancellationToken cancellation)
    {
        var times = new ConcurrentBag<double>();
        var (next, words) = (-1, 0L);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed < time)
            {
                var text = texts[(uint)Interlocked.Increment(ref next) % texts.Length];
                var begin = Stopwatch.GetTimestamp();
                var status = await server.PostAsync(text.Body, cancellation);
                if (status != 200) throw new InvalidOperationException($"A request was answered {status}.");
                times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                Interlocked.Add(ref words, text.Words);
            }
        }, cancellation)));
        return ([.. times.Order()], words);
    }
}
