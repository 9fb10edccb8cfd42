using System.Diagnostics;
using System.Runtime.InteropServices;
using LdNetGpu.Train.Distributed;

namespace LdNetGpu.Bench;

/// <summary>
/// Notes when exchanges begin, and hands them on: whole, or one number of each, so that ranks meet as often and nothing
/// is to be carried. Without a link behind it nobody is met either.
/// </summary>
sealed unsafe class TimedLink(IRankLink? link, int rank, int size) : IRankLink
{
    readonly byte* nothing = (byte*)NativeMemory.AllocZeroed((nuint)size + 1);

    /// <summary>Of each exchange since <see cref="Clear"/>: whether it is a sum, bytes of this rank, when it
    /// began.</summary>
    public List<(bool IsSum, int Bytes, long Begun)> Begun { get; } = [];

    /// <summary>Whether one number of each exchange is carried.</summary>
    public bool MeetsOnly { get; set; }

    public int Rank => rank;

    public int Size => size;

    public string Name => link?.Name ?? "none";

    public void Clear() => Begun.Clear();

    public IRankExchange Sum(float* values, int count)
    {
        Begun.Add((true, count * sizeof(float), Stopwatch.GetTimestamp()));
        return link?.Sum(values, MeetsOnly ? Math.Min(1, count) : count) ?? Over.Instance;
    }

    public IRankExchange Gather(byte* mine, int length, byte* all, int[] lengths)
    {
        Begun.Add((false, length, Stopwatch.GetTimestamp()));
        if (link is not null && !MeetsOnly) return link.Gather(mine, length, all, lengths);
        for (var i = 0; i < size; i++, all += length) new Span<byte>(mine, length).CopyTo(new(all, length));
        return link?.Gather(nothing + size, 1, nothing, [.. Enumerable.Repeat(1, size)]) ?? Over.Instance;
    }

    public bool Fail(string message) => link?.Fail(message) ?? false;

    public void Dispose()
    {
        link?.Dispose();
        NativeMemory.Free(nothing);
    }

    sealed class Over : IRankExchange
    {
        public static readonly Over Instance = new();

        public void Wait() { }
    }
}
