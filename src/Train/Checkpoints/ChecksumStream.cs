using LdNetGpu.Model.Checkpoints;

namespace LdNetGpu.Train.Checkpoints;

/// <summary>Passes writes on and keeps their count and CRC-32C.</summary>
sealed class ChecksumStream(Stream target) : Stream
{
    Crc32C crc = new();
    long length;

    public ManifestEntry Entry => new(length, crc.Value.ToString("x8"));

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position
    {
        get => length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        target.Write(buffer);
        crc.Append(buffer);
        length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => target.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
