using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>
/// A sentence's result depends on the sentence alone: not on its batch, not on what came before, not on how it was cut
/// up.
/// </summary>
public class TaggerInvarianceTests
{
    static readonly CpuBackend<float> Backend = new(new CpuDevice(2));

    public static TheoryData<string> Kinds =>
        ["without language models", "with language models", "with layer weights", "GRU", "ELMo, one of them stacked"];

    static Tagger<float> Create(string kind, ulong seed) => kind switch
    {
        "without language models" => ToyModels.Tagger(Backend, ToyTagging.ShapeWithoutLanguageModels(), seed),
        "with language models" => ToyModels.Tagger(Backend, ToyTagging.Shape(), seed),
        "with layer weights" => ToyModels.Tagger(Backend, ToyTagging.Shape(scaled: true), seed),
        "GRU" => ToyModels.Tagger(Backend, WithUnit(RecurrentUnit.Gru), seed,
            options: ToyTagging.Options with { Unit = RecurrentUnit.Gru }),
        _ => ToyModels.Tagger(Backend, Mixed, seed,
            options: ToyTagging.Options with { LmMixing = LanguageModelMixing.Elmo }),
    };

    static TaggerShape WithUnit(RecurrentUnit unit)
    {
        var shape = ToyTagging.Shape();
        return shape with { Forward = shape.Forward! with { Stack = shape.Forward.Stack with { Unit = unit } } };
    }

    static TaggerShape Mixed => ToyTagging.Shape() with
    {
        Forward = new(ToyTagging.ForwardWords, new(RecurrentUnit.Lstm, 3, [2, 2, 2])),
        Backward = new(ToyTagging.BackwardWords, new(RecurrentUnit.Lstm, 2, [3, 3], IsDense: false)),
    };

    [Theory, MemberData(nameof(Kinds))]
    public void ASentenceAloneGivesWhatItGivesInAnyBatchInAnyOrder(string kind) =>
        ToyModels.Check(ToyModels.Batches, given =>
        {
            using var tagger = Create(kind, given.Seed);
            var sentences = ToyTraining.Sentences(given.Seed, given.Lengths);
            foreach (var order in new[] { sentences, [.. sentences.Reverse()],
                [.. sentences.OrderByDescending(sentence => sentence.Length)] })
            {
                var batch = ToyTagging.Batch(order);
                var (together, tags) = (ToyModels.Emissions(tagger, batch), tagger.Decode(batch));
                for (var b = 0; b < order.Length; b++)
                {
                    var single = ToyTagging.Batch(order[b]);
                    var alone = ToyModels.Emissions(tagger, single);
                    var here = Of(together, b, order.Length, order[b].Length);
                    Assert.InRange(ToyModels.Difference<float>(alone, here), 0, 1e-5);
                    Assert.Equal(tagger.Decode(single)[0], tags[b]);
                }
            }
        }, count: 12);

    [Theory, MemberData(nameof(Kinds))]
    public void NothingIsCarriedFromOneCallToTheNext(string kind)
    {
        using var tagger = Create(kind, 3);
        var sentences = ToyTraining.Sentences(3, [5, 8]);
        var first = ToyModels.Emissions(tagger, ToyTagging.Batch(sentences[0]));
        ToyModels.Emissions(tagger, ToyTagging.Batch(sentences[1]));
        Tolerance.AssertSameBits<float>(first, ToyModels.Emissions(tagger, ToyTagging.Batch(sentences[0])));
    }

    [Theory, InlineData("with language models"), InlineData("with layer weights"), InlineData("GRU")]
    [InlineData("ELMo, one of them stacked")]
    public void LanguageModelsGiveTheSameInChunksOfAnySize(string kind) => ToyModels.Check(ToyModels.Batches, given =>
    {
        using var tagger = Create(kind, given.Seed);
        var batch = ToyTagging.Batch(ToyTraining.Sentences(given.Seed, given.Lengths));
        tagger.Forward!.RowsPerChunk = 1 + (int)(given.Seed % 23);
        tagger.Backward!.RowsPerChunk = 1 + (int)(given.Seed % 17);
        Assert.InRange(ToyModels.Difference<float>(ToyModels.EmissionsAtOnce(tagger, batch),
            ToyModels.Emissions(tagger, batch)), 0, 1e-5);
    });

    [Fact]
    public void ASentenceLongerThanAChunkGivesTheSame()
    {
        using var tagger = Create("with language models", 4);
        var batch = ToyTagging.Batch(ToyTraining.Sentences(4, [3000, 7]));
        Assert.True(batch.Steps * batch.Batch > tagger.Forward!.RowsPerChunk);
        Assert.InRange(ToyModels.Difference<float>(ToyModels.EmissionsAtOnce(tagger, batch),
            ToyModels.Emissions(tagger, batch)), 0, 1e-5);
    }

    static float[] Of(float[] emissions, int sentence, int batch, int length) =>
        [.. emissions.Chunk(ToyTagging.Tags.Length).Where((_, row) => row % batch == sentence && row / batch < length)
            .SelectMany(row => row)];
}
