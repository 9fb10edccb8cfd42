using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Model.Flops;

namespace LdNetGpu.Tests;

/// <summary>A model is no larger than its file, and its weights are numbers.</summary>
public sealed class HostileModelTests : IDisposable
{
    static readonly LanguageModelOptions Small =
        new() { EmbeddingSize = 3, Layers = 2, HiddenSize = 4, ProjectionSize = 5, Cutoffs = [2] };

    readonly CpuDevice device = new(1);
    readonly CpuBackend<float> backend;

    public HostileModelTests() => backend = new(device);

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(65_536, 2, 4)]
    [InlineData(3, 1000, 4)]
    [InlineData(3, 2, 65_536)]
    public void MoreThanTheFileHoldsIsNotAllocated(int embedding, int layers, int hidden)
    {
        var file = FileOf(Small);
        device.Counters.ResetPeak();
        var asked = Small with { EmbeddingSize = embedding, Layers = layers, HiddenSize = hidden };
        var message = Assert.ThrowsAny<UserException>(() => Load(file, asked)).Message;
        Assert.Contains("the configuration asks for", message);
        Assert.InRange(device.Counters.PeakBytes, 0, 1 << 20);
        using var whole = Load(file, Small);
        Assert.Equal(Small.Layers, whole.Stack.Layers.Count);
    }

    [Fact]
    public void AFileIsNoLimitForOtherModels()
    {
        Assert.ThrowsAny<UserException>(() => Load(FileOf(Small), Small with { HiddenSize = 400 }));
        using var larger = new LanguageModel<float>(backend, Small with { HiddenSize = 400 }, 6);
        Assert.NotEmpty(larger.Parameters());
    }

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void WeightsThatAreNoNumbersAreRefused(float value)
    {
        using var model = new LanguageModel<float>(backend, Small, 6);
        var weights = model.WordEmbedding.Weight.ToArray();
        weights[7] = value;
        model.WordEmbedding.Weight.CopyFrom(weights);
        var message = Assert.ThrowsAny<UserException>(() => Load(FileOf(model), Small)).Message;
        Assert.Contains("value 7 of tensor 'word_embed.weight' is", message);
    }

    [Fact]
    public void AValueThatIsTooLargeForAFloatIsRefused()
    {
        var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream, [NamedTensor.Of<double>("x", [2], new[] { 1, 1e300 })]);
        var reader = new SafeTensorsReader(new MemoryStream(stream.ToArray()), "file");
        using var parameter = new Parameter<float>(backend, new Shape(2));
        Assert.Contains("value 1 of tensor 'x' is Infinity",
            Assert.ThrowsAny<UserException>(() => StateDict.ReadInto(reader, "x", parameter)).Message);
    }

    [Fact]
    public void ValuesOutsideTheirRangesAreNamed()
    {
        var schema = SettingsSchema<LanguageModelOptions>.Instance;
        Assert.Empty(schema.ProblemsIn(Small));
        var problems = schema.ProblemsIn(Small with
        {
            Layers = int.MaxValue, Dropout = double.NaN, Connectivity = (Connectivity)9, Cutoffs = [5, 0],
        }).ToList();
        Assert.Equal(["layers", "connectivity", "dropout", "cutoffs"],
            problems.Select(problem => problem.Split(':')[0]));
        Assert.Contains("layers: '2147483647' is not one of whole number, 1 to 1000.", problems);
        Assert.Contains("cutoffs", Assert.Single(schema.ProblemsIn(Small with { Cutoffs = null! })));
        Assert.Contains("cutoffs must rise", Assert.Single(schema.ProblemsIn(Small with { Cutoffs = [5, 4] })));
    }

    public static TheoryData<LanguageModelOptions, string> OutOfRange => new()
    {
        { Small with { Layers = 0 }, "layers" },
        { Small with { HiddenSize = -3 }, "hidden_size" },
        { Small with { ProjectionSize = -8 }, "projection_size" },
        { Small with { EmbeddingSize = 0 }, "embedding_size" },
        { Small with { LayerDropout = 7 }, "layer_dropout" },
        { Small with { Cutoffs = [500, 4] }, "cutoffs" },
        { Small with { Cutoffs = null! }, "cutoffs" },
    };

    [Theory, MemberData(nameof(OutOfRange))]
    public void LanguageModelOfOptionsOutOfTheirRangesIsRefused(LanguageModelOptions options, string named)
    {
        var live = device.Counters.LiveBytes;
        Assert.Contains(named, Assert.Throws<OptionsException>(
            () => new LanguageModel<float>(backend, options, 6)).Message, StringComparison.Ordinal);
        Assert.Equal(live, device.Counters.LiveBytes);
    }

    LanguageModel<float> Load(byte[] file, LanguageModelOptions options) =>
        StateDict.Create<float, LanguageModel<float>>(new(new MemoryStream(file), "model.safetensors"),
            () => new(backend, options, 6));

    byte[] FileOf(LanguageModelOptions options)
    {
        using var model = new LanguageModel<float>(backend, options, 6);
        return FileOf(model);
    }

    static byte[] FileOf(LanguageModel<float> model)
    {
        var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream, StateDict.Of(model));
        return stream.ToArray();
    }

    [Fact]
    public void StepsAndLengthsThatThereAreNotAreNamed()
    {
        Assert.Equal("step",
            Assert.Throws<ArgumentOutOfRangeException>(() => ForwardContext.Training(1, -1)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => ForwardContext.Training(1, 1L << 32));
        foreach (var length in (double[])[double.NaN, -1, double.PositiveInfinity])
            Assert.Equal("charactersPerWord", Assert.Throws<ArgumentOutOfRangeException>(
                () => TaggerFlops.PerWord(new(), null, null, 5, length)).ParamName);
    }

    [Fact]
    public void HalfACharacterIsNoTensorsName()
    {
        var tensor = NamedTensor.Of<float>("\ud800w", [1], new float[1]);
        Assert.Contains("U+D800", Assert.Throws<ArgumentException>(() =>
            SafeTensorsWriter.Write(Stream.Null, [tensor])).Message);
        Assert.Throws<ArgumentException>(() =>
            SafeTensorsWriter.Write(Stream.Null, [], new Dictionary<string, string> { ["\udc00"] = "x" }));
    }
}
