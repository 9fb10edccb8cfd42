using LdNetGpu.Devices;
using LdNetGpu.Train.Data;
using static LdNetGpu.Tests.Data.TestFiles;

namespace LdNetGpu.Tests.Data;

public sealed class LanguageModelDataTests : IDisposable
{
    readonly TestFiles files = TestFiles.InMemory();

    public void Dispose() => files.Dispose();

    static readonly Vocabulary Letters = new(["<eos>", "<unk>", "a", "b", "c"]);

    static int[] All(ITokenSequence tokens)
    {
        var ids = new int[tokens.Count];
        tokens.CopyTo(0, ids);
        return ids;
    }

    [Fact]
    public void CorpusReadsFilesFoldersAndGzipInOrder()
    {
        files.Write("text/b.txt", "three\n");
        files.Write("text/a.txt.gz", Gzip("one  two\t\n\n \n"));
        files.Write("text/.hidden", "no\n");
        var single = files.Write("last", "four");
        var corpus = new Corpus([files.PathOf("text"), single]);
        Assert.Equal([["one", "two"], ["three"], ["four"]], corpus.Sentences());
    }

    [Fact]
    public void MissingAndEmptyCorporaAreRefused()
    {
        Refused(() => _ = new Corpus([files.PathOf("none")]), "none: no such file or folder");
        Directory.CreateDirectory(files.PathOf("bare"));
        Refused(() => _ = new Corpus([files.PathOf("bare")]), "bare", "holds no file");
        Refused(() => Assert.Empty(new Corpus([files.Write("blank", "\n \n")]).Sentences()), "blank", "no text");
    }

    [Fact]
    public void CacheHoldsTheEncodedCorpus()
    {
        var corpus = new Corpus([files.Write("text", "a b\n\nq c a\n")]);
        using var cache = TokenCache.Open(files.PathOf("tokens.bin"), corpus, Letters);
        Assert.Equal([2, 3, 0, 1, 4, 2, 0], All(cache));
        Assert.Equal((1L, 2L, 0.2), (cache.UnknownCount, cache.SentenceCount, cache.UnknownRate()));
        Assert.Equal(All(cache), All(TokenArray.Encode(corpus.Sentences(), Letters)));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.CopyTo(5, new int[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.CopyTo(long.MaxValue, new int[3]));
    }

    [Fact]
    public void AClosedCacheAndOneThatBecameShorterSaySo()
    {
        var path = files.PathOf("tokens.bin");
        var cache = TokenCache.Open(path, new Corpus([files.Write("text", "a b\n\nq c a\n")]), Letters);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(88);
        var ids = new int[4];
        cache.CopyTo(0, ids);
        Assert.Equal([2, 3, 0, 1], ids);
        Refused(() => cache.CopyTo(3, new int[4]), "tokens.bin: became shorter while it was in use");
        cache.Dispose();
        Assert.Throws<ObjectDisposedException>(() => cache.CopyTo(0, new int[1]));
    }

    [Fact]
    public void CacheIsMadeAgainOnlyWhenItIsStale()
    {
        var (source, path) = (files.Write("text", "a b\n"), files.PathOf("tokens.bin"));
        bool Built(Vocabulary vocabulary)
        {
            using var cache = TokenCache.Open(path, new Corpus([source]), vocabulary);
            return cache.WasBuilt;
        }
        Assert.True(Built(Letters));
        Assert.False(Built(Letters));
        Assert.True(Built(new Vocabulary(["<eos>", "<unk>", "b", "a"])));
        File.AppendAllText(source, "c\n");
        Assert.True(Built(Letters));
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^3]);
        Assert.True(Built(Letters));
        Assert.False(Built(Letters));
    }

    /// <summary>Whatever names, links and times say: the text that stands there is trained on.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public void TextThatChangedIsSeen(bool isLink)
    {
        var (first, second) = (files.Write("first", "a b\n"), files.Write("second", "b a\n"));
        var source = files.PathOf("source");
        var path = files.PathOf("tokens.bin");
        int[] Ids()
        {
            using var cache = TokenCache.Open(path, new Corpus([source]), Letters);
            return All(cache);
        }
        void Put(string text)
        {
            File.Delete(source);
            if (isLink) File.CreateSymbolicLink(source, text);
            else File.Copy(text, source);
            if (!isLink) File.SetLastWriteTimeUtc(source, new DateTime(2018, 10, 31, 0, 0, 0, DateTimeKind.Utc));
        }
        Put(first);
        Assert.Equal([2, 3, 0], Ids());
        Put(second);
        Assert.Equal([3, 2, 0], Ids());
        // What a link leads to is changed, with the time and length that it had.
        var time = File.GetLastWriteTimeUtc(isLink ? second : source);
        File.WriteAllText(isLink ? second : source, "c a\n");
        File.SetLastWriteTimeUtc(isLink ? second : source, time);
        Assert.Equal([4, 2, 0], Ids());
    }

    [Fact]
    public void IdsThatTheVocabularyLacksAreMadeAnewOrRefused()
    {
        var path = files.PathOf("tokens.bin");
        var corpus = new Corpus([files.Write("text", "a b\n\nq c a\n")]);
        TokenCache.Open(path, corpus, Letters).Dispose();
        void Put(int id)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.Position = TokenCacheHeader.Bytes + 4;
            file.Write(BitConverter.GetBytes(id));
        }
        Put(4);
        using var cache = TokenCache.Open(path, corpus, Letters);
        Assert.True(cache.WasBuilt);
        Assert.Equal([2, 3, 0, 1, 4, 2, 0], All(cache));
        foreach (var id in new[] { -1, 5, int.MaxValue, int.MinValue })
        {
            Put(id);
            Refused(() => cache.CopyTo(0, new int[3]), "tokens.bin: was overwritten while it was in use");
        }
    }

    [Fact]
    public void ACountBeyondWhatNumbersHoldIsNoCache()
    {
        var stream = new MemoryStream();
        TokenCacheHeader.Encode(stream, new Corpus([files.Write("text", "a b\n")]), Letters, new byte[32]);
        var bytes = stream.ToArray();
        Assert.Equal(3, TokenCacheHeader.Parse(bytes.AsSpan(0, TokenCacheHeader.Bytes), bytes.Length)!.Count);
        foreach (var count in new[] { (1L << 62) + 3, long.MaxValue, -3, 0, 2 })
        {
            BitConverter.GetBytes(count).CopyTo(bytes, 8);
            BitConverter.GetBytes(Model.Checkpoints.Crc32C.Of(bytes.AsSpan(0, TokenCacheHeader.Bytes - 4)))
                .CopyTo(bytes, TokenCacheHeader.Bytes - 4);
            Assert.Null(TokenCacheHeader.Parse(bytes.AsSpan(0, TokenCacheHeader.Bytes), bytes.Length));
        }
    }

    [Fact]
    public void AFailedBuildLeavesTheOldCacheAndNoOther()
    {
        var path = files.PathOf("cache/tokens.bin");
        TokenCache.Open(path, new Corpus([files.Write("good", "a\n")]), Letters).Dispose();
        var before = File.ReadAllBytes(path);
        Refused(() => TokenCache.Open(path, new Corpus([files.Write("bad", [.. "a\n"u8, 0xFF])]), Letters).Dispose(),
            "bad, line 2");
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(files.PathOf("cache")));
    }

    /// <summary>Ids 10, 11, ...; the last is the sentence end 0.</summary>
    static TokenArray Row(int count) => TokenArray.Encode(
        [Enumerable.Range(0, count - 1).Select(i => $"w{i}").ToArray()],
        new Vocabulary(["<eos>", .. Enumerable.Range(1, 9).Select(i => $"-{i}"),
            .. Enumerable.Range(0, count - 1).Select(i => $"w{i}"), "<unk>"]));

    [Fact]
    public void ForwardChunksAreTimeMajorAndStreamsContiguous()
    {
        // Row 0 | 10 11 12 13 14 15 16 17 0: nine targets; two streams of four, the ninth is left over.
        var stream = BpttStream.ForTraining(Row(9), 0, streams: 2, steps: 3, backward: false);
        Assert.Equal((2, 8L), (stream.ChunkCount, stream.TargetCount));
        var first = stream.Chunk(0);
        Assert.Equal([0, 13, 10, 14, 11, 15], first.Inputs);
        Assert.Equal([10, 14, 11, 15, 12, 16], first.Targets);
        var last = stream.Chunk(1);
        Assert.Equal((1, 2), (last.Steps, last.TargetCount));
        Assert.Equal([12, 16], last.Inputs);
        Assert.Equal([13, 17], last.Targets);
    }

    [Fact]
    public void BackwardReadsTheRowFromItsEnd()
    {
        // 0 13 12 11 10 | 0
        var chunk = BpttStream.ForTraining(Row(5), 0, streams: 1, steps: 5, backward: true).Chunk(0);
        Assert.Equal([0, 13, 12, 11, 10], chunk.Inputs);
        Assert.Equal([13, 12, 11, 10, 0], chunk.Targets);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EvaluationCountsEachTargetOnce(bool backward)
    {
        for (var count = 1; count <= 24; count++)
            for (var streams = 1; streams <= 5; streams++)
                for (var steps = 1; steps <= 4; steps++)
                {
                    var stream = BpttStream.ForEvaluation(Row(count), 0, streams, steps, backward);
                    var targets = new List<int>();
                    for (var i = 0; i < stream.ChunkCount; i++)
                    {
                        var chunk = stream.Chunk(i);
                        var counted = chunk.Targets.Where(target => target >= 0).ToList();
                        Assert.Equal(chunk.TargetCount, counted.Count);
                        targets.AddRange(counted);
                    }
                    Assert.Equal(count, stream.TargetCount);
                    Assert.Equal([0, .. Enumerable.Range(10, count - 1)], targets.Order());
                }
    }

    [Fact]
    public void ChunksContinueEachOther()
    {
        var stream = BpttStream.ForEvaluation(Row(50), 0, streams: 3, steps: 4, backward: true);
        for (var i = 1; i < stream.ChunkCount; i++)
            for (var b = 0; b < 3; b++)
                if (stream.Chunk(i).Targets[b] >= 0)
                    Assert.Equal(stream.Chunk(i - 1).Targets[^(3 - b)], stream.Chunk(i).Inputs[b]);
    }

    [Fact]
    public void TooLittleTextNamesTheSettingToLower() => Refused(
        () => BpttStream.ForTraining(Row(9), 0, streams: 5, steps: 20, backward: false), "9 tokens",
        "5 streams need at least 10", "4 or less");

    [Fact]
    public void WordBudgetHoldsAndOrderComesBack()
    {
        int[] lengths = [3, 1, 50_000, 7, 2, 2, 0, 7];
        var batches = SentenceBatches.ByWordBudget(lengths, 14);
        Assert.Equal([2], batches[0]);
        Assert.All(batches.Skip(1), batch => Assert.True(batch.Length * lengths[batch[0]] <= 14));
        Assert.All(batches, batch => Assert.Equal(batch.OrderByDescending(i => lengths[i]), batch));
        Assert.Equal(lengths,
            SentenceBatches.InOrder(batches, batches.SelectMany(batch => batch.Select(i => lengths[i]))));
    }

    [Fact]
    public void ShuffledBatchesHoldEverySentenceOnceAndFollowTheKey()
    {
        var lengths = Enumerable.Range(0, 23).Select(i => i * 7 % 5).ToArray();
        List<int[]> Draw(uint epoch) =>
            SentenceBatches.Shuffled(lengths, 10, new RandomStream(new RandomKey(1, epoch, 0)));
        Assert.Equal([10, 10, 3], Draw(0).Select(batch => batch.Length));
        Assert.Equal(Enumerable.Range(0, 23), Draw(0).SelectMany(batch => batch).Order());
        Assert.Equal(Draw(3), Draw(3));
        Assert.NotEqual(Draw(0), Draw(1));
    }

    [Fact]
    public void WindowsBoundMemoryAndLetLongSentencesThrough()
    {
        Sentence[] sentences =
        [
            .. new[] { 4, 4, 4, 30, 1 }
                .Select(length => new Sentence([.. Enumerable.Repeat("w", length)], null, 1, 0)),
        ];
        Assert.Equal([2, 1, 1, 1], SentenceBatches.Windows(sentences, 10).Select(window => window.Count));
    }

    [Fact]
    public void FullWindowsDoNotWaitForTheNextSentence()
    {
        var read = 0;
        IEnumerable<Sentence> Sentences()
        {
            for (; ; read++) yield return new Sentence(["a", "b"], null, read, 0);
        }
        using var windows = SentenceBatches.Windows(Sentences(), 1).GetEnumerator();
        Assert.True(windows.MoveNext());
        Assert.Single(windows.Current);
        Assert.Equal(0, read);
    }
}
