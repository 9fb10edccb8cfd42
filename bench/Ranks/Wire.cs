using System.Collections.Concurrent;
using System.Diagnostics;
using LdNetGpu.Devices.Mpi;

namespace LdNetGpu.Bench;

/// <summary>What a wire does to packets.</summary>
/// <param name="DelayMilliseconds">One way.</param>
/// <param name="Loss">Share of the packets that do not arrive, 0 to 1.</param>
/// <param name="MegabitsPerSecond">How fast they are put on it; 0 as fast as they come.</param>
sealed record WireOptions(double DelayMilliseconds = 0, double Loss = 0, double MegabitsPerSecond = 0);

/// <summary>
/// Two network namespaces, as two machines have them, and a wire between them: this process carries the packets over,
/// late, at a rate, and not all of them. For kernels without netem. Needs root.
/// </summary>
sealed class Wire : IDisposable
{
    const int PacketBytes = 9000;
    const string Device = "ldwire";

    readonly TunDevice[] ends;
    readonly Thread[] carriers;

    public Wire(WireOptions options)
    {
        Remove();
        for (var i = 0; i < 2; i++)
        {
            var space = Spaces[i];
            Ip($"netns add {space}");
            Ip($"-n {space} link set lo up");
            Ip($"-n {space} tuntap add {Device} mode tun");
            Ip($"-n {space} addr add {Addresses[i]}/24 dev {Device}");
            Ip($"-n {space} link set {Device} mtu {PacketBytes} txqueuelen 10000 up");
        }
        ends = [.. Spaces.Select(space => TunDevice.Open(space, Device))];
        carriers = [.. Carry(ends[0], ends[1], options, seed: 1), .. Carry(ends[1], ends[0], options, seed: 2)];
        foreach (var carrier in carriers) carrier.Start();
    }

    public static string[] Spaces { get; } = ["ldnet-0", "ldnet-1"];

    public static string[] Addresses { get; } = ["10.83.0.1", "10.83.0.2"];

    public static string Network => "10.83.0.0/24";

    public void Dispose()
    {
        // The devices go first: whoever waits for a packet then gets none.
        foreach (var space in Spaces) Ip($"-n {space} link del {Device}");
        foreach (var carrier in carriers) carrier.Join();
        foreach (var end in ends) end.Dispose();
        Remove();
    }

    static Thread[] Carry(TunDevice from, TunDevice to, WireOptions options, int seed)
    {
        var late = new BlockingCollection<(byte[] Packet, long Due)>(20_000);
        var random = new Random(seed);
        var taker = new Thread(() =>
        {
            var packet = new byte[PacketBytes + 100];
            long free = 0;
            while (from.Read(packet) is > 0 and var length)
            {
                if (random.NextDouble() < options.Loss) continue;
                var now = Stopwatch.GetTimestamp();
                var seconds = options.MegabitsPerSecond > 0 ? length * 8 / (options.MegabitsPerSecond * 1e6) : 0;
                free = Math.Max(now, free) + (long)(seconds * Stopwatch.Frequency);
                var due = free + (long)(options.DelayMilliseconds / 1e3 * Stopwatch.Frequency);
                if (due <= now) to.Write(packet[..length]);
                // Like any queue it takes no more than it holds.
                else late.TryAdd((packet[..length], due));
            }
            late.CompleteAdding();
        }) { IsBackground = true };
        var giver = new Thread(() =>
        {
            foreach (var (packet, due) in late.GetConsumingEnumerable())
            {
                WaitUntil(due);
                to.Write(packet);
            }
        }) { IsBackground = true };
        return [taker, giver];
    }

    static void WaitUntil(long due)
    {
        while (true)
        {
            var microseconds = (due - Stopwatch.GetTimestamp()) * 1_000_000 / Stopwatch.Frequency;
            if (microseconds <= 0) return;
            ShortSleep.Microseconds((int)Math.Min(microseconds, 900_000));
        }
    }

    static void Remove()
    {
        foreach (var space in Spaces)
            if (File.Exists($"/var/run/netns/{space}")) Ip($"netns del {space}");
    }

    static void Ip(string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new IOException($"ip {arguments}: {error.Trim()}");
    }
}
