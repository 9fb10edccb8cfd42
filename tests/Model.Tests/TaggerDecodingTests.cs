using System.Text.RegularExpressions;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;

namespace LdNetGpu.Tests;

/// <summary>What a tagger says is a distribution over tag sequences, and obeys the constraints it was given.</summary>
public partial class TaggerDecodingTests
{
    static readonly string[] Iob2Tags = ["O", "B-A", "I-A", "B-B", "I-B", "<start>", "<end>"];
    static readonly CpuBackend<double> Backend = new(new CpuDevice(2));

    public static TheoryData<CrfConstraints> Constraints => [.. Enum.GetValues<CrfConstraints>()];

    [Theory, MemberData(nameof(Constraints))]
    public void ProbabilitiesNeverExceedOne(CrfConstraints constraints) => ToyModels.Check(ToyModels.Batches, given =>
    {
        // Weights of 8 put the scores in the hundreds: there, rounding would lift log p above 0 first.
        foreach (var scale in new[] { 0.7, 8 })
        {
            using var tagger = ToyModels.Tagger(Backend, ToyTagging.ShapeWithoutLanguageModels(), given.Seed,
                constraints, scale: scale);
            var batch = ToyTagging.Batch(ToyTraining.Sentences(given.Seed, given.Lengths));
            using var scope = new TensorScope();
            Assert.True(tagger.Loss(batch, ForwardContext.Inference).Item() >= 0);
            var tags = tagger.Decode(batch);
            var best = tagger.Read(batch, 4, withConfidence: true);
            Assert.All(best.SelectMany(sentence => sentence).SelectMany(reading => reading.Confidence!),
                value => Assert.InRange(value, 0, 1));
            for (var b = 0; b < tags.Length; b++)
            {
                Assert.Equal(tags[b], best[b][0].Tags);
                Assert.All(best[b], path => Assert.True(path.LogProbability <= 0));
                Assert.Equal(best[b].Select(path => path.LogProbability).OrderDescending(),
                    best[b].Select(path => path.LogProbability));
                Assert.InRange(best[b].Sum(path => Math.Exp(path.LogProbability!.Value)), 0, 1 + 1e-12);
            }
        }
    });

    /// <summary>Against every sequence that there is.</summary>
    [Fact]
    public void ConfidenceIsThatOfAllThatPrintAlike()
    {
        using var tagger = ToyModels.Tagger(Backend, ToyTagging.ShapeWithoutLanguageModels(), 5,
            CrfConstraints.Structure, scale: 1);
        var batch = ToyTagging.Batch(ToyTraining.Sentences(5, [2, 3]));
        var several = 0;
        foreach (var sentence in tagger.Read(batch, 5000, withConfidence: true))
        {
            Assert.Equal(1, sentence.Sum(path => Math.Exp(path.LogProbability!.Value)), 1e-9);
            for (var t = 0; t < sentence[0].Tags.Length; t++)
            {
                var tag = Printed(sentence[0].Tags[t]);
                var alike = sentence.Where(path => Printed(path.Tags[t]) == tag).ToList();
                Assert.Equal(alike.Sum(path => Math.Exp(path.LogProbability!.Value)), sentence[0].Confidence![t], 1e-9);
                several += alike.DistinctBy(path => path.Tags[t]).Count() > 1 ? 1 : 0;
            }
        }
        Assert.True(several > 0, "no tag prints like another");

        static string Printed(int tag) => ToyTagging.Tags[tag] switch
        {
            ['S', .. var rest] => "B" + rest,
            ['E', .. var rest] => "I" + rest,
            var other => other,
        };
    }

    /// <summary>Of every sequence p becomes p^(1/T) over their sum, and the best one stays the best.</summary>
    [Theory, InlineData(0.4), InlineData(2.5)]
    public void ATemperatureDividesScoresAndKeepsTags(double temperature)
    {
        using var tagger = ToyModels.Tagger(Backend, ToyTagging.ShapeWithoutLanguageModels(), 5,
            CrfConstraints.Structure, scale: 1);
        var batch = ToyTagging.Batch(ToyTraining.Sentences(5, [2, 3]));
        var plain = tagger.Read(batch, 5000, withConfidence: true);
        var other = tagger.Read(batch, 5000, withConfidence: true, temperature);
        var best = tagger.Read(batch, 1, withConfidence: true, temperature);
        for (var b = 0; b < plain.Length; b++)
        {
            var sum = plain[b].Sum(path => Math.Exp(path.LogProbability!.Value / temperature));
            var expected = plain[b].ToDictionary(path => string.Join(' ', path.Tags),
                path => Math.Exp(path.LogProbability!.Value / temperature) / sum);
            Assert.All(other[b], path =>
                Assert.Equal(expected[string.Join(' ', path.Tags)], Math.Exp(path.LogProbability!.Value), 1e-9));
            Assert.Equal(plain[b][0].Tags, best[b][0].Tags);
            Assert.Equal(other[b][0].Confidence, best[b][0].Confidence);
            Assert.All(plain[b][0].Confidence!.Zip(other[b][0].Confidence!), pair =>
                Assert.NotEqual(pair.First, pair.Second, 1e-4));
        }
        foreach (var none in new[] { 0, -1, double.NaN, double.PositiveInfinity })
            Assert.Equal("temperature",
                Assert.Throws<ArgumentOutOfRangeException>(() => tagger.Read(batch, temperature: none)).ParamName);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void SchemeConstraintsLeaveOnlyConsistentTags(bool iobes)
    {
        var tags = iobes ? ToyTagging.Tags : Iob2Tags;
        var grammar = iobes ? Iobes() : Iob2();
        var unconstrained = 0;
        ToyModels.Check(ToyModels.Batches, given =>
        {
            var shape = ToyTagging.ShapeWithoutLanguageModels() with { Tags = tags };
            var sentences = ToyTraining.Sentences(given.Seed, given.Lengths);
            using var free = ToyModels.Tagger(Backend, shape, given.Seed, CrfConstraints.Structure);
            using var bound = ToyModels.Tagger(Backend, shape, given.Seed, CrfConstraints.Scheme);
            unconstrained += free.Decode(ToyTagging.Batch(sentences))
                .Count(sentence => !grammar.IsMatch(Text(sentence)));
            foreach (var paths in bound.Read(ToyTagging.Batch(sentences), 3))
                foreach (var path in paths.Where(path => double.IsFinite(path.LogProbability!.Value)))
                    Assert.Matches(grammar, Text(path.Tags));
            foreach (var sentence in bound.Decode(ToyTagging.Batch(sentences))) Assert.Matches(grammar, Text(sentence));
        });
        Assert.NotEqual(0, unconstrained);

        string Text(int[] sentence) => string.Concat(sentence.Select(tag => tags[tag] + " "));
    }

    [GeneratedRegex(@"^(O |S-\w |B-(\w) (I-\2 )*E-\2 )+$")]
    private static partial Regex Iobes();

    [GeneratedRegex(@"^(O |B-(\w) (I-\2 )*)+$")]
    private static partial Regex Iob2();
}
