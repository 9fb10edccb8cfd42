using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace LdNetGpu.Bench;

/// <summary>
/// Load for a long time, one request in twenty hostile: whether memory grows, and whether each has its answer.
/// </summary>
static class Soak
{
    const int Clients = 16, HostileOneIn = 20, Samples = 12;

    // Body, and the status that it must have; 0 for a client that leaves.
    static readonly (byte[] Body, int Status)[] Hostile =
    [
        ("{\"text\": "u8.ToArray(), 400), ("{\"text\": 1}"u8.ToArray(), 400), ([0xFF, 0xFE, 0], 400),
        (Encoding.UTF8.GetBytes(new string('[', 100_000)), 400),
        (Encoding.UTF8.GetBytes($"{{\"text\": \"{new string('a', 300_000)}\"}}"), 200),
        (Encoding.UTF8.GetBytes($"{{\"text\": \"{string.Concat(Enumerable.Repeat("Anna \\u0000 ", 2000))}\"}}"), 200),
        ("{\"text\": \"Anna\"}"u8.ToArray(), 0),
    ];

    public static async Task<int> RunAsync(ServerProcess server, RequestText[] texts, TimeSpan time,
        CancellationToken cancellation)
    {
        var statuses = new ConcurrentDictionary<string, long>();
        var (next, words) = (-1, 0L);
        var clock = Stopwatch.StartNew();
        var clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed < time)
            {
                var number = (uint)Interlocked.Increment(ref next);
                if (number % HostileOneIn == 0)
                {
                    var (body, status) = Hostile[number / HostileOneIn % Hostile.Length];
                    Count(await SendAsync(server, body, leaves: status == 0, cancellation), status);
                    continue;
                }
                var text = texts[number % texts.Length];
                Count(await server.PostAsync(text.Body, cancellation), 200);
                Interlocked.Add(ref words, text.Words);
            }
        }, cancellation)));

        void Count(int status, int expected) => statuses.AddOrUpdate(
            status == 0 ? "left"
                : status == expected || expected == 0 ? $"{status}" : $"{status} instead of {expected}",
            1, (_, count) => count + 1);

        Console.WriteLine("| minutes | requests | words | memory MB |");
        Console.WriteLine("|---:|---:|---:|---:|");
        for (var sample = 1; sample <= Samples; sample++)
        {
            var until = time * sample / Samples - clock.Elapsed;
            if (until > TimeSpan.Zero) await Task.WhenAny(clients, Task.Delay(until, cancellation));
            Console.WriteLine($"| {clock.Elapsed.TotalMinutes:F1} | {next + 1} | {Volatile.Read(ref words)} | "
                + $"{server.Memory:F0} |");
            if (!server.IsUp) break;
        }
        await clients;
        Console.WriteLine();
        Console.WriteLine("answers: " + string.Join(", ",
            statuses.OrderBy(status => status.Key, StringComparer.Ordinal).Select(s => $"{s.Key}: {s.Value}")));
        var isGood = server.IsUp && !statuses.Keys.Any(status => status.Contains("instead", StringComparison.Ordinal));
        Console.WriteLine(isGood ? "every answer is the one expected" : "FAILED: answers differ from those expected");
        return isGood ? 0 : 1;
    }

    /// <returns>The status; 0 where the client left before it.</returns>
    static async Task<int> SendAsync(ServerProcess server, byte[] body, bool leaves, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (leaves) patience.CancelAfter(TimeSpan.FromMilliseconds(1));
        try
        {
            return await server.PostAsync(body, patience.Token);
        }
        catch (OperationCanceledException) when (leaves)
        {
            return 0;
        }
    }
}
