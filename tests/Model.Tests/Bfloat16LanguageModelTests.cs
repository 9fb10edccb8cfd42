using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>Language models in bfloat16: just those whose weights were rounded before, in half the memory.</summary>
public class Bfloat16LanguageModelTests
{
    static readonly CpuBackend<float> Backend = new(new CpuDevice(2));

    public static TheoryData<string> Kinds => ["dense", "GRU", "ELMo, one of them stacked"];

    static Tagger<float> Create(string kind) => kind switch
    {
        "dense" => ToyModels.Tagger(Backend, ToyTagging.Shape(), 5),
        "GRU" => ToyModels.Tagger(Backend, ToyTagging.Shape() with
        {
            Forward = new(ToyTagging.ForwardWords, new(RecurrentUnit.Gru, 3, [2, 3])),
        }, 5),
        _ => ToyModels.Tagger(Backend, ToyTagging.Shape() with
        {
            Forward = new(ToyTagging.ForwardWords, new(RecurrentUnit.Lstm, 3, [2, 2, 2])),
            Backward = new(ToyTagging.BackwardWords, new(RecurrentUnit.Lstm, 2, [3, 3], IsDense: false)),
        }, 5, options: ToyTagging.Options with { LmMixing = LanguageModelMixing.Elmo }),
    };

    [Theory, MemberData(nameof(Kinds))]
    public void GiveWhatRoundedWeightsGive(string kind)
    {
        using var rounded = Create(kind);
        using var reference = Create(kind);
        using var whole = Create(kind);
        foreach (var (_, parameter) in Matrices(reference)) parameter.CopyFrom(Rounded(parameter.ToArray()));
        var sentences = ToyTraining.Sentences(3, [7, 1, 4]);
        rounded.KeepLanguageModelsInBfloat16();
        foreach (var batch in new[] { ToyTagging.Batch(sentences), ToyTagging.Batch(sentences[1]) })
        {
            Assert.Equal(ToyModels.Emissions(reference, batch), ToyModels.Emissions(rounded, batch));
            Assert.NotEqual(ToyModels.Emissions(whole, batch), ToyModels.Emissions(rounded, batch));
        }
        // What is saved is what was read, to the bit.
        foreach (var ((name, mine), (_, theirs)) in rounded.Parameters().Zip(reference.Parameters()))
            Assert.True(mine.ToWideArray().AsSpan().SequenceEqual(theirs.ToArray()), name);
    }

    [Fact]
    public void TakeHalfTheMemoryTheirBiasesAside()
    {
        using var tagger = Create("dense");
        ToyModels.Emissions(tagger, ToyTagging.Batch(ToyTraining.Sentences(3, [4])));
        var biases = 4 * Encoders(tagger).Where(entry => entry.Parameter.Shape.Rank == 1)
            .Sum(entry => entry.Parameter.Shape.Count);
        var before = tagger.LanguageModelBytes - biases;
        tagger.KeepLanguageModelsInBfloat16();
        ToyModels.Emissions(tagger, ToyTagging.Batch(ToyTraining.Sentences(3, [4])));
        Assert.Equal(before, 2 * (tagger.LanguageModelBytes - biases));
    }

    [Fact]
    public void AreWrittenWide()
    {
        using var tagger = Create("dense");
        tagger.KeepLanguageModelsInBfloat16();
        using var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream, StateDict.Of(tagger));
        stream.Position = 0;
        using var again = Create("dense");
        StateDict.Load(again, new SafeTensorsReader(stream, "memory"));
        var batch = ToyTagging.Batch(ToyTraining.Sentences(3, [7, 1, 4]));
        Assert.Equal(ToyModels.Emissions(tagger, batch), ToyModels.Emissions(again, batch));
    }

    [Fact]
    public void RefuseWhatCannotBe()
    {
        using var tagger = Create("dense");
        Assert.Throws<InvalidOperationException>(() => tagger.WordEmbedding.Weight.KeepInBfloat16());
        tagger.KeepLanguageModelsInBfloat16();
        var read = Assert.Throws<InvalidOperationException>(() => tagger.Forward!.WordEmbedding.Weight.View);
        Assert.Contains("bfloat16", read.Message, StringComparison.Ordinal);
        using var none = ToyModels.Tagger(Backend, ToyTagging.ShapeWithoutLanguageModels(), 5);
        Assert.Throws<UserException>(none.KeepLanguageModelsInBfloat16);
        using var doubles = ToyModels.Tagger(new CpuBackend<double>(new CpuDevice(1)), ToyTagging.Shape(), 5);
        Assert.Throws<UnsupportedOnDeviceException>(doubles.KeepLanguageModelsInBfloat16);
    }

    static IEnumerable<(string Name, Parameter<float> Parameter)> Encoders(Tagger<float> tagger) =>
        [.. tagger.Forward!.Parameters(), .. tagger.Backward!.Parameters()];

    static IEnumerable<(string Name, Parameter<float> Parameter)> Matrices(Tagger<float> tagger) =>
        Encoders(tagger).Where(entry => entry.Parameter.Shape.Rank == 2);

    // By the definition, digit by digit: nearest, and of two as near the one that ends in 0.
    static float[] Rounded(float[] values) => Array.ConvertAll(values, value =>
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var (below, rest) = (bits & 0xFFFF_0000, bits & 0xFFFF);
        var isUp = rest > 0x8000 || rest == 0x8000 && (bits & 0x1_0000) != 0;
        return BitConverter.UInt32BitsToSingle(isUp ? below + 0x1_0000 : below);
    });
}
