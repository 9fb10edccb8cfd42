using System.Diagnostics;
using System.Runtime.InteropServices;
using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Bench;

/// <summary>What an exchange costs by itself.</summary>
/// <param name="Latency">Seconds of the smallest.</param>
/// <param name="SecondsPerByte">For each byte more, of this rank, where it is the only one under way.</param>
/// <param name="WirePerByte">Seconds for each byte where many are under way.</param>
/// <param name="ProcessorPerByte">Seconds of the processor for each byte: all threads of this rank, and its part of
/// the process that is the wire.</param>
sealed record ExchangeCost(double Latency, double SecondsPerByte, double WirePerByte, double ProcessorPerByte)
{
    public static ExchangeCost Mean(IEnumerable<ExchangeCost> costs) => new(costs.Average(one => one.Latency),
        costs.Average(one => one.SecondsPerByte), costs.Average(one => one.WirePerByte),
        costs.Average(one => one.ProcessorPerByte));

    public double Seconds(double bytes) => Latency + bytes * SecondsPerByte;
}

/// <summary>Sums of gradients and gathers of rows, each a line through its sizes.</summary>
/// <param name="Sum">Of gradients.</param>
/// <param name="Gather">Of rows.</param>
sealed record LinkTimes(ExchangeCost Sum, ExchangeCost Gather)
{
    public static LinkTimes Mean(IReadOnlyList<LinkTimes> links) =>
        new(ExchangeCost.Mean(links.Select(one => one.Sum)), ExchangeCost.Mean(links.Select(one => one.Gather)));
}

/// <summary>A rank that exchanges and does nothing else: what the link costs.</summary>
static unsafe class LinkRank
{
    const int Together = 5;

    static readonly int[] Sizes = [1 << 10, 1 << 18, 1 << 20, 1 << 22];

    /// <param name="link">To measure.</param>
    /// <param name="seconds">About so long, for each kind of exchange.</param>
    /// <param name="wire">The process that carries packets; null on one machine.</param>
    public static LinkTimes Measure(IRankLink link, double seconds, Process? wire)
    {
        var values = (float*)NativeMemory.AllocZeroed((nuint)Sizes[^1] * Together);
        var all = (byte*)NativeMemory.AllocZeroed((nuint)Sizes[^1] * (nuint)link.Size * Together);
        try
        {
            return new(
                Cost((bytes, i) => link.Sum(values + (long)i * Sizes[^1] / sizeof(float), bytes / sizeof(float)), link,
                    seconds, wire),
                Cost((bytes, i) => link.Gather((byte*)values + (long)i * Sizes[^1], bytes,
                    all + (long)i * Sizes[^1] * link.Size, [.. Enumerable.Repeat(bytes, link.Size)]), link, seconds,
                    wire));
        }
        finally
        {
            NativeMemory.Free(values);
            NativeMemory.Free(all);
        }
    }

    static ExchangeCost Cost(Func<int, int, IRankExchange> begin, IRankLink link, double seconds,
        Process? wire)
    {
        var (times, processor) = (new double[Sizes.Length], new double[Sizes.Length]);
        for (var i = 0; i < Sizes.Length; i++)
            (times[i], processor[i]) = Measure(() => begin(Sizes[i], 0).Wait(), link, seconds / (Sizes.Length + 1),
                wire);
        var (together, _) = Measure(() =>
        {
            var all = Enumerable.Range(0, Together).Select(i => begin(Sizes[^1], i)).ToArray();
            foreach (var one in all) one.Wait();
        }, link, seconds / (Sizes.Length + 1), wire);
        // Through the smallest and the two largest: between them protocols change.
        double Slope(double[] values) => Enumerable.Range(Sizes.Length - 2, 2).Average(i =>
            (values[i] - values[0]) / (Sizes[i] - Sizes[0]));
        return new(times[0], Slope(times), (together - times[0]) / ((double)Together * Sizes[^1]),
            Math.Max(0, Slope(processor)));
    }

    // Seconds of one, and of the processor.
    static (double Seconds, double Processor) Measure(Action exchange, IRankLink link, double seconds,
        Process? wire)
    {
        exchange();
        var first = Stopwatch.StartNew();
        exchange();
        var count = Agreed(link, (int)Math.Clamp(seconds / first.Elapsed.TotalSeconds, 2, 500));
        var before = Processor(link, wire);
        var clock = Stopwatch.StartNew();
        for (var n = 0; n < count; n++) exchange();
        return (clock.Elapsed.TotalSeconds / count, (Processor(link, wire) - before).TotalSeconds / count);
    }

    static TimeSpan Processor(IRankLink link, Process? wire)
    {
        wire?.Refresh();
        return Environment.CpuUsage.TotalTime + (wire?.TotalProcessorTime / link.Size ?? default);
    }

    // As many on every rank: rank 0 decides.
    static int Agreed(IRankLink link, int count)
    {
        var counts = stackalloc int[link.Size];
        link.Gather((byte*)&count, sizeof(int), (byte*)counts, [.. Enumerable.Repeat(sizeof(int), link.Size)]).Wait();
        return counts[0];
    }
}
