using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Tests.Training;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Tagging;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Tagging;

/// <summary>A span's confidence is the sum over all tag sequences that mark it, each counted.</summary>
public class SpanConfidenceTests
{
    const int Words = 4;

    [Theory]
    [InlineData(TagScheme.Iobes, CrfConstraints.None)]
    [InlineData(TagScheme.Iobes, CrfConstraints.Structure)]
    [InlineData(TagScheme.Iobes, CrfConstraints.Scheme)]
    [InlineData(TagScheme.Iob2, CrfConstraints.None)]
    [InlineData(TagScheme.Iob2, CrfConstraints.Structure)]
    [InlineData(TagScheme.Iob2, CrfConstraints.Scheme)]
    public void ItIsThatOfEverySequenceThatMarksTheSpan(TagScheme scheme, CrfConstraints constraints)
    {
        var vocabulary = TagVocabulary.FromTypes(scheme == TagScheme.Iobes ? ["A"] : ["A", "B"], scheme);
        var scores = Random(vocabulary, constraints, seed: 11);
        var expected = new Dictionary<EntitySpan, double>();
        var all = 0.0;
        foreach (var tags in Sequences(vocabulary.Count, Words))
        {
            var weight = Math.Exp(scores.Score(tags));
            all += weight;
            foreach (var span in TagConversion.ToSpans([.. tags.Select(tag => vocabulary[tag])]))
                expected[span] = expected.GetValueOrDefault(span) + weight;
        }
        Assert.Equal(Math.Log(all), scores.LogPartition(), 1e-12);
        var spans = new SpanProbabilities(vocabulary);
        var sentence = new ChainProbabilities(scores);
        var types = scheme == TagScheme.Iobes ? new[] { "A", "C" } : ["A", "B", "C"];
        var seen = 0;
        for (var start = 0; start < Words; start++)
            for (var end = start + 1; end <= Words; end++)
                foreach (var type in types)
                {
                    var span = new EntitySpan(start, end, type);
                    var probability = spans.Of(span, [sentence]);
                    Assert.Equal(expected.GetValueOrDefault(span) / all, probability, 1e-12);
                    seen += probability > 0 ? 1 : 0;
                }
        Assert.Equal(expected.Count(span => span.Value > 0), seen);
        Assert.True(seen >= 10);
    }

    [Fact]
    public void OfLongSentencesItIsNeitherLostNorAboveOne()
    {
        var vocabulary = TagVocabulary.FromTypes(["A", "B"]);
        var scores = Random(vocabulary, CrfConstraints.Scheme, seed: 3, words: 2000, scale: 30);
        var sentence = new ChainProbabilities(scores);
        var spans = new SpanProbabilities(vocabulary);
        // Exactly one of them holds word 1000, or none: at most 1 together.
        var sum = 0.0;
        for (var start = 980; start <= 1000; start++)
            for (var end = 1001; end < 1020; end++)
                foreach (var type in new[] { "A", "B" })
                {
                    var probability = spans.Of(new(start, end, type), [sentence]);
                    Assert.InRange(probability, 0, 1);
                    sum += probability;
                }
        Assert.InRange(sum, 0.01, 1 + 1e-9);
    }

    /// <summary>Which the device computes: one word has one span or none.</summary>
    [Fact]
    public void OfASentenceOfOneWordItIsTheReadings()
    {
        using var loaded = TaggerSetup.Create(new CpuBackend<float>(new CpuDevice(1)), SmallCorpus.Tagger,
            SmallCorpus.Train);
        var options = new TextTaggerOptions { WithConfidence = true, WithSpanConfidence = true, Readings = 10 };
        var tagged = new TextTagger(loaded, options).Tag("Anna");
        var named = tagged.Readings.Where(reading => reading.Spans.Count == 1).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, reading => Assert.Equal(reading.Probability!.Value, reading.SpanConfidence![0], 1e-6));
        Assert.Null(new TextTagger(loaded).Tag("Anna").Readings[0].SpanConfidence);
        // Pieces are independent.
        string[] words = [.. SmallCorpus.Dev.Sentences[0].Words.Take(6)];
        var pieces = new TextTagger(loaded, options with { PieceWords = 1 }).Tag(words);
        Assert.All(pieces.Readings, reading => Assert.All(reading.Spans.Zip(reading.SpanConfidence!), one =>
            Assert.Equal(Enumerable.Range(one.First.Start, one.First.End - one.First.Start).Aggregate(1.0,
                (product, word) => product * new TextTagger(loaded, options).Tag(words[word]).Readings
                    .Single(single => single.Tags[0].EndsWith("-" + one.First.Type, StringComparison.Ordinal)
                        && single.Tags[0][0] == 'B').SpanConfidence![0]), one.Second, 1e-6)));
    }

    static ChainScores Random(TagVocabulary vocabulary, CrfConstraints constraints, ulong seed, int words = Words,
        double scale = 1)
    {
        var random = new RandomStream(new RandomKey(seed, 0, 0));
        var count = vocabulary.Count;
        var mask = CrfMasks.Mask([.. vocabulary.Vocabulary.Tokens], constraints);
        return new([.. Enumerable.Range(0, words * count).Select(_ => scale * random.NextNormal())],
            [.. mask.Select(allowed => allowed + random.NextNormal())]);
    }

    static IEnumerable<int[]> Sequences(int tags, int length)
    {
        var total = (int)Math.Pow(tags, length);
        for (var number = 0; number < total; number++)
        {
            var sequence = new int[length];
            for (var (t, rest) = (0, number); t < length; t++, rest /= tags) sequence[t] = rest % tags;
            yield return sequence;
        }
    }
}
