using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using LdNetGpu.Devices;

namespace LdNetGpu.Model.Checkpoints;

/// <summary>
/// Reads a safetensors file strictly. Sizes in the file are checked against its real length before anything is
/// allocated; where it holds our checksum, the whole file is checked once at the start. Tensors are read straight to
/// where they belong, a piece at a time.
/// </summary>
public sealed class SafeTensorsReader
{
    // The format's own bound.
    const long LongestHeader = 100_000_000;
    const int Piece = 1 << 16;
    readonly Stream stream;
    readonly SafeTensorsHeader header;
    readonly Dictionary<string, StoredTensor> tensors;
    readonly long start, dataStart;

    /// <summary>Reads the header, and the whole file where it holds our checksum.</summary>
    /// <param name="stream">Must seek; the file is from its present position to its end. Stays open.</param>
    /// <param name="source">File name for messages.</param>
    /// <exception cref="UserException">Truncated, damaged or not of this format.</exception>
    public SafeTensorsReader(Stream stream, string source) : this(stream, source, isVerified: false)
    {
    }

    /// <inheritdoc cref="SafeTensorsReader(Stream, string)"/>
    /// <param name="stream">As there.</param>
    /// <param name="source">As there.</param>
    /// <param name="isVerified">The bytes were compared with a checksum already; they are not read for one
    /// again.</param>
    internal SafeTensorsReader(Stream stream, string source, bool isVerified)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(source);
        this.stream = stream;
        Source = source;
        start = stream.Position;
        var length = stream.Length - start;
        var lengthField = new byte[8];
        if (length < 8)
            throw new UserException($"{source}: {length} bytes are too few for a safetensors file: truncated?");
        stream.ReadExactly(lengthField);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(lengthField);
        if (headerLength > LongestHeader || (long)headerLength > length - 8)
            throw new UserException(
                $"{source}: a header of {headerLength} bytes in a file of {length}: truncated, damaged or not a "
                + "safetensors file.");
        var json = new byte[(int)headerLength];
        stream.ReadExactly(json);
        dataStart = start + 8 + json.Length;
        header = SafeTensorsHeader.Parse(json, length - 8 - json.Length, source);
        tensors = header.Tensors.ToDictionary(tensor => tensor.Name);
        if (header.ChecksumPosition >= 0 && !isVerified) VerifyChecksum(lengthField, json);
    }

    /// <summary>File name for messages.</summary>
    public string Source { get; }

    /// <summary>Every tensor, in the header's order.</summary>
    public IReadOnlyList<StoredTensor> Tensors => header.Tensors;

    /// <summary>Text from the header.</summary>
    public IReadOnlyDictionary<string, string> Metadata => header.Metadata;

    /// <summary>The tensor of this name, or null.</summary>
    /// <param name="name">As the file calls it.</param>
    public StoredTensor? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return tensors.GetValueOrDefault(name);
    }

    /// <summary>The tensor of this name and shape.</summary>
    /// <param name="name">As the file calls it.</param>
    /// <param name="shape">Sizes of all dimensions.</param>
    /// <exception cref="UserException">It is not there, or of another shape.</exception>
    public StoredTensor Require(string name, params ReadOnlySpan<long> shape)
    {
        ArgumentNullException.ThrowIfNull(name);
        var found = Find(name)
            ?? throw new UserException(
                $"{Source}: tensor '{name}' is missing; the file holds {Tensors.Count} others. Is it of another kind "
                + "of model?");
        return found.Shape.SequenceEqual(shape.ToArray())
            ? found
            : throw new UserException(
                $"{Source}: tensor '{name}' is [{string.Join(", ", found.Shape)}], expected "
                + $"[{string.Join(", ", shape.ToArray())}]: the file is of a model of another shape.");
    }

    /// <summary>
    /// All values of a tensor. Floating-point types convert into each other; whole numbers must be stored as
    /// <typeparamref name="T"/>.
    /// </summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">Row-major, of exactly as many elements.</param>
    /// <exception cref="UserException">The stored type cannot be read so, or the file ended early.</exception>
    /// <exception cref="ShapeException">There is another number of places.</exception>
    public void Read<T>(StoredTensor tensor, Span<T> destination) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var elements = tensor.Elements;
        if (elements != destination.Length)
            throw new ShapeException("safetensors",
                $"{tensor.Name}: {elements} elements for {destination.Length} places.");
        var offset = 0;
        foreach (var piece in new PieceReader<T>(this, tensor))
        {
            piece.CopyTo(destination[offset..]);
            offset += piece.Length;
        }
    }

    /// <summary>All values of a tensor as a new array.</summary>
    /// <param name="name">As the file calls it.</param>
    /// <exception cref="UserException">It is not there, is of another type, or the file ended early.</exception>
    public T[] ReadArray<T>(string name) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        var tensor = Find(name) ?? throw new UserException($"{Source}: tensor '{name}' is missing.");
        var elements = tensor.Elements;
        if (elements > Array.MaxLength)
            throw new UserException($"{Source}: tensor '{name}' has {elements} elements, more than one array holds.");
        CheckType<T>(tensor);
        var values = new T[elements];
        Read<T>(tensor, values);
        return values;
    }

    /// <summary>
    /// All values of a tensor, to element <paramref name="offset"/> of a device's buffer and on, a piece at a time.
    /// </summary>
    /// <param name="tensor">One of <see cref="Tensors"/>.</param>
    /// <param name="destination">Has room for all of it behind <paramref name="offset"/>.</param>
    /// <param name="offset">The first element that is written.</param>
    /// <exception cref="UserException">The stored type cannot be read so, or the file ended early.</exception>
    public void Read<T>(StoredTensor tensor, DeviceBuffer<T> destination, long offset = 0) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(destination);
        foreach (var piece in new PieceReader<T>(this, tensor))
        {
            destination.CopyFrom(piece, offset);
            offset += piece.Length;
        }
    }

    /// <summary>As the other, of finite values: weights that are NaN or infinite say nothing.</summary>
    /// <exception cref="UserException">A value is NaN or infinite, or too large for
    /// <typeparamref name="T"/>.</exception>
    internal void ReadFinite<T>(StoredTensor tensor, DeviceBuffer<T> destination, long offset = 0)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var start = offset;
        foreach (var piece in new PieceReader<T>(this, tensor))
        {
            if (!TensorPrimitives.IsFiniteAll(piece)) throw NotFinite(tensor, offset - start, piece);
            destination.CopyFrom(piece, offset);
            offset += piece.Length;
        }
    }

    UserException NotFinite<T>(StoredTensor tensor, long before, ReadOnlySpan<T> piece)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var place = 0;
        while (T.IsFinite(piece[place])) place++;
        return new(Invariant($"{Source}: value {before + place} of tensor '{tensor.Name}' is {piece[place]}: not a ")
            + "finite number. The training that wrote it diverged, or the file is damaged.");
    }

    void CheckType<T>(StoredTensor tensor) where T : unmanaged
    {
        var wanted = TensorTypes.Of<T>();
        if (tensor.Type != wanted && !(tensor.Type.IsFloat() && wanted.IsFloat()))
            throw new UserException($"{Source}: tensor '{tensor.Name}' is {tensor.Type}, expected {wanted}.");
    }

    void VerifyChecksum(ReadOnlySpan<byte> lengthField, byte[] json)
    {
        var stored = header.Metadata[SafeTensorsWriter.ChecksumKey];
        json.AsSpan(header.ChecksumPosition, stored.Length).Fill((byte)'0');
        var crc = new Crc32C();
        crc.Append(lengthField);
        crc.Append(json);
        stream.Position = dataStart;
        var buffer = new byte[Piece];
        for (int read; (read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
            crc.Append(buffer.AsSpan(0, read));
        var found = Invariant($"{crc.Value:x8}");
        if (found != stored)
            throw new UserException(
                $"{Source}: the checksum is {found}, {stored} was written: the file is damaged. Restore it from a "
                + "copy, or train again.");
    }

    ref struct PieceReader<T> where T : unmanaged
    {
        readonly SafeTensorsReader reader;
        readonly StoredTensor tensor;
        readonly byte[] bytes;
        readonly T[] values;
        long left;

        public PieceReader(SafeTensorsReader reader, StoredTensor tensor)
        {
            reader.CheckType<T>(tensor);
            this.reader = reader;
            this.tensor = tensor;
            left = tensor.Elements;
            var count = (int)Math.Min(Piece, left);
            bytes = new byte[count * tensor.Type.Size()];
            values = new T[count];
            reader.stream.Position = reader.dataStart + tensor.Begin;
        }

        public readonly PieceReader<T> GetEnumerator() => this;

        public ReadOnlySpan<T> Current { get; private set; }

        public bool MoveNext()
        {
            var count = (int)Math.Min(values.Length, left);
            if (count == 0) return false;
            var part = bytes.AsSpan(0, count * tensor.Type.Size());
            if (reader.stream.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length)
                throw new UserException(
                    $"{reader.Source}: ended inside tensor '{tensor.Name}': was it changed while it was read?");
            Current = values.AsSpan(0, count);
            FloatConversion.Convert(part, tensor.Type, values.AsSpan(0, count));
            left -= count;
            return true;
        }
    }
}
