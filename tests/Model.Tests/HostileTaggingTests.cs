using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Model.Flops;

namespace LdNetGpu.Tests;

/// <summary>Sentences whose parts do not belong together, names that are none, tensors of no size.</summary>
public sealed class HostileTaggingTests : IDisposable
{
    static readonly EncodedSentence Whole = new()
    {
        Words = [1, 2], Characters = [3, 0, 4, 0], WordStarts = [0, 2], WordEnds = [1, 3], Tags = [0, 0],
    };

    readonly CpuDevice device = new(1);
    readonly CpuBackend<float> backend;

    public HostileTaggingTests() => backend = new(device);

    public void Dispose() => device.Dispose();

    public static TheoryData<string, EncodedSentence> Torn => new()
    {
        { "1 word starts", Whole with { WordStarts = [0] } },
        { "3 word ends", Whole with { WordEnds = [1, 3, 3] } },
        { "1 tags", Whole with { Tags = [0] } },
        { "1 forward ids", Whole with { ForwardIds = [0] } },
        { "3 backward ids", Whole with { BackwardIds = [0, 0, 0] } },
        { "a word at 4", Whole with { WordEnds = [1, 4] } },
        { "a word at -1", Whole with { WordStarts = [-1, 2] } },
        { "a word at 0", Whole with { Characters = [] } },
    };

    [Fact]
    public void TaggerHasNamedTagsStartAndEnd()
    {
        Assert.Equal("Tags[1]", Assert.Throws<ArgumentNullException>(() =>
            new TaggerShape(5, 5, ["O", null!, "<s>", "<eof>"])).ParamName);
        Assert.Equal("Tags[0]", Assert.Throws<ArgumentException>(() =>
            new TaggerShape(5, 5, ["", "<s>", "<eof>"])).ParamName);
        foreach (var tags in new string[][] { [], ["<s>", "<eof>"] })
            Assert.Equal("Tags", Assert.Throws<ArgumentException>(() => new TaggerShape(5, 5, tags)).ParamName);
        Assert.Throws<ArgumentNullException>(() => new TaggerShape(5, 5, ["O", "<s>", "<eof>"]) with { Tags = null! });
    }

    [Fact]
    public void TaggerWithoutLanguageModelsReadsNoRepresentation()
    {
        using var tagger = new Tagger<float>(backend, new TaggerOptions { WordHidden = 3 },
            new TaggerShape(5, 5, ["O", "<s>", "<eof>"]));
        using var scope = new TensorScope();
        var representation = Tensor.Zeros(backend, new Shape(2, 1, 4));
        var batch = new TaggerBatch([Whole]);
        Assert.Equal("representation",
            Assert.Throws<ArgumentException>(() => tagger.Decode(batch, representation)).ParamName);
        Assert.Equal("representation", Assert.Throws<ArgumentException>(() =>
            tagger.Loss(batch, ForwardContext.Inference, representation)).ParamName);
        Assert.Single(tagger.Decode(batch));
    }

    [Theory, MemberData(nameof(Torn), DisableDiscoveryEnumeration = true)]
    public void SentencesHaveAllTheirParts(string found, EncodedSentence sentence)
    {
        Assert.Equal(2, new TaggerBatch([Whole, Whole]).Batch);
        var message = Assert.Throws<ShapeException>(() => new TaggerBatch([Whole, sentence])).Message;
        Assert.Contains("sentence 1 ", message, StringComparison.Ordinal);
        Assert.Contains(found, message, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesThatAreNoneAreRefused()
    {
        var unit = (RecurrentUnit)77;
        Assert.Throws<ArgumentOutOfRangeException>(() => unit.Traits());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((RecurrentUnit)(-1)).Traits());
        Assert.Throws<ArgumentOutOfRangeException>(() => RecurrentFlops.PerStep(unit, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecurrentLayer<float>(backend, unit, 1, 1));
        using var scale = new Parameter<float>(backend, new Shape(2));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new Tensor<float>[] { scale }.Penalty((SelectionPenalty)9, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new Tensor<float>[] { scale }.Penalty(SelectionPenalty.R2, -1));
        var encoder = new EncoderShape(3, new(RecurrentUnit.Lstm, 2, [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new LanguageModelEncoder<float>(backend, encoder, reverse: false, (LanguageModelMixing)9));
        using var tagger = new Tagger<float>(backend, new(), new(3, 3, ["O", "<start>", "<end>"]));
        Assert.Throws<OptionsException>(() =>
            LayerSelector<float>.Create(tagger, new() { Method = (PruneMethod)9 }));
    }

    [Fact]
    public void TensorsToWriteHaveSizes()
    {
        Assert.Throws<ShapeException>(() => NamedTensor.Of<float>("x", [-1, -1], new float[1]));
        Assert.Throws<ShapeException>(() => NamedTensor.Of<float>("x", [1L << 40, 1L << 40], new float[1]));
        Assert.Throws<ShapeException>(() => NamedTensor.Of<float>("x", [long.MaxValue, 4, 0], new float[1]));
        Assert.Equal(0, NamedTensor.Of("x", [long.MaxValue, 4, 0], ReadOnlyMemory<float>.Empty).Bytes);
        using var buffer = device.Allocate<float>(6);
        Assert.Equal(8, NamedTensor.Of("x", [2], buffer, offset: 4).Bytes);
        foreach (var (size, offset) in new[] { (7L, 0L), (3L, 4L), (1L, -1L), (1L, long.MaxValue), (-1L, 0L) })
            Assert.Throws<ShapeException>(() => NamedTensor.Of("x", [size], buffer, offset));
    }
}
