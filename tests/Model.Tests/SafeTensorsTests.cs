using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LdNetGpu.Devices;
using LdNetGpu.Model.Checkpoints;

namespace LdNetGpu.Tests;

/// <summary>
/// What is written is read back to the bit; what is damaged or hostile is refused with a message, never with another
/// exception.
/// </summary>
public class SafeTensorsTests
{
    static readonly float[] Weight = [1.5f, -2, float.NaN, float.PositiveInfinity, 0.1f, 1e-40f];
    static readonly long[] Position = [7, -9];

    [Fact]
    public void RoundTripKeepsEveryBit()
    {
        var reader = Open(File());
        Assert.Equal(["rnn.weight", "position", "empty", "mask"], reader.Tensors.Select(tensor => tensor.Name));
        Assert.Equal("lm", reader.Metadata["kind"]);
        Assert.Equal([2, 3], reader.Find("rnn.weight")!.Shape);
        Assert.Equal(Weight.Select(BitConverter.SingleToInt32Bits),
            reader.ReadArray<float>("rnn.weight").Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(Position, reader.ReadArray<long>("position"));
        Assert.Empty(reader.ReadArray<double>("empty"));
        Assert.Equal([1, 0, 255], reader.ReadArray<byte>("mask"));
    }

    [Fact]
    public void DeviceBuffersAreWrittenAndReadInPieces()
    {
        using var device = new CpuDevice(1);
        using var written = device.Allocate<float>(200_000);
        using var read = device.Allocate<float>(200_000);
        written.CopyFrom(Enumerable.Range(0, 200_000).Select(i => i / 7f).ToArray());
        var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream, [NamedTensor.Of("x", [400, 250], written, 50_000)]);
        var reader = Open(stream.ToArray());
        reader.Read(reader.Require("x", 400, 250), read, 100_000);
        var expected = new float[100_000];
        var found = new float[100_000];
        written.CopyTo(expected, 50_000);
        read.CopyTo(found, 100_000);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void FloatingPointTypesConvertAndOthersDoNot()
    {
        var reader = Open(
            Raw("""{"h":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[2,4]},"i":{"dtype":"I32","shape":[1],"data_offsets":[4,8]}}""",
                [0x00, 0x3e, 0xc0, 0x3f, 1, 0, 0, 0]));
        Assert.Equal([1.5f], reader.ReadArray<float>("h"));
        Assert.Equal([1.5], reader.ReadArray<double>("b"));
        Assert.Equal([1], reader.ReadArray<int>("i"));
        Assert.Contains("'i' is I32, expected F32",
            Assert.Throws<UserException>(() => reader.ReadArray<float>("i")).Message);
    }

    [Fact]
    public void DataWithoutPaddingBeginsAtAMultipleOfEight() =>
        Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(File()) % 8);

    [Fact]
    public void MissingTensorAndOtherShapeAreNamed()
    {
        var reader = Open(File());
        Assert.Contains("'crf.weight' is missing",
            Assert.Throws<UserException>(() => reader.Require("crf.weight", 1)).Message);
        Assert.Contains("'rnn.weight' is [2, 3], expected [3, 2]",
            Assert.Throws<UserException>(() => reader.Require("rnn.weight", 3, 2)).Message);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "cannot be 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9223372036854775807]}}""", "truncated or damaged")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "tensor 'b' begins at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "tensor 'a' begins at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "the tensors end at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", "'a' is there twice")]
    [InlineData("""{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", "unknown dtype 'F31'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "shape of tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "tensor 'a' lacks")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "not valid JSON")]
    [InlineData("""[1]""", "not a JSON object")]
    [InlineData("""{"a":""", "not valid JSON")]
    public void HostileHeaderIsRefused(string header, string problem) =>
        Assert.Contains(problem, Assert.Throws<UserException>(() => Open(Raw(header, new byte[8]))).Message);

    [Fact]
    public void HugeHeaderLengthIsRefusedWithoutAllocating()
    {
        var file = File();
        BinaryPrimitives.WriteUInt64LittleEndian(file, ulong.MaxValue);
        Assert.Contains("truncated, damaged or not a safetensors file",
            Assert.Throws<UserException>(() => Open(file)).Message);
    }

    [Fact]
    public void AnyFlippedByteIsRefusedOrHarmless()
    {
        var original = File();
        var cases =
            from place in Gen.Choose(0, original.Length - 1) from flip in Gen.Choose(1, 255) select (place, flip);
        Check(cases.ToArbitrary(), damage =>
        {
            var file = original.ToArray();
            file[damage.place] ^= (byte)damage.flip;
            return RefusedOrSame(file);
        });
    }

    [Fact]
    public void AnyTruncationIsRefused()
    {
        var original = File();
        for (var length = 0; length < original.Length; length++)
        {
            var part = original[..length];
            Assert.Throws<UserException>(() => Open(part));
        }
    }

    static void Check<T>(Arbitrary<T> cases, Func<T, bool> property) =>
        Prop.ForAll(cases, property).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20180407, 1));

    static bool RefusedOrSame(byte[] file)
    {
        try
        {
            var reader = Open(file);
            return reader.ReadArray<float>("rnn.weight").Select(BitConverter.SingleToInt32Bits)
                .SequenceEqual(Weight.Select(BitConverter.SingleToInt32Bits))
                && reader.ReadArray<long>("position").SequenceEqual(Position);
        }
        catch (UserException)
        {
            return true;
        }
    }

    static SafeTensorsReader Open(byte[] file) => new(new MemoryStream(file), "model.safetensors");

    static byte[] File()
    {
        var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream,
            [
                NamedTensor.Of<float>("rnn.weight", [2, 3], Weight), NamedTensor.Of<long>("position", [2], Position),
                NamedTensor.Of<double>("empty", [0, 5], Array.Empty<double>()),
                NamedTensor.Of<byte>("mask", [3], new byte[] { 1, 0, 255 }),
            ],
            new Dictionary<string, string> { ["kind"] = "lm" });
        return stream.ToArray();
    }

    static byte[] Raw(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        return [.. length, .. json, .. data];
    }

    [Fact]
    public void ATensorOfTheMetadatasNameIsRefusedByThatName()
    {
        var message = Assert.Throws<ArgumentException>(() => SafeTensorsWriter.Write(new MemoryStream(),
            [NamedTensor.Of<float>("__metadata__", [1], new float[] { 1 })])).Message;
        Assert.Contains("no tensor can be named '__metadata__'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void MetadataOfAnotherFileIsCopiedWithoutItsChecksum()
    {
        var (first, second) = (new MemoryStream(), new MemoryStream());
        SafeTensorsWriter.Write(first, [NamedTensor.Of<float>("x", [1], new float[] { 1 })],
            new Dictionary<string, string> { ["made"] = "by hand" });
        var read = new SafeTensorsReader(new MemoryStream(first.ToArray()), "first");
        SafeTensorsWriter.Write(second, [NamedTensor.Of<float>("y", [1], new float[] { 2 })], read.Metadata);
        var copy = new SafeTensorsReader(new MemoryStream(second.ToArray()), "second");
        Assert.Equal("by hand", copy.Metadata["made"]);
        Assert.Equal([2f], copy.ReadArray<float>("y"));
    }
}
