namespace LdNetGpu.Train.Data;

/// <summary>
/// Text whose lines end in a carriage return alone, as old Macs wrote it, read as if they ended in a line feed: byte
/// for byte, so that columns stay. Such a text has a carriage return and no line feed in its first 64 KiB; any other
/// passes through as it is.
/// </summary>
/// <param name="text">Closed with this stream.</param>
sealed class CarriageReturnStream(Stream text) : ForwardStream
{
    const int Judged = 1 << 16;

    byte[] held = [];
    int heldStart;
    bool? replaces;
    bool ended;

    /// <summary>Whether line ends are replaced; false until it is known.</summary>
    public bool Replaces => replaces == true;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        if (heldStart < held.Length) return FromHeld(buffer);
        if (replaces == false || ended) return ended ? 0 : text.Read(buffer);
        var count = text.Read(buffer);
        if (replaces is null && buffer[..count].IndexOfAny((byte)'\n', (byte)'\r') is var first and >= 0)
        {
            if (buffer[first] == (byte)'\n') replaces = false;
            else
            {
                Judge(buffer[..count]);
                return FromHeld(buffer);
            }
        }
        if (replaces == true) buffer[..count].Replace((byte)'\r', (byte)'\n');
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) text.Dispose();
        base.Dispose(disposing);
    }

    // A carriage return came before any line feed: reads on until one tells what the first was.
    void Judge(ReadOnlySpan<byte> start)
    {
        var seen = new List<byte>(start.Length);
        seen.AddRange(start);
        var more = new byte[1 << 12];
        while (seen.Count < Judged && !ended && !seen.Contains((byte)'\n'))
        {
            var count = text.Read(more);
            ended = count == 0;
            seen.AddRange(more.AsSpan(0, count));
        }
        replaces = !seen.Contains((byte)'\n');
        (held, heldStart) = ([.. seen], 0);
        if (Replaces) held.AsSpan().Replace((byte)'\r', (byte)'\n');
    }

    int FromHeld(Span<byte> buffer)
    {
        var count = Math.Min(held.Length - heldStart, buffer.Length);
        held.AsSpan(heldStart, count).CopyTo(buffer);
        heldStart += count;
        if (heldStart == held.Length) (held, heldStart) = ([], 0);
        return count;
    }
}
