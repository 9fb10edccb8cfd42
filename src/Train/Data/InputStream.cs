namespace LdNetGpu.Train.Data;

/// <summary>
/// A stream whose first bytes were already read: gives them back first. Counts what it gives, and can be stopped
/// between two pieces.
/// </summary>
sealed class InputStream(ReadOnlyMemory<byte> prefix, Stream rest, FileReading reading) : ForwardStream
{
    ReadOnlyMemory<byte> prefix = prefix;

    /// <summary>Bytes given so far.</summary>
    public long Count { get; private set; }

    /// <summary>Whether it has said that there is no more.</summary>
    public bool HasEnded { get; private set; }

    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public override int Read(Span<byte> buffer)
    {
        reading.Cancellation.ThrowIfCancellationRequested();
        var count = prefix.IsEmpty ? rest.Read(buffer) : Math.Min(prefix.Length, buffer.Length);
        if (!prefix.IsEmpty)
        {
            prefix.Span[..count].CopyTo(buffer);
            prefix = prefix[count..];
        }
        Count += count;
        HasEnded |= count == 0 && !buffer.IsEmpty;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) rest.Dispose();
        base.Dispose(disposing);
    }
}
