using System.Buffers;
using System.Text.Unicode;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>One line of a text without its line end; <paramref name="Number"/> counts from 1.</summary>
/// <param name="Text">Without its line end.</param>
/// <param name="Number">From 1.</param>
public readonly record struct TextLine(string Text, int Number)
{
    /// <summary>Without its line end.</summary>
    public string Text
    {
        get => field ?? "";
        init => field = value ?? throw new ArgumentNullException(nameof(Text));
    } = Text ?? throw new ArgumentNullException(nameof(Text));
}

/// <summary>
/// Lines of a UTF-8 text, streamed: one line in memory at a time, of a length that <see cref="FileReading"/> bounds.
/// Lines end in LF, CR LF, or all of them in CR alone. A
/// byte order mark at the start and a carriage return at a line's end are dropped; everything else is kept. A broken
/// byte, a zero byte (a binary file) or a damaged gzip stops the reading.
/// </summary>
public static class TextLines
{
    /// <summary>U+FEFF, the byte order mark.</summary>
    internal const char Mark = '\uFEFF';

    static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The lines of a file.</summary>
    /// <param name="path">UTF-8, gzip or not.</param>
    /// <exception cref="UserException">Names the file, line and byte column of what cannot be read.</exception>
    /// <exception cref="InputLimitException">A line or word is too long, or gzip too large.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static IEnumerable<TextLine> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ReadFile(path, FileReading.Current);
    }

    static IEnumerable<TextLine> ReadFile(string path, FileReading reading)
    {
        using var stream = new CarriageReturnStream(InputFile.Open(path, reading));
        foreach (var line in ReadPlain(stream, path, reading)) yield return line;
    }

    /// <summary>The same from a stream, gzip or not; <paramref name="name"/> stands for the file in messages.</summary>
    /// <param name="stream">Gzip or not; the caller closes it.</param>
    /// <param name="name">For messages.</param>
    /// <exception cref="UserException">Names the line and byte column of what cannot be read.</exception>
    /// <exception cref="InputLimitException">A line or word is too long, or gzip too large.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static IEnumerable<TextLine> Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return ReadPlain(new CarriageReturnStream(InputFile.Inflate(stream, name)), name);
    }

    /// <summary>
    /// The lines of a file as they are, each with its line end, so that together they are the text: neither a byte
    /// order mark nor a carriage return is dropped, and lines end in LF alone.
    /// </summary>
    /// <param name="path">UTF-8, gzip or not.</param>
    internal static IEnumerable<TextLine> ReadWhole(string path) => ReadWholeFile(path, FileReading.Current);

    /// <summary>The same from a stream.</summary>
    /// <param name="stream">Gzip or not; the caller closes it.</param>
    /// <param name="name">For messages.</param>
    internal static IEnumerable<TextLine> ReadWhole(Stream stream, string name) =>
        ReadPlain(InputFile.Inflate(stream, name), name, FileReading.Current, isWhole: true);

    static IEnumerable<TextLine> ReadWholeFile(string path, FileReading reading)
    {
        using var stream = InputFile.Open(path, reading);
        foreach (var line in ReadPlain(stream, path, reading, isWhole: true)) yield return line;
    }

    /// <summary>
    /// A line without a byte order mark at its start: files that were put together have them in the middle.
    /// </summary>
    /// <param name="line">Any line.</param>
    internal static string WithoutMark(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.StartsWith(Mark) ? line[1..] : line;
    }

    /// <summary>
    /// The first lines, and all of them, those included, to be read on once: what is told from a text's beginning must
    /// not cost a pipe its beginning.
    /// </summary>
    /// <param name="lines">Read once.</param>
    /// <param name="count">How many first ones; fewer where there are no more.</param>
    internal static (IReadOnlyList<TextLine> First, IEnumerable<TextLine> All) Peek(IEnumerable<TextLine> lines,
        int count)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var first = new List<TextLine>();
        var rest = lines.GetEnumerator();
        while (first.Count < count && rest.MoveNext()) first.Add(rest.Current);
        return (first, Continued(first, rest));
    }

    // One iterator over both: given up within the first lines, it closes the file as well.
    static IEnumerable<TextLine> Continued(List<TextLine> first, IEnumerator<TextLine> rest)
    {
        using (rest)
        {
            foreach (var line in first) yield return line;
            while (rest.MoveNext()) yield return rest.Current;
        }
    }

    /// <summary>The lines of bytes that are no gzip any more.</summary>
    internal static IEnumerable<TextLine> ReadPlain(Stream stream, string name) =>
        ReadPlain(stream, name, FileReading.Current);

    static IEnumerable<TextLine> ReadPlain(Stream stream, string name, FileReading reading, bool isWhole = false)
    {
        var buffer = new byte[1 << 16];
        var pending = new ArrayBufferWriter<byte>();
        var number = 1;
        while (true)
        {
            var count = ReadSome(stream, buffer, name, number);
            if (count == 0) break;
            var start = 0;
            while (true)
            {
                var length = buffer.AsSpan(start, count - start).IndexOf((byte)'\n');
                if (length < 0) break;
                yield return new TextLine(Line(Whole(pending, buffer.AsSpan(start, length)), isWhole), number);
                pending.ResetWrittenCount();
                if (number == int.MaxValue) throw TooMany(name);
                number++;
                start += length + 1;
            }
            pending.Write(buffer.AsSpan(start, count - start));
            CheckLine(pending.WrittenCount, reading, name, number);
        }
        if (pending.WrittenCount > 0) yield return new TextLine(Line(pending.WrittenSpan, false), number);

        string Line(ReadOnlySpan<byte> bytes, bool hasEnd)
        {
            CheckLine(bytes.Length, reading, name, number);
            if (bytes.Length > reading.MostWordBytes) CheckWords(bytes, reading, name, number);
            return isWhole ? Decode(bytes, name, number, hasEnd ? "\n" : "")
                : Decode(WithoutEnds(bytes, number), name, number);
        }
    }

    static void CheckLine(int length, FileReading reading, string name, int number)
    {
        if (length > reading.MostLineBytes)
            throw new InputLimitException(name, InputLimit.LineBytes,
                Invariant($"a line of more than {reading.MostLineBytes:N0} bytes. Break it up, or raise the limit if ")
                + "it is meant.", number);
    }

    static void CheckWords(ReadOnlySpan<byte> line, FileReading reading, string name, int number)
    {
        foreach (var word in line.SplitAny((byte)' ', (byte)'\t'))
            if (word.End.Value - word.Start.Value > reading.MostWordBytes)
                throw new InputLimitException(name, InputLimit.WordBytes,
                    Invariant($"a word of more than {reading.MostWordBytes:N0} bytes from byte {word.Start.Value + 1} ")
                    + "on: no text in any language. Mend it, or raise the limit if it is meant.", number);
    }

    static UserException TooMany(string name) =>
        new(Invariant($"{name}: more than {int.MaxValue:N0} lines. Divide the file."));

    static int ReadSome(Stream stream, byte[] buffer, string name, int number)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new UserException(
                $"{name}: the gzip data breaks off or is damaged after line {number - 1}: {e.Message} " +
                "Compare the file with its source (gzip -t) and copy it again.", e);
        }
        catch (IOException e)
        {
            throw new UserException($"{name}: reading failed after line {number - 1}: {e.Message}", e);
        }
    }

    static ReadOnlySpan<byte> Whole(ArrayBufferWriter<byte> pending, ReadOnlySpan<byte> end)
    {
        if (pending.WrittenCount == 0) return end;
        pending.Write(end);
        return pending.WrittenSpan;
    }

    static ReadOnlySpan<byte> WithoutEnds(ReadOnlySpan<byte> line, int number)
    {
        if (number == 1 && line.StartsWith(ByteOrderMark)) line = line[ByteOrderMark.Length..];
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    static string Decode(ReadOnlySpan<byte> bytes, string name, int number, string end = "")
    {
        if (number == 1 && bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new UserException($"{name}: is UTF-16 text. UTF-8 is expected: iconv -f UTF-16 -t UTF-8.");
        var zero = bytes.IndexOf((byte)0);
        if (zero >= 0)
            throw new InputException(name, number, column: zero + 1,
                problem: $"a zero byte: this is a binary file, not UTF-8 text. Check the file's name.");
        var characters = ArrayPool<char>.Shared.Rent(bytes.Length);
        try
        {
            if (Utf8.ToUtf16(bytes, characters, out var read, out var written, replaceInvalidSequences: false)
                != OperationStatus.Done)
                throw new InputException(name, number, column: read + 1,
                    problem: Invariant($"0x{bytes[read]:X2} is not UTF-8. ") +
                    "Save the file as UTF-8, or mend the line if the others are (a file that is Latin-1 from its " +
                    "beginning to its end: iconv -f LATIN1 -t UTF-8).");
            return string.Concat(characters.AsSpan(0, written), end);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }
}
