namespace LdNetGpu.Train.Data;

/// <summary>Passes a stream on to its reader and keeps what was read.</summary>
/// <param name="source">Left open.</param>
sealed class RecordingStream(Stream source) : ForwardStream
{
    readonly MemoryStream kept = new();

    /// <summary>All bytes read so far.</summary>
    public ReadOnlySpan<byte> Bytes => kept.GetBuffer().AsSpan(0, (int)kept.Length);

    public override int Read(Span<byte> buffer)
    {
        var count = source.Read(buffer);
        kept.Write(buffer[..count]);
        return count;
    }
}
