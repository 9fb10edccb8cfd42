using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Checkpoints;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>
/// A whole tagger with layer weights z against PyTorch's: emissions, loss, best tags, every gradient; sentence by
/// sentence and side by side.
/// </summary>
public class GoldenTaggerTests
{
    const int BackwardEnd = 9;
    static readonly CpuDevice Device = new(2);
    static readonly string[] Cases = ["sentence0_words_only", "sentence1_words_only"];
    static readonly TaggerOptions Options =
        new() { CharEmbedding = 4, CharHidden = 6, WordEmbedding = 5, WordHidden = 4, LmProjection = 5, Dropout = 0 };
    static readonly RecurrentStackShape Stack = new(RecurrentUnit.Lstm, 4, [3, 3]);

    static readonly TaggerShape Shape = new(8, 9, ["a", "b", "c", "d", "e", "<start>", "<end>"],
        new(9, Stack, Scaled: true), new(10, Stack, Scaled: true));

    public static TheoryData<string> Sentences => [.. Cases];

    [Theory, MemberData(nameof(Sentences))]
    public void AgreesInDouble(string name) => Agrees<double>(name);

    [Theory, MemberData(nameof(Sentences))]
    public void AgreesInFloat(string name) => Agrees<float>(name);

    static Tagger<T> Create<T>() where T : unmanaged, IFloatingPointIeee754<T> =>
        new(new CpuBackend<T>(Device), Options, Shape, CrfConstraints.None);

    // The golden's positions come with one more for its padding symbol, and count the backward characters from the end.
    static EncodedSentence Encode(Golden golden)
    {
        var characters = golden.Indices("input/char_forward");
        return new()
        {
            Words = golden.Indices("input/word")[..^1],
            ForwardIds = golden.Indices("input/lm_forward")[..^1],
            BackwardIds = [.. golden.Indices("input/lm_backward")[1..].Reverse()],
            Characters = characters,
            WordStarts = Array.ConvertAll(golden.Indices("input/char_backward_positions")[..^1],
                place => characters.Length - 1 - place),
            WordEnds = golden.Indices("input/char_forward_positions")[..^1],
            Tags = golden.Indices("input/tags"),
        };
    }

    static void Agrees<T>(string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var golden = Golden.Load("tagger");
        using var tagger = Create<T>();
        GoldenModels.Fill(tagger, golden);
        var expected = golden.Case(name);
        var batch = new TaggerBatch([Encode(expected)], BackwardEnd);
        using var scope = new TensorScope();
        expected.AssertClose("output/emissions", tagger.Emissions(batch, ForwardContext.Inference).ToArray());
        Assert.Equal(expected.Indices("output/best_tags"), tagger.Decode(batch)[0]);
        using var tape = new Tape<T>();
        var loss = tagger.Loss(batch, ForwardContext.Inference);
        expected.AssertClose("output/loss", loss.ToArray());
        tape.Backward(loss);
        foreach (var (parameterName, parameter) in tagger.Parameters()) expected.AssertGradient(parameterName,
            parameter);
    }

    [Fact]
    public void SentencesSideBySideAgreeWithTheMeansOfTheSingleOnes()
    {
        var golden = Golden.Load("tagger");
        using var tagger = Create<double>();
        GoldenModels.Fill(tagger, golden);
        var cases = Array.ConvertAll(Cases, golden.Case);
        var batch = new TaggerBatch([.. cases.Select(Encode)], BackwardEnd);
        using var scope = new TensorScope();
        using var tape = new Tape<double>();
        var loss = tagger.Loss(batch, ForwardContext.Inference);
        tape.Backward(loss);
        Assert.Equal(cases.Average(single => single.Scalar("output/loss")), loss.Item(), 1e-12);
        foreach (var (name, parameter) in tagger.Trainable())
        {
            var mean = GoldenTensors.Dense(parameter)
                .Select((_, i) => cases.Average(single => single.Values($"gradient/{name}")[i])).ToArray();
            golden.AssertClose($"gradient/{name}, mean of both sentences", mean, GoldenTensors.Dense(parameter));
        }
        Assert.Equal(cases.Select(single => single.Indices("output/best_tags")), tagger.Decode(batch));
    }

    [Fact]
    public void APublishedCheckpointLoads()
    {
        using var tagger = Create<float>();
        using var file = File.OpenRead(Golden.PathOf("tagger_checkpoint"));
        StateDict.Load(tagger, new SafeTensorsReader(file, "tagger_checkpoint"));
        var golden = Golden.Load("tagger");
        foreach (var (name, parameter) in tagger.Parameters()) golden.AssertClose($"model/parameter/{name}",
            parameter.ToArray());
    }
}
