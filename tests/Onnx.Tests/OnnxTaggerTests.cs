using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Model.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace LdNetGpu.Tests;

/// <summary>Every form that a tagger has gives in ONNX Runtime what it gives here.</summary>
public class OnnxTaggerTests
{
    static readonly CpuBackend<float> Backend = new(new CpuDevice(2));

    static readonly SentenceEndIds Ends = new(ToyTagging.EndSymbol, 4, 7, ToyTagging.BackwardWords - 1);

    static readonly int[][] Batches = [[1], [1, 1, 1], [7, 3, 1, 11, 5], [2, 13], [29]];

    static readonly Dictionary<string, (TaggerShape Shape, TaggerOptions Options)> Kinds = new()
    {
        ["no language models"] = (ToyTagging.ShapeWithoutLanguageModels(), ToyTagging.Options),
        ["dense language models"] = (ToyTagging.Shape(), ToyTagging.Options),
        ["layers with z"] = (ToyTagging.Shape(scaled: true), ToyTagging.Options),
        ["stacked"] = (WithStacks([2, 3, 2], [3, 2], isDense: false), ToyTagging.Options),
        ["all layers deleted"] = (WithStacks([], [2], isDense: true), ToyTagging.Options),
        ["ELMo"] = (WithStacks([2, 2, 2], [3, 3], isDense: true),
            ToyTagging.Options with { LmMixing = LanguageModelMixing.Elmo }),
        ["ELMo, stacked"] = (WithStacks([2, 2, 2], [3, 3], isDense: false),
            ToyTagging.Options with { LmMixing = LanguageModelMixing.Elmo }),
    };

    public static TheoryData<RecurrentUnit> Units => [.. Enum.GetValues<RecurrentUnit>()];

    public static TheoryData<string> KindNames => [.. Kinds.Keys];

    public static TheoryData<SentenceEnd, CrfConstraints> Settings =>
    [
        .. Enum.GetValues<SentenceEnd>().SelectMany(_ => Enum.GetValues<CrfConstraints>(),
            (end, constraints) => (end, constraints)),
    ];

    static TaggerShape WithStacks(int[] forward, int[] backward, bool isDense) => ToyTagging.Shape() with
    {
        Forward = new(ToyTagging.ForwardWords, new(RecurrentUnit.Lstm, 3, forward, isDense)),
        Backward = new(ToyTagging.BackwardWords, new(RecurrentUnit.Lstm, 2, backward, isDense)),
    };

    [Theory, MemberData(nameof(KindNames))]
    public void AFormOfTheLanguageModelsGivesTheSame(string kind) =>
        Check(Kinds[kind].Shape, Kinds[kind].Options);

    [Theory, MemberData(nameof(Settings))]
    public void ASettingGivesTheSame(SentenceEnd end, CrfConstraints constraints)
    {
        foreach (var kind in new[] { "no language models", "dense language models" })
            Check(Kinds[kind].Shape, Kinds[kind].Options with { SentenceEnd = end }, constraints);
    }

    [Theory, MemberData(nameof(Units))]
    public void AUnitGivesTheSame(RecurrentUnit unit)
    {
        var shape = ToyTagging.Shape();
        Check(shape with
        {
            Forward = shape.Forward! with { Stack = shape.Forward.Stack with { Unit = unit } },
            Backward = shape.Backward! with { Stack = shape.Backward.Stack with { Unit = unit } },
        }, ToyTagging.Options with { Unit = unit });
    }

    /// <summary>As the guide says of them.</summary>
    [Fact]
    public void AnIdThatIsNoneIsRefusedByTheRuntime()
    {
        using var tagger = ToyModels.Tagger(Backend, ToyTagging.ShapeWithoutLanguageModels(), 1);
        using var runtime = new Runtime(tagger, Ends);
        var sentence = ToyTraining.Sentences(1, [3])[0];
        Assert.Contains("indices element out of data bounds", Assert.Throws<OnnxRuntimeException>(
            () => runtime.Run([sentence with { Words = [0, 1, ToyTagging.Words] }])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARowWithoutWordsHasNoTagsAndChangesNoOther()
    {
        using var tagger = ToyModels.Tagger(Backend, ToyTagging.Shape(), 1);
        using var runtime = new Runtime(tagger, Ends);
        var sentence = ToyTraining.Sentences(1, [3])[0];
        var (tags, scores, _) = runtime.Run([sentence, sentence with
        {
            Words = [], Characters = [], WordStarts = [], WordEnds = [], ForwardIds = [], BackwardIds = [],
        }]);
        var alone = runtime.Run([sentence]);
        Assert.Equal([.. alone.Tags, []], tags);
        Assert.Equal(alone.Scores[0], scores[0], 1e-5);
    }

    static void Check(TaggerShape shape, TaggerOptions options, CrfConstraints constraints = CrfConstraints.Structure)
    {
        for (var seed = 1UL; seed <= 3; seed++)
        {
            using var tagger = ToyModels.Tagger(Backend, shape, seed, constraints, options);
            using var runtime = new Runtime(tagger, Ends);
            foreach (var lengths in Batches)
            {
                EncodedSentence[] plain = [.. ToyTraining.Sentences(seed, lengths)
                    .Select(sentence => sentence with { Characters = sentence.Characters[..^1] })];
                Parity.Check(tagger, runtime, ToyTagging.Batch([.. plain.Select(sentence =>
                    WithEnd(sentence, options.SentenceEnd))]), plain);
            }
        }
    }

    static EncodedSentence WithEnd(EncodedSentence sentence, SentenceEnd end)
    {
        var place = sentence.Characters.Length;
        var ended = end == SentenceEnd.None ? sentence
            : sentence with { Characters = [.. sentence.Characters, Ends.Character] };
        return end != SentenceEnd.Words ? ended : ended with
        {
            EndsInWord = true,
            Words = [.. sentence.Words, Ends.Word],
            ForwardIds = [.. sentence.ForwardIds, Ends.Forward],
            WordStarts = [.. sentence.WordStarts, place],
            WordEnds = [.. sentence.WordEnds, place],
        };
    }
}
