using System.Buffers.Binary;
using System.Text;
using LdNetGpu.Devices;

namespace LdNetGpu.Train.Import;

/// <summary>The bytes of a pickle, their number known before: no length in them is believed.</summary>
/// <param name="stream">Read from where it is, buffered.</param>
/// <param name="length">Bytes that there are at most.</param>
/// <param name="source">The file, for messages.</param>
sealed class PickleBytes(Stream stream, long length, string source)
{
    // No word, name or number of a model is longer.
    const int LongestText = 1 << 24;

    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Bytes read.</summary>
    public long Position { get; private set; }

    public byte Byte()
    {
        var value = Position < length ? stream.ReadByte() : -1;
        if (value < 0) throw Fault("the file breaks off");
        Position++;
        return (byte)value;
    }

    public byte[] Bytes(long count)
    {
        if (count < 0 || count > length - Position)
            throw Fault(Invariant($"{count} bytes are announced, and {length - Position} are left"));
        if (count > LongestText) throw Fault(Invariant($"a text of {count} bytes is no part of a model"));
        var bytes = new byte[count];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw Fault("the file breaks off");
        Position += count;
        return bytes;
    }

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Bytes(8));

    public string Text(long count)
    {
        var start = Position;
        try
        {
            return Strict.GetString(Bytes(count));
        }
        catch (DecoderFallbackException error)
        {
            throw new UserException(Invariant($"{source}: byte {start}: the text is not UTF-8."), error);
        }
    }

    /// <summary>Up to the line's end, which is left out.</summary>
    public string Line()
    {
        var line = new List<byte>();
        for (var value = Byte(); value != '\n'; value = Byte())
        {
            if (line.Count >= LongestText) throw Fault("a line does not end");
            line.Add(value);
        }
        try
        {
            return Strict.GetString([.. line]);
        }
        catch (DecoderFallbackException error)
        {
            throw new UserException(Invariant($"{source}: byte {Position}: the text is not UTF-8."), error);
        }
    }

    public UserException Fault(string what) => new(Invariant($"{source}: byte {Position}: {what}."));
}
