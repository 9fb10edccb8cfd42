using System.IO.Compression;

namespace LdNetGpu.Train.Data;

/// <summary>
/// What a gzip stream holds, up to a limit of how much larger that is: a few megabytes can be made to hold what no disk
/// does.
/// </summary>
sealed class InflatedStream(InputStream compressed, FileReading reading, string name) : ForwardStream
{
    // Small files may be of one word: nothing is lost by reading them.
    const long FreeOfLimit = 64 << 20;

    readonly GZipStream inflated = new(compressed, CompressionMode.Decompress);
    long count;

    /// <exception cref="InputLimitException">It holds too many times what it takes.</exception>
    /// <exception cref="InvalidDataException">It breaks off or is damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = inflated.Read(buffer);
        count += read;
        // Where gzip's parts end with the file, the end was asked for; what else follows them .NET passes over.
        if (read == 0 && !buffer.IsEmpty && !compressed.HasEnded)
            throw new InvalidDataException("Bytes follow its end that are no gzip.");
        if (count > FreeOfLimit && count > compressed.Count * reading.MostInflation)
            throw new InputLimitException(name, InputLimit.Inflation,
                Invariant($"{compressed.Count:N0} bytes of gzip became {count:N0} so far, more than ")
                + Invariant($"{reading.MostInflation} times as many: a file made to fill memory or disk. If it is ")
                + "meant, unpack it, or raise the limit.");
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inflated.Dispose();
        base.Dispose(disposing);
    }
}
