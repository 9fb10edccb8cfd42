using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Model.Checkpoints;

namespace LdNetGpu.Train.Import;

/// <summary>
/// A file that <c>torch.save</c> wrote, in either of PyTorch's formats: a zip with <c>data.pkl</c> and a file a
/// storage, or, before 1.6, pickles with the storages behind them. Storages are as long as the file says, or it is
/// refused; values are read when they are asked for.
/// </summary>
sealed class TorchFile : IDisposable
{
    // 0x1950a86a20f9469cfc6c, least byte first, and the protocol that followed it ever since.
    const string OlderFormat = "6cfc9c46f9206aa85019";
    const long OlderProtocol = 1001;

    // Bytes that are converted at a time; whole elements of every type.
    const int Piece = 1 << 20;

    // A model's names and sizes take kilobytes.
    const long LongestPickle = 1 << 28;

    static readonly byte[] Zip = [(byte)'P', (byte)'K', 3, 4];

    readonly TorchNames names = new();
    readonly Stream stream;
    readonly ZipArchive? archive;
    readonly string folder = "";
    readonly Dictionary<string, long> places = [];

    /// <summary>Reads all but the storages' values.</summary>
    /// <param name="stream">Must seek; the file is all of it. Stays open.</param>
    /// <param name="source">The file, for messages.</param>
    /// <exception cref="UserException">
    /// It is none of the formats, damaged, or holds something that is no data.
    /// </exception>
    public TorchFile(Stream stream, string source)
    {
        (this.stream, Source) = (stream, source);
        var start = new byte[Zip.Length];
        stream.Position = 0;
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        if (read < start.Length)
            throw new UserException($"{source}: is no file that torch.save wrote: it is too short.");
        try
        {
            if (start.AsSpan().SequenceEqual(Zip))
            {
                archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
                (folder, Root) = ReadZip(archive);
            }
            else Root = ReadOlder();
        }
        catch (InvalidDataException error)
        {
            throw Damaged(error);
        }
        catch
        {
            archive?.Dispose();
            throw;
        }
    }

    /// <summary>The file, for messages.</summary>
    public string Source { get; }

    /// <summary>What was saved.</summary>
    public object? Root { get; }

    /// <summary>Elements of all storages, each counted once.</summary>
    public Int128 Elements
    {
        get
        {
            Int128 sum = 0;
            foreach (var storage in names.Known.Values) sum += storage.Elements;
            return sum;
        }
    }

    /// <summary>A tensor's values, row by row.</summary>
    /// <param name="tensor">Of this file; floating-point.</param>
    /// <param name="name">For messages.</param>
    /// <exception cref="UserException">It is of another type, or the file is damaged.</exception>
    public float[] Values(TorchTensor tensor, string name)
    {
        if (!tensor.Storage.Type.IsFloat())
            throw new UserException(
                $"{Source}: tensor '{name}' is of type {tensor.Storage.Type}, no floating-point one.");
        var stored = Stored(tensor.Storage);
        var count = tensor.Sizes.Aggregate(1L, (product, size) => product * size);
        if (tensor.Offset == 0 && count == stored.Length && IsRowMajor(tensor)) return stored;
        var values = new float[count];
        var place = new long[tensor.Sizes.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var element = tensor.Offset;
            for (var axis = 0; axis < place.Length; axis++) element += place[axis] * tensor.Strides[axis];
            values[i] = stored[element];
            for (var axis = place.Length - 1; axis >= 0 && ++place[axis] == tensor.Sizes[axis]; axis--) place[axis] = 0;
        }
        return values;
    }

    public void Dispose() => archive?.Dispose();

    static bool IsRowMajor(TorchTensor tensor)
    {
        var expected = 1L;
        for (var axis = tensor.Sizes.Length - 1; axis >= 0; axis--)
        {
            if (tensor.Sizes[axis] != 1 && tensor.Strides[axis] != expected) return false;
            expected *= tensor.Sizes[axis];
        }
        return true;
    }

    (string Folder, object? Root) ReadZip(ZipArchive zip)
    {
        const string pickle = "data.pkl";
        var entry = zip.Entries.FirstOrDefault(entry => entry.FullName == pickle
            || entry.FullName.EndsWith("/" + pickle, StringComparison.Ordinal))
            ?? throw new UserException($"{Source}: a zip without {pickle}: torch.save did not write it.");
        var within = entry.FullName[..^pickle.Length];
        if (zip.GetEntry(within + "byteorder") is { } order)
        {
            if (Encoding.Latin1.GetString(Whole(order)).Trim() != "little")
                throw new UserException($"{Source}: its numbers are not little-endian.");
        }
        if (zip.GetEntry(within + "constants.pkl") is not null)
            throw new UserException($"{Source}: a TorchScript archive, which holds code. Save the model's state_dict.");
        var content = Whole(entry);
        var root = new PickleReader(
            new PickleBytes(new MemoryStream(content), content.Length, $"{Source}, {pickle}"), names).Read();
        foreach (var storage in names.Known.Values)
        {
            var data = zip.GetEntry($"{within}data/{storage.Key}")
                ?? throw new UserException($"{Source}: the values of storage '{storage.Key}' are missing.");
            RequireLength(storage, data.Length);
            RequireAsItIs(data);
        }
        return (within, root);
    }

    object? ReadOlder()
    {
        var bytes = new PickleBytes(new BufferedStream(new Unowned(stream), 1 << 16), stream.Length, Source);
        if (new PickleReader(bytes, new PlainNames()).Read() is not OlderFormat
            || new PickleReader(bytes, new PlainNames()).Read() is not OlderProtocol)
            throw new UserException($"{Source}: is no file that torch.save wrote in PyTorch 0.4 or later.");
        if (new PickleReader(bytes, new PlainNames()).Read() is PickleDictionary system
            && system.GetValueOrDefault("little_endian") is false)
            throw new UserException($"{Source}: its numbers are not little-endian.");
        var root = new PickleReader(bytes, names).Read();
        if (new PickleReader(bytes, new PlainNames()).Read() is not PickleList { Numbers: 0 } keys)
            throw bytes.Fault("the list of storages is missing");
        var position = bytes.Position;
        foreach (var key in keys.Items)
        {
            if (key is not string name || !names.Known.TryGetValue(name, out var storage))
                throw new UserException($"{Source}: a storage that no tensor looks at.");
            stream.Position = position;
            var head = new PickleBytes(stream, stream.Length - position, Source);
            RequireLength(storage, checked(head.Int64() * (Int128)storage.Type.Size()));
            var length = (Int128)storage.Elements * storage.Type.Size();
            if (position + sizeof(long) + length > stream.Length) throw Damaged();
            places[name] = position + sizeof(long);
            position += sizeof(long) + (long)length;
        }
        foreach (var storage in names.Known.Values)
            if (!places.ContainsKey(storage.Key))
                throw new UserException($"{Source}: the values of storage '{storage.Key}' are missing.");
        return root;
    }

    void RequireLength(TorchStorage storage, Int128 found)
    {
        if (found != (Int128)storage.Elements * storage.Type.Size())
            throw new UserException(Invariant($"{Source}: storage '{storage.Key}' is to hold {storage.Elements} ")
                + Invariant($"elements of {storage.Type.Size()} bytes, and has {found} bytes."));
    }

    // What is stored as it is cannot be longer than the file.
    void RequireAsItIs(ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length)
            throw new UserException($"{Source}: what is in it is compressed; torch.save does not do that.");
        if (entry.Length > stream.Length) throw Damaged();
    }

    byte[] Whole(ZipArchiveEntry entry)
    {
        RequireAsItIs(entry);
        if (entry.Length > LongestPickle)
            throw new UserException(
                Invariant($"{Source}: {entry.Length} bytes of names and sizes are more than a model has."));
        var bytes = new byte[entry.Length];
        using (var content = entry.Open())
            if (content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Damaged();
        return Crc32.HashToUInt32(bytes) == entry.Crc32 ? bytes : throw Damaged();
    }

    float[] Stored(TorchStorage storage)
    {
        if (storage.Elements > Array.MaxLength)
            throw new UserException(Invariant($"{Source}: a tensor of {storage.Elements} elements is too large."));
        var values = new float[storage.Elements];
        try
        {
            var entry = archive?.GetEntry($"{folder}data/{storage.Key}");
            using var content = entry is null ? At(places[storage.Key]) : entry.Open();
            var checksum = new Crc32();
            var size = storage.Type.Size();
            var piece = new byte[Math.Min(Piece, storage.Elements * size)];
            for (var start = 0; start < values.Length;)
            {
                var part = piece.AsSpan(0, (int)Math.Min(piece.Length, (long)(values.Length - start) * size));
                content.ReadExactly(part);
                checksum.Append(part);
                FloatConversion.Convert<float>(part, storage.Type, values.AsSpan(start, part.Length / size));
                start += part.Length / size;
            }
            if (entry is not null && checksum.GetCurrentHashAsUInt32() != entry.Crc32) throw Damaged();
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(error);
        }
        return values;
    }

    Unowned At(long position)
    {
        stream.Position = position;
        return new(stream);
    }

    UserException Damaged(Exception? cause = null) =>
        new($"{Source}: the file is damaged, or breaks off: copy it again.", cause);

    // Reads of another's stream, which stays open.
    sealed class Unowned(Stream stream) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => stream.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => stream.Read(buffer);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
