using System.Runtime.InteropServices;
using Google.Protobuf;

namespace LdNetGpu.Model.Protobuf;

/// <summary>
/// A protobuf message as its fields, in the order in which they were added. Lengths are counted before anything is
/// written, and a tensor's values are asked for when their turn comes: a large model never lies in memory twice.
/// </summary>
sealed class ProtobufMessage
{
    readonly List<(int Number, object Value)> fields = [];

    /// <summary>A whole number; enums too.</summary>
    /// <param name="number">The field's.</param>
    /// <param name="value">Written as a varint.</param>
    public ProtobufMessage Add(int number, long value) => With(number, value);

    /// <summary>Text, UTF-8.</summary>
    /// <param name="number">The field's.</param>
    /// <param name="value">The text.</param>
    public ProtobufMessage Add(int number, string value) => With(number, value);

    /// <summary>A float.</summary>
    /// <param name="number">The field's.</param>
    /// <param name="value">Written in 4 bytes.</param>
    public ProtobufMessage Add(int number, float value) => With(number, value);

    /// <summary>A double.</summary>
    /// <param name="number">The field's.</param>
    /// <param name="value">Written in 8 bytes.</param>
    public ProtobufMessage Add(int number, double value) => With(number, value);

    /// <summary>A message in the message.</summary>
    /// <param name="number">The field's.</param>
    /// <param name="value">The inner one, whole.</param>
    public ProtobufMessage Add(int number, ProtobufMessage value) => With(number, value);

    /// <summary>Bytes.</summary>
    /// <param name="number">The field's.</param>
    /// <param name="value">Their number, and where they come from.</param>
    public ProtobufMessage Add(int number, ProtobufData value) => With(number, value);

    /// <summary>Bytes of the message, without a tag and a length before it.</summary>
    public long Size => fields.Sum(entry => CodedOutputStream.ComputeTagSize(entry.Number) + entry.Value switch
    {
        long value => CodedOutputStream.ComputeInt64Size(value),
        float value => CodedOutputStream.ComputeFloatSize(value),
        double value => CodedOutputStream.ComputeDoubleSize(value),
        string text => CodedOutputStream.ComputeStringSize(text),
        ProtobufMessage message => Delimited(message.Size),
        var data => Delimited(((ProtobufData)data).Bytes),
    });

    /// <summary>Writes the fields.</summary>
    /// <param name="output">Where to.</param>
    public void WriteTo(CodedOutputStream output)
    {
        foreach (var (number, content) in fields)
            switch (content)
            {
                case long value:
                    output.WriteTag(number, WireFormat.WireType.Varint);
                    output.WriteInt64(value);
                    break;
                case float value:
                    output.WriteTag(number, WireFormat.WireType.Fixed32);
                    output.WriteFloat(value);
                    break;
                case double value:
                    output.WriteTag(number, WireFormat.WireType.Fixed64);
                    output.WriteDouble(value);
                    break;
                case string text:
                    output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                    output.WriteString(text);
                    break;
                case ProtobufMessage message:
                    output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                    output.WriteLength(checked((int)message.Size));
                    message.WriteTo(output);
                    break;
                case ProtobufData data:
                    output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                    output.WriteBytes(data.Read());
                    break;
            }
    }

    ProtobufMessage With(int number, object value)
    {
        fields.Add((number, value));
        return this;
    }

    // The length, itself a varint, stands before the bytes.
    static long Delimited(long bytes) => CodedOutputStream.ComputeInt64Size(bytes) + bytes;
}

/// <summary>Values that are read when they are written.</summary>
/// <param name="Bytes">Their length.</param>
/// <param name="Read">Gives as many bytes.</param>
sealed record ProtobufData(long Bytes, Func<ByteString> Read)
{
    /// <summary>Values as they lie in memory, for messages whose order of bytes is little-endian.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="values">Gives them.</param>
    public static unsafe ProtobufData Of<T>(long count, Func<T[]> values) where T : unmanaged =>
        new(count * sizeof(T), () => ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values())));
}
