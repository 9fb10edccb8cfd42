using System.Text;
using LdNetGpu.Train.Data.Embeddings;
using static LdNetGpu.Tests.Data.TestFiles;

namespace LdNetGpu.Tests.Data;

/// <summary>word2vec's and fastText's own files, written here as those programs write them.</summary>
public sealed class EmbeddingBinaryTests : IDisposable
{
    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    static byte[] Bytes(Action<BinaryWriter> write)
    {
        using var memory = new MemoryStream();
        using (var writer = new BinaryWriter(memory)) write(writer);
        return memory.ToArray();
    }

    static byte[] Word2Vec(string header, bool lineEnds, params (byte[] Word, float[] Vector)[] words) =>
        Bytes(writer =>
    {
        writer.Write(Encoding.ASCII.GetBytes(header));
        foreach (var (word, vector) in words)
        {
            writer.Write([.. word, (byte)' ']);
            foreach (var number in vector) writer.Write(number);
            if (lineEnds) writer.Write((byte)'\n');
        }
    });

    [Theory, InlineData(true), InlineData(false)]
    public void Word2VecIsRead(bool lineEnds)
    {
        var bytes = Word2Vec("4 2\n", lineEnds, ("Oslo"u8.ToArray(), [1, -2.5f]), ([0xE9], [5, 6]),
            ("New_York"u8.ToArray(), [3, 4]), ("Oslo"u8.ToArray(), [7, 8]));
        foreach (var path in new[] { files.Write("w2v.bin", bytes), files.Write("w2v.gz", Zip(bytes)) })
        {
            var table = EmbeddingFile.Load(path, dimension: 2);
            Assert.Equal(["Oslo", "New_York"], table.Vectors.Keys);
            Assert.Equal([1f, -2.5f], table.Vectors["Oslo"]);
            Assert.Equal(new EmbeddingFileReport("word2vec binary", 3, 2, 1, 1, 2, 4), table.Report);
        }
    }

    [Fact]
    public void BadWord2VecIsRefused()
    {
        (byte[], float[])[] one = [("a"u8.ToArray(), [1, 2])];
        string Bad(byte[] bytes, params string[] parts) =>
            Refused(() => EmbeddingFile.Load(files.Write("bad.bin", bytes)), ["bad.bin", .. parts]);
        Bad(Word2Vec("2 2\n", false, one), "2 words of 2 numbers", "cut off");
        Bad(Zip(Word2Vec("2 2\n", false, one)), "breaks off in word 2 of 2");
        Bad(Word2Vec("1 2\n", false, [.. one, .. one]), "more bytes follow");
        Bad(Word2Vec("1 2\n", false, ("a"u8.ToArray(), [1, float.NaN])), "number 2 of word 1", "finite");
        Bad(Word2Vec("9000000000000000000 65536\n", false, one), "9000000000000000000 words", "cut off");
        Bad(Zip(Word2Vec("9000000000000000000 65536\n", false, one)), "breaks off in word 1");
        Bad(Word2Vec("1 2000000000\n", false, one), "2000000000 numbers a word");
        Refused(() => EmbeddingFile.Load(files.Write("w2v.bin", Word2Vec("1 2\n", false, one)), dimension: 3),
            "needs 3");
    }

    /// <summary>A model of two numbers a word; vectors are given, and how n-grams are made.</summary>
    static byte[] FastText(string[] words, float[][] rows, int bucket = 0, int shortest = 3, int longest = 0,
        (int From, int To)[]? pruned = null, bool quantised = false, int width = 2, long? matrixRows = null) =>
        Bytes(writer =>
    {
        writer.Write(793712314);
        writer.Write(12);
        foreach (var setting in new[] { width, 5, 5, 1, 5, 1, 2, 1, bucket, shortest, longest, 100 })
            writer.Write(setting);
        writer.Write(1e-4);
        writer.Write(words.Length);
        writer.Write(words.Length);
        writer.Write(0);
        writer.Write(1000L);
        writer.Write(pruned?.Length ?? -1L);
        foreach (var word in words)
        {
            writer.Write([.. Encoding.UTF8.GetBytes(word), 0]);
            writer.Write(7L);
            writer.Write((byte)0);
        }
        foreach (var (from, to) in pruned ?? [])
        {
            writer.Write(from);
            writer.Write(to);
        }
        writer.Write(quantised);
        writer.Write(matrixRows ?? rows.Length);
        writer.Write((long)width);
        foreach (var number in rows.SelectMany(row => row)) writer.Write(number);
        writer.Write(false);
        writer.Write(1L);
        writer.Write(2L);
        writer.Write(9f);
        writer.Write(9f);
    });

    [Fact]
    public void FastTextWithoutNgramsIsRead()
    {
        var path = files.Write("ft.bin", FastText(["</s>", "Oslo", "zzz"], [[1, 2], [3, 4], [5, 6]]));
        var table = EmbeddingFile.Load(path, word => word != "zzz", 2);
        Assert.Equal(["</s>", "Oslo"], table.Vectors.Keys);
        Assert.Equal([3f, 4f], table.Vectors["Oslo"]);
        Assert.Equal(("fastText binary", 3L), (table.Report.Format, table.Report.Words));
    }

    [Fact]
    public void FastTextAddsItsNgrams()
    {
        // One bucket, so that all n-grams of <ab> from 3 characters on are it: <ab, ab>, <ab>. The mean with the word.
        var one = EmbeddingFile.Load(files.Write("one.bin",
            FastText(["ab", "</s>"], [[1, 2], [5, 5], [10, 20]], bucket: 1, longest: 6)));
        Assert.Equal([(1 + 3 * 10) / 4f, (2 + 3 * 20) / 4f], one.Vectors["ab"]);
        Assert.Equal([5f, 5f], one.Vectors["</s>"]);
    }

    [Fact]
    public void NgramsAreHashedAsFastTextHashesThem()
    {
        // FNV-1a, each byte's sign extended: of "<a" it is plain FNV-1a; of é (C3 A9) it is not.
        Assert.Equal(Plain("<a", "a>"), new FastTextNgrams(2, 2).Hashes("a"u8.ToArray()));
        Assert.Equal(Signed("<é", "é>"), new FastTextNgrams(2, 2).Hashes("é"u8.ToArray()));
        // Single characters count, the marks alone do not.
        Assert.Equal(Plain("a", "b"), new FastTextNgrams(1, 1).Hashes("ab"u8.ToArray()));
        Assert.Equal(Plain("<ab", "ab>").Length, new FastTextNgrams(3, 3).Hashes("ab"u8.ToArray()).Count());

        static uint[] Plain(params string[] ngrams) => [.. ngrams.Select(ngram =>
            Encoding.UTF8.GetBytes(ngram).Aggregate(2166136261u, (hash, value) => (hash ^ value) * 16777619u))];

        static uint[] Signed(params string[] ngrams) => [.. ngrams.Select(ngram => Encoding.UTF8.GetBytes(ngram)
            .Aggregate(2166136261u,
                (hash, value) => (hash ^ (value < 128 ? value : 0xFFFFFF00u | value)) * 16777619u))];
    }

    [Fact]
    public void PrunedNgramsAreFoundWhereTheyWent()
    {
        var hashes = new FastTextNgrams(3, 3).Hashes("ab"u8.ToArray()).ToArray();
        var (from, gone) = ((int)(hashes[0] % 100), (int)(hashes[1] % 100));
        Assert.NotEqual(from, gone);
        var table = EmbeddingFile.Load(files.Write("pruned.bin",
            FastText(["ab"], [[1, 2], [10, 20]], bucket: 100, longest: 3, pruned: [(from, 0)])));
        Assert.Equal([5.5f, 11f], table.Vectors["ab"]);
    }

    [Fact]
    public void BadFastTextIsRefused()
    {
        var good = FastText(["ab"], [[1, 2]]);
        string Bad(byte[] bytes, params string[] parts) =>
            Refused(() => EmbeddingFile.Load(files.Write("bad.bin", bytes)), ["bad.bin", .. parts]);
        // Cut anywhere before the end of the words' vectors; what follows is not read.
        var needed = good.Length - (1 + 2 * sizeof(long) + 2 * sizeof(float));
        for (var length = 4; length < needed; length++) Bad(good[..length], "breaks off");
        for (var length = 8; length < needed; length++) Bad(Zip(good[..length]), "breaks off");
        Bad(FastText(["ab"], [[1, 2]], quantised: true), "quantised");
        Bad(FastText(["ab"], [[1, 2]], width: 2_000_000_000), "2000000000 numbers");
        Bad(FastText(["ab"], [[1, 2]], bucket: int.MaxValue, matrixRows: 1L + int.MaxValue), "breaks off");
        Bad(FastText(["ab"], [[1, 2]], bucket: 7), "a matrix of 1 rows");
        Bad(FastText(["ab"], [[1, float.PositiveInfinity]]), "number 2 of \"ab\"");
        Bad(FastText(["ab"], [[1, 2]], longest: int.MaxValue), "n-grams of 2147483647");
    }

    static byte[] Zip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(memory, System.IO.Compression.CompressionLevel.Fastest))
            zip.Write(bytes);
        return memory.ToArray();
    }
}
