using System.Collections.Concurrent;

namespace LdNetGpu.Devices;

/// <summary>
/// For tests: bytes of a known pattern right before and right behind every buffer of a device, looked at when the
/// buffer goes back. They find what writes outside of a buffer and still inside the process's memory.
/// </summary>
sealed unsafe class HostGuards
{
    /// <summary>
    /// Bytes on each side: more than the rows of small operands, and a multiple of a cache line, so that buffers stay
    /// aligned.
    /// </summary>
    public const int Width = 4096;

    const byte Pattern = 0xA5;
    readonly ConcurrentQueue<string> broken = [];

    /// <summary>What was written over so far, in words.</summary>
    public IReadOnlyCollection<string> Broken => broken;

    public static void Place(nint buffer, long bytes)
    {
        Before(buffer).Fill(Pattern);
        Behind(buffer, bytes).Fill(Pattern);
    }

    public void Check(nint buffer, long bytes)
    {
        var before = Before(buffer).LastIndexOfAnyExcept(Pattern);
        var behind = Behind(buffer, bytes).IndexOfAnyExcept(Pattern);
        if (before >= 0) broken.Enqueue($"byte -{Width - before} of a buffer of {bytes} bytes was written");
        if (behind >= 0) broken.Enqueue($"byte {bytes + behind} of a buffer of {bytes} bytes was written");
    }

    static Span<byte> Before(nint buffer) => new((void*)(buffer - Width), Width);

    static Span<byte> Behind(nint buffer, long bytes) => new((void*)(buffer + (nint)bytes), Width);
}
