using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Shards;

/// <summary>Passes reads on, keeps their count and CRC-32C, and tells of each.</summary>
sealed class ChecksummedInput(Stream source, Action<int> onRead) : ForwardStream
{
    Crc32C crc = new();
    long length;

    /// <summary>What was read so far.</summary>
    public ManifestEntry Entry => new(length, crc.Value.ToString("x8"));

    public override int Read(Span<byte> buffer)
    {
        var count = source.Read(buffer);
        crc.Append(buffer[..count]);
        length += count;
        if (count > 0) onRead(count);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) source.Dispose();
        base.Dispose(disposing);
    }
}
