using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace LdNetGpu.Model.Checkpoints;

/// <summary>
/// Writes the safetensors format: 8 bytes of header length, a JSON header, the tensors' bytes one after the other,
/// little-endian. The header's metadata holds a CRC-32C of the whole file (taken with zeros in its place), which other
/// readers pass over.
/// </summary>
public static class SafeTensorsWriter
{
    internal const string MetadataKey = "__metadata__";
    internal const string ChecksumKey = "ldnet_crc32c";
    internal const string ChecksumBlank = "00000000";

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Writes <paramref name="tensors"/>, in this order. The tensors' values are read twice: for the checksum and for
    /// the file.
    /// </summary>
    /// <param name="stream">Written from its present position; need not seek.</param>
    /// <param name="tensors">Names must differ.</param>
    /// <param name="metadata">Text for the header, readable without the tensors; another file's checksum among it is
    /// left out.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or one has the header's own, or one that is no
    /// Unicode.</exception>
    public static void Write(Stream stream, IReadOnlyList<NamedTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensors);
        for (var i = 0; i < tensors.Count; i++)
            ArgumentNullException.ThrowIfNull(tensors[i], $"{nameof(tensors)}[{i}]");
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("safetensors is little-endian; this processor is not.");
        var header = Header(tensors, metadata ?? new Dictionary<string, string>());
        var crc = new Crc32C();
        crc.Append(header);
        foreach (var tensor in tensors) tensor.Read(bytes => crc.Append(bytes));
        var blank = header.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\"{ChecksumKey}\":\"{ChecksumBlank}\""))
            + ChecksumKey.Length + 4;
        Encoding.ASCII.GetBytes(crc.Value.ToString("x8"), header.AsSpan(blank, ChecksumBlank.Length));
        stream.Write(header);
        foreach (var tensor in tensors) tensor.Read(stream.Write);
    }

    // JSON would have another character in its place.
    static string Whole(string text)
    {
        try
        {
            _ = Strict.GetByteCount(text);
            return text;
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException(
                Invariant($"safetensors: half a character (U+{(int)error.CharUnknown:X4}) in '{text}', ")
                + "which UTF-8 cannot hold.",
                error);
        }
    }

    // Length field and JSON, padded with spaces so that the data begins at a multiple of 8.
    static byte[] Header(IReadOnlyList<NamedTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteStartObject(MetadataKey);
            writer.WriteString(ChecksumKey, ChecksumBlank);
            foreach (var (key, value) in metadata)
                if (key != ChecksumKey) writer.WriteString(Whole(key), Whole(value));
            writer.WriteEndObject();
            var names = new HashSet<string>();
            long offset = 0;
            foreach (var tensor in tensors)
            {
                if (tensor.Name == MetadataKey)
                    throw new ArgumentException($"safetensors: no tensor can be named '{MetadataKey}', which is the "
                        + "format's own name for metadata.", nameof(tensors));
                if (!names.Add(tensor.Name))
                    throw new ArgumentException($"safetensors: two tensors are named '{tensor.Name}'.",
                        nameof(tensors));
                writer.WriteStartObject(Whole(tensor.Name));
                writer.WriteString("dtype", tensor.Type.ToString());
                writer.WriteStartArray("shape");
                foreach (var size in tensor.Shape) writer.WriteNumberValue(size);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(offset = checked(offset + tensor.Bytes));
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        var length = (json.WrittenCount + 7) / 8 * 8;
        var header = new byte[8 + length];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)length);
        json.WrittenSpan.CopyTo(header.AsSpan(8));
        header.AsSpan(8 + json.WrittenCount).Fill((byte)' ');
        return header;
    }
}
