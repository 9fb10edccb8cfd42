using LdNetGpu.Devices;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;

namespace LdNetGpu.Tests.Data;

public sealed class ShuffledShardsTests
{
    static readonly Vocabulary Words = new(["<eos>", "a", "b", "<unk>", "c"]);


    [Fact]
    public void EveryPlaceReadsWhatTheShardsInTheirOrderHave()
    {
        var vocabulary = new Vocabulary(["<eos>", "<unk>", .. Enumerable.Range(0, 40).Select(i => $"w{i}")]);
        var text = TokenArray.Encode(Enumerable.Range(0, 40).Select(i => new[] { $"w{i}" }), vocabulary);
        long[] lengths = [6, 2, 30, 4, 38];
        var kept = new int[80];
        text.CopyTo(0, kept);
        var orders = new HashSet<string>();
        for (uint pass = 0; pass < 20; pass++)
        {
            var shuffled = new ShuffledShards(text, lengths, new RandomKey(3, pass, 7));
            var whole = new int[80];
            shuffled.CopyTo(0, whole);
            // Shards are told by their first words.
            long[] starts = [0, 6, 8, 38, 42];
            List<int> expected = [];
            while (expected.Count < 80)
            {
                var shard = Array.FindIndex(starts, start => kept[start] == whole[expected.Count]);
                expected.AddRange(kept.AsSpan((int)starts[shard], (int)lengths[shard]));
            }
            Assert.Equal(expected, whole);
            orders.Add(string.Join(',', whole));
            for (var start = 0; start <= 80; start++)
                for (var length = 0; length <= 80 - start; length += 7)
                {
                    var part = new int[length];
                    shuffled.CopyTo(start, part);
                    Assert.Equal(whole.AsSpan(start, length).ToArray(), part);
                }
            Assert.Throws<ArgumentOutOfRangeException>(() => shuffled.CopyTo(79, new int[2]));
            Assert.Equal((text.Count, text.SentenceCount, text.UnknownCount),
                (shuffled.Count, shuffled.SentenceCount, shuffled.UnknownCount));
        }
        Assert.InRange(orders.Count, 15, 20);
        Assert.Throws<ArgumentException>(() => new ShuffledShards(text, [79], new RandomKey(3, 0, 7)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void EachTargetStandsWhereItsPlaceSays(bool backward)
    {
        var vocabulary = new Vocabulary(["<eos>", "<unk>", .. Enumerable.Range(0, 40).Select(i => $"w{i}")]);
        var text = TokenArray.Encode(Enumerable.Range(0, 19).Select(i => new[] { $"w{i}", $"w{i + 19}" }), vocabulary);
        var ids = new int[text.Count];
        text.CopyTo(0, ids);
        var stream = BpttStream.ForEvaluation(text, 0, 5, 4, backward);
        var seen = new List<long>();
        for (var index = 0; index < stream.ChunkCount; index++)
        {
            var chunk = stream.Chunk(index);
            for (var i = 0; i < chunk.Targets.Length; i++)
            {
                if (chunk.Targets[i] < 0) continue;
                var place = stream.TargetPlace(index, i / chunk.Streams, i % chunk.Streams);
                Assert.Equal(ids[place], chunk.Targets[i]);
                seen.Add(place);
            }
        }
        Assert.Equal(Enumerable.Range(0, ids.Length).Select(place => (long)place), seen.Order());
    }

    [Fact]
    public void BandsCountByRankWithoutSpecialSymbols()
    {
        string[][] sentences = [["a", "zz", "c"], ["b", "a"]];
        var text = TokenArray.Encode(sentences, Words);
        float[] losses = [1, 5, 4, 0.5f, 2, 3, 0.5f];
        var bands = FrequencyBands.Of(Words, text, losses, [1, 2, 9]);
        Assert.Equal(["1-1", "2-2", "3-3", "<unk>", "<eos>"], bands.Select(band => band.Name));
        Assert.Equal([2L, 1, 1, 1, 2], bands.Select(band => band.Tokens));
        Assert.Equal([2, 2, 4, 5, 0.5], bands.Select(band => band.NatsPerToken));
        Assert.Equal(4 / 16.0, bands[0].LossShare, 1e-12);
        Assert.Equal(Math.Exp(4), bands[2].Perplexity, 1e-9);
        var rare = FrequencyBands.RareWords(Words, sentences, text, losses, 2);
        Assert.Equal([new("zz", null, 1, 5, 5 / 16.0), new("c", 3, 1, 4, 4 / 16.0)], rare);
        Assert.Equal(4, FrequencyBands.RareWords(Words, sentences, text, losses, 0).Count);
        Assert.Throws<ArgumentException>(() => FrequencyBands.Of(Words, text, losses, [3, 2]));
        Assert.Throws<ShapeException>(() => FrequencyBands.Of(Words, text, [1], [3]));
        Assert.Throws<ShapeException>(() => FrequencyBands.RareWords(Words, [["a"]], text, losses, 2));
    }
}
