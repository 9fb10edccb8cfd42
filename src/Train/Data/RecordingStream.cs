namespace LdNetGpu.Train.Data;

/// <summary>Passes a stream on to its reader and keeps what was read.</summary>
/// <param name="source">Left open.</param>
sealed class RecordingStream(Stream source) : Stream
{
    readonly MemoryStream kept = new();

    /// <summary>All bytes read so far.</summary>
    public ReadOnlySpan<byte> Bytes => kept.GetBuffer().AsSpan(0, (int)kept.Length);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set =>
        throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var count = source.Read(buffer);
        kept.Write(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override void Flush() { }
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
