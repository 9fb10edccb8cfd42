using LdNetGpu.Train.Data;
using static LdNetGpu.Tests.Data.TestFiles;

namespace LdNetGpu.Tests.Data;

public sealed class EmbeddingFileTests : IDisposable
{
    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void KeepsWantedWordsAndCountsTheRest()
    {
        var table = EmbeddingFile.Load(files.Write("glove.gz", Gzip("the 1 -2.5\nof 3 4e-1\nthe 9 9\nno 5 6 \n")),
            word => word != "no", 2);
        Assert.Equal((2, 4L, 1), (table.Dimension, table.WordsInFile, table.Duplicates));
        Assert.Equal(["the", "of"], table.Vectors.Keys);
        Assert.Equal([1f, -2.5f], table.Vectors["the"]);
    }

    [Fact]
    public void HeaderIsPassedOverAndWordsMayHoldSpaces()
    {
        var table = EmbeddingFile.Load(files.Write("w2v", "2 3\n. . . 1 2 3\n5 4 5 6\n"));
        Assert.Equal([". . .", "5"], table.Vectors.Keys);
        Assert.Equal([4f, 5f, 6f], table.Vectors["5"]);
    }

    [Fact]
    public void CoverageTellsExactFromLowerCased()
    {
        var table = EmbeddingFile.Load(files.Write("glove", "the 1 2\nParis 1 2\n"));
        var coverage = table.Coverage(TokenCounts.Of([["The", "the", "the", "Paris", "zzz"]]));
        Assert.Equal(new EmbeddingCoverage(4, 2, 1, 5, 3, 1), coverage);
        Assert.Equal((0.75, 0.8), (coverage.TypeShare, coverage.TokenShare));
        Assert.Same(table.Vectors["the"], table.Find("THE"));
        Assert.Null(table.Find("zzz"));
    }

    [Theory]
    [InlineData("a 1 2\nb 1 2 3\n", "line 2: 3 numbers", "have 2")]
    [InlineData("a 1 2\nb 1\n", "line 2: 1 numbers", "have 2")]
    [InlineData("a 1 2\nb 1 x\n", "line 2", "\"x\", number 2")]
    [InlineData("a 1 nan\n", "line 1", "not a finite number")]
    [InlineData("a\n", "line 1", "0 numbers")]
    [InlineData("", "holds no word vectors", "")]
    public void BadFilesAreRefused(string text, string where, string what) =>
        Refused(() => EmbeddingFile.Load(files.Write("bad.txt", text)), "bad.txt", where, what);

    [Fact]
    public void AnotherDimensionThanTheModelsIsRefused() =>
        Refused(() => EmbeddingFile.Load(files.Write("glove", "a 1 2\n"), null, 100), "line 1: 2 numbers", "needs 100");
}
