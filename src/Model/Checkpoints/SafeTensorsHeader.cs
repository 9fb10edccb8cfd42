using System.Text.Json;
using System.Text.Unicode;
using LdNetGpu.Devices;

namespace LdNetGpu.Model.Checkpoints;

/// <summary>A tensor in a file: type, shape, and which bytes of the data are its own.</summary>
/// <param name="Name">As the file calls it.</param>
/// <param name="Type">Type of the elements.</param>
/// <param name="Shape">Sizes of the dimensions; none for a scalar.</param>
/// <param name="Begin">First byte, from the start of the data.</param>
/// <param name="End">One past its last byte.</param>
public sealed record StoredTensor(string Name, TensorType Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>Number of values.</summary>
    internal long Elements => (End - Begin) / Type.Size();
}

/// <summary>
/// Reads and checks the JSON header of a safetensors file: nothing in it is believed before it is checked against the
/// file's size.
/// </summary>
sealed class SafeTensorsHeader
{
    readonly string source;
    readonly List<StoredTensor> tensors = [];
    readonly Dictionary<string, string> metadata = [];

    SafeTensorsHeader(string source) => this.source = source;

    public IReadOnlyList<StoredTensor> Tensors => tensors;

    public IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>Where in the header the checksum's 8 digits are; -1 without a checksum.</summary>
    public int ChecksumPosition { get; private set; } = -1;

    /// <exception cref="UserException">Names the tensor and what is wrong.</exception>
    public static SafeTensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string source)
    {
        var header = new SafeTensorsHeader(source);
        if (!Utf8.IsValid(json)) throw header.Broken("its header is not UTF-8 text");
        try
        {
            header.ReadMembers(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw header.Broken("its header is not valid JSON of the format (" + error.Message.Split(" LineNumber:")[0]
                + ")");
        }
        header.CheckOffsets(dataLength);
        return header;
    }

    void ReadMembers(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw Broken("its header is not a JSON object");
        var names = new HashSet<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!names.Add(name)) throw Broken($"tensor '{name}' is there twice");
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw Broken($"the entry of tensor '{name}' is not an object");
            if (name == SafeTensorsWriter.MetadataKey) ReadMetadata(ref reader);
            else ReadTensor(ref reader, name);
        }
        if (reader.Read()) throw Broken("its header goes on after the JSON object");
    }

    void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw Broken($"metadata '{key}' is not text");
            if (!metadata.TryAdd(key, reader.GetString()!)) throw Broken($"metadata '{key}' is there twice");
            if (key != SafeTensorsWriter.ChecksumKey) continue;
            if (reader.ValueSpan.Length != SafeTensorsWriter.ChecksumBlank.Length)
                throw Broken("its checksum is damaged");
            ChecksumPosition = (int)reader.TokenStartIndex + 1;
        }
    }

    void ReadTensor(ref Utf8JsonReader reader, string name)
    {
        TensorType? type = null;
        long[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "dtype" when type == null && reader.TokenType == JsonTokenType.String:
                    type = TypeNamed(reader.GetString()!, name);
                    break;
                case "shape" when shape == null:
                    shape = Numbers(ref reader, name, key);
                    break;
                case "data_offsets" when offsets == null:
                    offsets = Numbers(ref reader, name, key);
                    break;
                default:
                    throw Broken($"tensor '{name}' has an unknown, repeated or ill-typed member '{key}'");
            }
        }
        if (type == null || shape == null || offsets is not { Length: 2 })
            throw Broken($"tensor '{name}' lacks dtype, shape or a pair of data_offsets");
        tensors.Add(new StoredTensor(name, type.Value, shape, offsets[0], offsets[1]));
    }

    TensorType TypeNamed(string text, string name) =>
        Enum.GetNames<TensorType>().Contains(text)
            ? Enum.Parse<TensorType>(text) : throw Broken($"tensor '{name}' has the unknown dtype '{text}'");

    long[] Numbers(ref Utf8JsonReader reader, string name, string key)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Broken($"{key} of tensor '{name}' is not an array");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw Broken($"{key} of tensor '{name}' holds something that is not a whole number of 0 or more");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    // Sorted by offset the tensors must follow each other without overlap or gap and fill the data exactly.
    void CheckOffsets(long dataLength)
    {
        long end = 0;
        foreach (var tensor in tensors.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End))
        {
            if (tensor.End < tensor.Begin || tensor.End > dataLength)
                throw Broken(
                    $"tensor '{tensor.Name}' is said to be bytes {tensor.Begin} to {tensor.End} of {dataLength}: the "
                    + "file is truncated or damaged");
            if (tensor.Begin != end)
                throw Broken(
                    $"tensor '{tensor.Name}' begins at byte {tensor.Begin}, where the one before it ends at {end}");
            if (ByteCount(tensor) is not { } bytes || bytes != tensor.End - tensor.Begin)
                throw Broken(
                    $"tensor '{tensor.Name}' of shape [{string.Join(", ", tensor.Shape)}] and type {tensor.Type} "
                    + $"cannot be {tensor.End - tensor.Begin} bytes");
            end = tensor.End;
        }
        if (end != dataLength) throw Broken($"the tensors end at byte {end}, the data at {dataLength}");
    }

    static long? ByteCount(StoredTensor tensor)
    {
        Int128 bytes = tensor.Type.Size();
        foreach (var size in tensor.Shape)
        {
            bytes *= size;
            if (bytes > long.MaxValue) return null;
        }
        return (long)bytes;
    }

    UserException Broken(string problem) =>
        new($"{source}: not a usable safetensors file: {problem}. Restore it from a copy, or train again.");
}
