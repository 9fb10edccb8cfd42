using System.IO.Compression;

namespace LdNetGpu.Train.Data;

/// <summary>
/// What a gzip stream holds, if it is whole, up to a limit of how much larger that is: a few megabytes can be made to
/// hold what no disk does.
/// </summary>
/// <remarks>
/// .NET takes a gzip that breaks off for one that ends, unless the whole program asks it to be strict. So a gzip of our
/// own follows the file's last byte: only behind a whole one is its content what comes out last.
/// </remarks>
sealed class InflatedStream(InputStream compressed, FileReading reading, string name) : ForwardStream
{
    // Small files may be of one word: nothing is lost by reading them.
    const long FreeOfLimit = 64 << 20;

    const int Piece = 1 << 16;

    static readonly byte[] Compressed = Compress();

    readonly GZipStream inflated = new(new FollowedStream(compressed, Compressed), CompressionMode.Decompress);
    readonly byte[] window = new byte[Piece + Seal.Length];
    long count;
    int begin, end;
    bool isWhole;

    static ReadOnlySpan<byte> Seal => "the gzip before was whole"u8;

    /// <exception cref="InputLimitException">It holds too many times what it takes.</exception>
    /// <exception cref="InvalidDataException">It breaks off or is damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        while (!isWhole && end - begin <= Seal.Length) Fill();
        var given = Math.Min(buffer.Length, end - begin - (isWhole ? 0 : Seal.Length));
        window.AsSpan(begin, given).CopyTo(buffer);
        begin += given;
        return given;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inflated.Dispose();
        base.Dispose(disposing);
    }

    void Fill()
    {
        window.AsSpan(begin, end - begin).CopyTo(window);
        (begin, end) = (0, end - begin);
        var read = inflated.Read(window.AsSpan(end));
        end += read;
        count += read;
        if (count > FreeOfLimit && count > compressed.Count * reading.MostInflation)
            throw new InputLimitException(name, InputLimit.Inflation,
                Invariant($"{compressed.Count:N0} bytes of gzip became {count:N0} so far, more than ")
                + Invariant($"{reading.MostInflation} times as many: a file made to fill memory or disk. If it is ")
                + "meant, unpack it, or raise the limit.");
        if (read > 0) return;
        if (!compressed.HasEnded) throw new InvalidDataException("Bytes follow its end that are no gzip.");
        if (!window.AsSpan(0, end).SequenceEqual(Seal)) throw new InvalidDataException("It breaks off.");
        (isWhole, end) = (true, 0);
    }

    static byte[] Compress()
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest)) gzip.Write(Seal);
        return memory.ToArray();
    }

    /// <summary>A stream, then bytes.</summary>
    sealed class FollowedStream(Stream first, byte[] last) : ForwardStream
    {
        int given;

        public override int Read(Span<byte> buffer)
        {
            var read = given == 0 ? first.Read(buffer) : 0;
            if (read > 0 || buffer.IsEmpty) return read;
            read = Math.Min(buffer.Length, last.Length - given);
            last.AsSpan(given, read).CopyTo(buffer);
            given += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) first.Dispose();
            base.Dispose(disposing);
        }
    }
}
