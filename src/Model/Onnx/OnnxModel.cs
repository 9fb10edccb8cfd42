using Google.Protobuf;
using LdNetGpu.Model.Protobuf;

namespace LdNetGpu.Model.Onnx;

/// <summary>A graph with what a runtime asks of a file, as onnx.proto's <c>ModelProto</c>.</summary>
/// <param name="graph">Whole.</param>
/// <param name="metadata">Texts for the model's users.</param>
sealed class OnnxModel(OnnxGraph graph, IEnumerable<KeyValuePair<string, string>> metadata)
{
    /// <summary>The version of ONNX's standard operators that graphs are of.</summary>
    public const int Opset = 17;

    // The file format that came with the operators' version.
    const int IrVersion = 8;

    const int FormatVersion = 1, Producer = 2, Graph = 7, OperatorSet = 8, Metadata = 14;
    const int SetVersion = 2, EntryKey = 1, EntryValue = 2;

    /// <summary>The whole message.</summary>
    public ProtobufMessage Message { get; } = metadata.Aggregate(
        new ProtobufMessage().Add(FormatVersion, IrVersion).Add(Producer, "LdNetGpu")
            .Add(Graph, graph.ToMessage()).Add(OperatorSet, new ProtobufMessage().Add(SetVersion, Opset)),
        (message, entry) => message.Add(Metadata,
            new ProtobufMessage().Add(EntryKey, entry.Key).Add(EntryValue, entry.Value)));

    /// <summary>Writes the file.</summary>
    /// <param name="stream">Stays open.</param>
    /// <exception cref="Devices.UserException">It would be larger than a protobuf message can be.</exception>
    public void WriteTo(Stream stream)
    {
        if (Message.Size > int.MaxValue)
            throw new Devices.UserException(Invariant(
                $"As ONNX the model takes {Message.Size} bytes, and one file of that format holds ")
                + Invariant($"{int.MaxValue} at most: delete layers, or train with smaller vocabularies."));
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        Message.WriteTo(output);
    }
}
