using System.Buffers.Binary;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data.Embeddings;

/// <summary>
/// Reads a file of bytes from front to back: by lines, by marks, by numbers. Little is held, and nothing is made as
/// large as a number in the file says.
/// </summary>
sealed class ByteSource : IDisposable
{
    readonly Stream stream;
    byte[] buffer = new byte[1 << 16];
    int start, end;
    bool ended;

    /// <param name="path">Gzip or not.</param>
    /// <exception cref="UserException">The file is missing, is a folder or may not be read.</exception>
    public ByteSource(string path)
    {
        Name = path;
        stream = InputFile.Open(path);
        var file = new FileInfo(path);
        var isGzip = stream is InflatedStream;
        Length = !isGzip && file.Exists && file.Length > 0 ? file.Length : null;
    }

    /// <summary>The file.</summary>
    public string Name { get; }

    /// <summary>Bytes of the whole file; null where they are not known: gzip, or a pipe.</summary>
    public long? Length { get; }

    /// <summary>Bytes that were taken so far.</summary>
    public long Position { get; private set; }

    /// <summary>The next bytes, which stay; fewer where the file ends.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (end - start < count && Fill()) { }
        return buffer.AsSpan(start, Math.Min(count, end - start));
    }

    /// <summary>Passes over bytes that <see cref="Peek"/> showed.</summary>
    public void Take(int count)
    {
        start += count;
        Position += count;
    }

    /// <summary>
    /// The bytes up to a mark, which is passed over, or up to the end of the file. False at the end.
    /// </summary>
    /// <exception cref="UserException">There are more than <paramref name="most"/>.</exception>
    public bool TryReadTo(byte mark, int most, string what, out ReadOnlySpan<byte> bytes)
    {
        var searched = 0;
        while (true)
        {
            var found = buffer.AsSpan(start + searched, end - start - searched).IndexOf(mark);
            if (found >= 0 || ended)
            {
                var length = found >= 0 ? searched + found : end - start;
                bytes = buffer.AsSpan(start, length);
                Take(found >= 0 ? length + 1 : length);
                return found >= 0 || length > 0;
            }
            searched = end - start;
            if (searched > most)
                throw new UserException($"{Name}: {what} is longer than {most} bytes, {searched} so far: no file of "
                    + "word vectors has such.");
            Fill();
        }
    }

    /// <summary>Fills the whole span. False where the file ends before.</summary>
    public bool TryRead(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (start == end && !Fill()) return false;
            var count = Math.Min(bytes.Length, end - start);
            buffer.AsSpan(start, count).CopyTo(bytes);
            Take(count);
            bytes = bytes[count..];
        }
        return true;
    }

    /// <summary>Passes over bytes. False where the file ends before.</summary>
    public bool TrySkip(long count)
    {
        while (count > 0)
        {
            if (start == end && !Fill()) return false;
            var taken = (int)Math.Min(count, end - start);
            Take(taken);
            count -= taken;
        }
        return true;
    }

    /// <summary>A row of 32-bit floating-point numbers, the low byte first. False where the file ends before.</summary>
    public bool TryRead(Span<float> numbers)
    {
        Span<byte> four = stackalloc byte[sizeof(float)];
        foreach (ref var number in numbers)
        {
            if (!TryRead(four)) return false;
            number = BinaryPrimitives.ReadSingleLittleEndian(four);
        }
        return true;
    }

    public void Dispose() => stream.Dispose();

    // A file of a few bytes is not to cost as much memory as a caller would like to see of a large one.
    bool Fill()
    {
        if (ended) return false;
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
        try
        {
            var count = stream.Read(buffer.AsSpan(end));
            ended = count == 0;
            end += count;
        }
        catch (InvalidDataException error)
        {
            throw new UserException($"{Name}: the gzip data breaks off or is damaged: {error.Message} "
                + "Compare the file with its source (gzip -t) and copy it again.", error);
        }
        catch (IOException error)
        {
            throw new UserException($"{Name}: reading failed: {error.Message}", error);
        }
        return !ended;
    }
}
