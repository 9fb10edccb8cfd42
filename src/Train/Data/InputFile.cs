using System.IO.Compression;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Opens what the user named for reading; gzip is told by its first two bytes (1F 8B), never by the file's name.
/// </summary>
static class InputFile
{
    /// <summary>The bytes of a file, inflated where it is gzip.</summary>
    /// <exception cref="UserException">The file is missing, is a folder or may not be read.</exception>
    public static Stream Open(string path) => Inflate(OpenFile(path));

    static FileStream OpenFile(string path)
    {
        if (Directory.Exists(path))
            throw new UserException($"{path}: is a folder where a file is expected. Name one file in it.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16,
                FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserException($"{path}: no such file. Looked in {Path.GetDirectoryName(Path.GetFullPath(path))}.",
                e);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Refuses pipes and the like, for work that reads its files more than once.</summary>
    /// <exception cref="UserException">A file can be read only once, or not at all.</exception>
    public static void RequireRereadable(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            using var file = OpenFile(path);
            if (!file.CanSeek)
                throw new UserException($"{path}: a pipe can be read only once, and this text is read several times. "
                    + "Write it to a file first.");
        }
    }

    /// <summary>The same for an open stream, such as standard input. The result owns the stream.</summary>
    public static Stream Inflate(Stream stream)
    {
        var magic = new byte[2];
        var count = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        var whole = new PrefixedStream(magic.AsMemory(0, count), stream);
        return count == 2 && magic[0] == 0x1F && magic[1] == 0x8B
            ? new GZipStream(whole, CompressionMode.Decompress) : whole;
    }

    /// <summary>A stream whose first bytes were already read: gives them back first.</summary>
    sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set =>
            throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            if (prefix.IsEmpty) return rest.Read(buffer);
            var count = Math.Min(prefix.Length, buffer.Length);
            prefix.Span[..count].CopyTo(buffer);
            prefix = prefix[count..];
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
