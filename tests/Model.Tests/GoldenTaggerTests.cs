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

    /// <summary>Forms of a sentence, by the ends of their cases' names.</summary>
    static readonly Dictionary<SentenceEnd, string> Forms = new()
    {
        [SentenceEnd.None] = "_paper", [SentenceEnd.Characters] = "_words_only", [SentenceEnd.Words] = "",
    };

    static readonly TaggerOptions Options = new()
    {
        CharEmbedding = 4, CharHidden = 6, WordEmbedding = 5, WordHidden = 4, LmProjection = 5, Dropout = 0,
        Constraints = CrfConstraints.None,
    };
    static readonly RecurrentStackShape Stack = new(RecurrentUnit.Lstm, 4, [3, 3]);

    static readonly TaggerShape Shape = new(8, 9, ["a", "b", "c", "d", "e", "<start>", "<end>"],
        new(9, Stack, Scaled: true), new(10, Stack, Scaled: true));

    public static TheoryData<SentenceEnd, int> Sentences =>
        new(Forms.Keys.SelectMany(form => new[] { (form, 0), (form, 1) }));

    public static TheoryData<SentenceEnd> AllForms => [.. Forms.Keys];

    [Theory, MemberData(nameof(Sentences))]
    public void AgreesInDouble(SentenceEnd form, int number) => Agrees<double>(form, number);

    [Theory, MemberData(nameof(Sentences))]
    public void AgreesInFloat(SentenceEnd form, int number) => Agrees<float>(form, number);

    static Tagger<T> Create<T>() where T : unmanaged, IFloatingPointIeee754<T> =>
        new(new CpuBackend<T>(Device), Options, Shape);

    // The golden's positions are one more than the words, for the sentence end; its backward characters count from the
    // end.
    static EncodedSentence Encode(Golden golden, SentenceEnd form)
    {
        var characters = golden.Indices("input/char_forward");
        var positions = form == SentenceEnd.Words ? .. : ..^1;
        return new()
        {
            EndsInWord = form == SentenceEnd.Words,
            Words = golden.Indices("input/word")[positions],
            ForwardIds = golden.Indices("input/lm_forward")[positions],
            BackwardIds = [.. golden.Indices("input/lm_backward")[1..].Reverse()],
            Characters = characters,
            WordStarts = Array.ConvertAll(golden.Indices("input/char_backward_positions")[positions],
                place => characters.Length - 1 - place),
            WordEnds = golden.Indices("input/char_forward_positions")[positions],
            Tags = golden.Indices("input/tags"),
        };
    }

    static void Agrees<T>(SentenceEnd form, int number) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var golden = Golden.Load("tagger");
        using var tagger = Create<T>();
        GoldenModels.Fill(tagger, golden);
        var expected = golden.Case($"sentence{number}{Forms[form]}");
        var sentence = Encode(expected, form);
        var batch = new TaggerBatch([sentence], BackwardEnd);
        using var scope = new TensorScope();
        var emissions = tagger.Emissions(batch, ForwardContext.Inference).ToArray();
        // The published form has emissions of the sentence end too, which no tag is chosen by.
        var ofWords = expected.Values("output/emissions")[..emissions.Length];
        Assert.Equal(sentence.Length * Shape.Tags.Count, emissions.Length);
        expected.AssertClose("output/emissions", ofWords, emissions);
        for (var i = 0; i < ofWords.Length; i++) Assert.Equal(ofWords[i], double.CreateChecked(emissions[i]), 1e-6);
        Assert.Equal(expected.Indices("output/best_tags"), tagger.Decode(batch)[0]);
        using var tape = new Tape<T>();
        var loss = tagger.Loss(batch, ForwardContext.Inference);
        expected.AssertClose("output/loss", loss.ToArray());
        tape.Backward(loss);
        foreach (var (parameterName, parameter) in tagger.Parameters())
            expected.AssertGradient(parameterName, parameter);
    }

    [Theory, MemberData(nameof(AllForms))]
    public void SentencesSideBySideAgreeWithTheMeansOfTheSingleOnes(SentenceEnd form)
    {
        var golden = Golden.Load("tagger");
        using var tagger = Create<double>();
        GoldenModels.Fill(tagger, golden);
        var cases = new[] { 0, 1 }.Select(number => golden.Case($"sentence{number}{Forms[form]}")).ToArray();
        var batch = new TaggerBatch([.. cases.Select(single => Encode(single, form))], BackwardEnd);
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
