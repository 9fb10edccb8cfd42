using System.Buffers.Binary;
using System.Text;
using LdNetGpu.Devices;
using LdNetGpu.Model.Checkpoints;

namespace LdNetGpu.Tests.Fuzz;

/// <summary>Readers of tensors.</summary>
static class TensorReaders
{
    public static FuzzedReader SafeTensors()
    {
        var device = new CpuDevice(1);
        return new(
            [
                Written(), Unsigned(Written()), Raw("{}"), Raw("""{"__metadata__":{"a":"b"}}"""),
                Raw("""{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]}}""",
                    [0x00, 0x3e, 0x00, 0x7c, 0xc0, 0x3f, 0xc0, 0x7f]),
                Raw("""{"d":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""",
                    BitConverter.GetBytes(double.MaxValue)),
                // Sizes beyond what numbers hold, dimensions without end, a tensor of nothing, one name twice.
                Raw("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", new byte[8]),
                Raw("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}}""", new byte[8]),
                Raw("""{"a":{"dtype":"U8","data_offsets":[0,1],"shape":[1"""
                    + string.Concat(Enumerable.Repeat(",1", 2000)) + "]}}", new byte[1]),
                Raw("""{"a":{"dtype":"F32","shape":[0,2147483647],"data_offsets":[0,0]}}"""),
                Raw("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""",
                    new byte[8]),
                Raw(string.Concat(Enumerable.Repeat("""{"a":""", 200))), Raw("""{"\ud800":{}}"""), [],
                [.. BitConverter.GetBytes(ulong.MaxValue), .. "{}"u8], [.. BitConverter.GetBytes(100_000_000L), 0],
            ],
            bytes =>
            {
                var reader = new SafeTensorsReader(new MemoryStream(bytes), "file");
                foreach (var tensor in reader.Tensors)
                {
                    if (tensor.Type != TensorType.F32 && !tensor.Type.IsFloat()) continue;
                    using var buffer = device.Allocate<float>(tensor.Elements);
                    reader.ReadFinite(tensor, buffer);
                    var values = new float[tensor.Elements];
                    buffer.CopyTo(values);
                    Assert.True(values.All(float.IsFinite));
                }
            });
    }

    /// <summary>A file without our checksum: changes of it reach what lies behind.</summary>
    public static byte[] Unsigned(byte[] file)
    {
        var place = file.AsSpan().IndexOf("ldnet_crc32c"u8);
        var changed = file.ToArray();
        changed[place] = (byte)'x';
        return changed;
    }

    static byte[] Written()
    {
        var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream,
            [
                NamedTensor.Of<float>("rnn.weight", [2, 3], new[] { 1.5f, -2, float.NaN, 1, 0.1f, 1e-40f }),
                NamedTensor.Of<float>("bias", [3], new[] { 1f, 2, 3 }),
                NamedTensor.Of<long>("position", [2], new[] { 7L, -9 }),
                NamedTensor.Of<double>("empty", [0, 5], Array.Empty<double>()),
                NamedTensor.Of<byte>("mask", [3], new byte[] { 1, 0, 255 }),
            ], new Dictionary<string, string> { ["kind"] = "lm" });
        return stream.ToArray();
    }

    static byte[] Raw(string header, byte[]? data = null)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        return [.. length, .. json, .. data ?? []];
    }
}
