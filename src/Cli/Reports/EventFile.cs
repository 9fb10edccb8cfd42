using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Model.Protobuf;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Cli.Reports;

/// <summary>
/// A run's figures as TensorBoard reads them: records of length, checksum of the length, message, checksum of the
/// message (TFRecord); messages are tensorflow.Event of event.proto.
/// </summary>
static class EventFile
{
    // Event: double wall_time = 1, int64 step = 2, string file_version = 3, Summary summary = 5.
    // Summary: repeated Value value = 1. Value: string tag = 1, float simple_value = 2.
    const int WallTime = 1, Step = 2, FileVersion = 3, SummaryField = 5, ValueField = 1, Tag = 1, SimpleValue = 2;

    const string Name = "events.out.tfevents.0.ldnet";

    /// <summary>Writes a run below a folder, over what an earlier report has written there.</summary>
    /// <param name="folder">TensorBoard's --logdir; the run lies in folders of its own name.</param>
    /// <exception cref="Devices.UserException">It cannot be written.</exception>
    public static void Write(string folder, ReportedRun run) =>
        AtomicFile.Write(Path.Combine([folder, .. FoldersOf(run), Name]), stream =>
        {
            Record(stream, new ProtobufMessage().Add(WallTime, 0.0).Add(FileVersion, "brain.Event:2"));
            foreach (var line in run.Metrics)
                Record(stream, new ProtobufMessage().Add(WallTime, 0.0).Add(Step, (long)run.PassOf(line)).Add(
                    SummaryField, Figures(line, run.Pass).Aggregate(new ProtobufMessage(), (summary, figure) =>
                        summary.Add(ValueField,
                            new ProtobufMessage().Add(Tag, figure.Tag).Add(SimpleValue, (float)figure.Value)))));
        });

    /// <summary>Where a run lies below the folder: its own name, without what leads out of it.</summary>
    public static string[] FoldersOf(ReportedRun run) =>
        [.. run.Name.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
            .Where(part => part is not ("" or "." or ".."))];

    static IEnumerable<(string Tag, double Value)> Figures(JsonObject line, string pass)
    {
        foreach (var (name, node) in line)
            if (node?.GetValueKind() == JsonValueKind.Number && name != pass)
                yield return (name, node.GetValue<double>());
            else if (node is JsonArray array)
                for (var i = 0; i < array.Count; i++)
                    if (array[i]?.GetValueKind() == JsonValueKind.Number)
                        yield return ($"{name}/{i + 1}", array[i]!.GetValue<double>());
    }

    static void Record(Stream stream, ProtobufMessage content)
    {
        var message = new byte[content.Size];
        using (var output = new CodedOutputStream(message)) content.WriteTo(output);
        Span<byte> length = stackalloc byte[sizeof(ulong)], checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)message.Length);
        stream.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Masked(length));
        stream.Write(checksum);
        stream.Write(message);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, Masked(message));
        stream.Write(checksum);
    }

    // So that a checksum of data that hold checksums stays a good one.
    static uint Masked(ReadOnlySpan<byte> bytes) => uint.RotateRight(Crc32C.Of(bytes), 15) + 0xa282ead8;
}
