using System.Diagnostics;
using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Bench;

/// <summary>Notes when exchanges begin, and hands them on, or carries nothing.</summary>
sealed unsafe class TimedLink(IRankLink? link, int rank, int size) : IRankLink
{
    /// <summary>Of each exchange since <see cref="Clear"/>: whether it is a sum, bytes of this rank, when it
    /// began.</summary>
    public List<(bool IsSum, int Bytes, long Begun)> Begun { get; } = [];

    /// <summary>Whether exchanges are carried; else each is over at once, with this rank's own numbers.</summary>
    public bool Carries { get; set; } = link is not null;

    public int Rank => rank;

    public int Size => size;

    public string Name => link?.Name ?? "none";

    public void Clear() => Begun.Clear();

    public IRankExchange Sum(float* values, int count)
    {
        Begun.Add((true, count * sizeof(float), Stopwatch.GetTimestamp()));
        return Carries ? link!.Sum(values, count) : Over.Instance;
    }

    public IRankExchange Gather(byte* mine, int length, byte* all, int[] lengths)
    {
        Begun.Add((false, length, Stopwatch.GetTimestamp()));
        if (Carries) return link!.Gather(mine, length, all, lengths);
        for (var i = 0; i < size; i++, all += length) new Span<byte>(mine, length).CopyTo(new(all, length));
        return Over.Instance;
    }

    /// <summary>Every rank's numbers, all ranks' largest in each place; they go on together.</summary>
    public double[] Largest(double[] mine)
    {
        if (link is null) return mine;
        var all = new double[mine.Length * size];
        var bytes = mine.Length * sizeof(double);
        fixed (double* from = mine, to = all)
            link.Gather((byte*)from, bytes, (byte*)to, [.. Enumerable.Repeat(bytes, size)]).Wait();
        return [.. Enumerable.Range(0, mine.Length).Select(i =>
            Enumerable.Range(0, size).Max(other => all[other * mine.Length + i]))];
    }

    public bool Fail(string message) => link?.Fail(message) ?? false;

    public void Dispose() => link?.Dispose();

    sealed class Over : IRankExchange
    {
        public static readonly Over Instance = new();

        public void Wait() { }
    }
}
