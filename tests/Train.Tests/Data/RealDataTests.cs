using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests.Data;

/// <summary>Counts that the sets' own descriptions give.</summary>
public class RealDataTests
{
    static (int Sentences, int Words, int Entities, int Documents, TagScheme Scheme) Count(string path)
    {
        var (sentences, words, entities, documents) = (0, 0, 0, 0);
        var detector = new SchemeDetector();
        foreach (var sentence in ConllReader.Read(path))
        {
            sentences++;
            words += sentence.Words.Length;
            entities += TagConversion.ToSpans(sentence.Tags!).Count;
            documents = sentence.DocumentIndex + 1;
            detector.Add(sentence);
        }
        Assert.Equal(0, detector.ViolationCount(detector.Scheme));
        return (sentences, words, entities, documents, detector.Scheme);
    }

    [Theory]
    [InlineData("wnut17/train.conll", 3394, 1975)]
    [InlineData("wnut17/dev.conll", 1009, 836)]
    [InlineData("wnut17/test.conll", 1287, 1079)]
    public void Wnut17(string file, int sentences, int entities)
    {
        var count = Count(TestFiles.Shared(file));
        Assert.Equal((sentences, entities, TagScheme.Iob2), (count.Sentences, count.Entities, count.Scheme));
    }

    [Fact]
    public void Wikigold() =>
        Assert.Equal((1696, 39_007, 3558, 145, TagScheme.Iob1), Count(TestFiles.Shared("wikigold/wikigold.conll.txt")));

    [Fact]
    public void BroadTwitterCorpus()
    {
        var counts = "abefgh".Select(section => Count(TestFiles.Shared($"btc/{section}.conll.gz"))).ToArray();
        Assert.Equal((9339, 150_387), (counts.Sum(count => count.Sentences), counts.Sum(count => count.Words)));
        Assert.All(counts, count => Assert.Equal(TagScheme.Iob2, count.Scheme));
    }
}
