using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Checkpoints;

/// <summary>Size and CRC-32C of files that are there.</summary>
static class FileChecksum
{
    const int Piece = 1 << 16;

    /// <summary>Of a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static ManifestEntry Of(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete,
            Piece);
        return Of(stream);
    }

    /// <summary>Of an open file from where it stands, which it leaves at its start.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static ManifestEntry Of(FileStream stream)
    {
        var crc = new Crc32C();
        var length = 0L;
        var buffer = new byte[Piece];
        for (int read; (read = stream.Read(buffer)) > 0; length += read)
        {
            FileReading.Current.Cancellation.ThrowIfCancellationRequested();
            crc.Append(buffer.AsSpan(0, read));
        }
        stream.Position = 0;
        return new(length, crc.Value.ToString("x8"));
    }
}
