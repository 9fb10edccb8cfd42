using System.Text;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Data.Embeddings;
using static LdNetGpu.Tests.Data.TestFiles;

namespace LdNetGpu.Tests.Data;

public sealed class EmbeddingFileTests : IDisposable
{
    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    EmbeddingTable Load(string text, int? dimension = null) =>
        EmbeddingFile.Load(files.Write("vectors", text), dimension: dimension);

    [Fact]
    public void KeepsWantedWordsAndCountsTheRest()
    {
        var table = EmbeddingFile.Load(files.Write("glove.gz", Gzip("the 1 -2.5\nof 3 4e-1\nthe 9 9\nno 5 6 \n")),
            word => word != "no", 2);
        Assert.Equal(new EmbeddingFileReport("text", 4, 2, 1, 0, 0, null), table.Report);
        Assert.Equal(["the", "of"], table.Vectors.Keys);
        Assert.Equal([1f, -2.5f], table.Vectors["the"]);
    }

    [Fact]
    public void HeaderIsPassedOverAndWordsMayHoldSpaces()
    {
        var table = Load("2 3\n. . . 1 2 3\n5 4 5 6\n");
        Assert.Equal([". . .", "5"], table.Vectors.Keys);
        Assert.Equal([4f, 5f, 6f], table.Vectors["5"]);
    }

    [Theory]
    [InlineData("ann\t1\t2\noslo\t3\t4\n", "ann|oslo")]
    [InlineData("2\t2\nann 1 2\noslo 3 4\n", "ann|oslo")]
    [InlineData("ann\t1 2\r\nde  facto  1  2 \t\r\noslo 3 4", "ann|de  facto|oslo")]
    [InlineData("\uFEFFann 1 2\roslo 3 4\r", "ann|oslo")]
    // A word of several parts first; one of numbers where the header tells the width, and where other lines do.
    [InlineData(". . . 1 2\nann 1 2\noslo 3 4\n", ". . .|ann|oslo")]
    [InlineData("3 2\nann 1 2\n1 2 1 2\nwindows 10 1 2\n", "ann|1 2|windows 10")]
    [InlineData("ann 1 2\n1 2 1 2\noslo 3 4\n", "ann|1 2|oslo")]
    // White space that separates nothing is part of a word.
    [InlineData("a\u00A0b 1 2\n\u3000 3 4\n\u0085 5 6\n", "a\u00A0b|\u3000|\u0085")]
    public void OddLayoutsAreRead(string text, string words)
    {
        var table = Load(text, 2);
        Assert.Equal(words.Split('|'), table.Vectors.Keys);
        Assert.Equal(2, table.Report.Dimension);
        Assert.All(table.Vectors.Values, vector => Assert.Equal(vector[0] + 1, vector[1]));
    }

    [Fact]
    public void WordThatIsNotUtf8IsPassedOverAndCounted()
    {
        var path = files.Write("broken.txt", [.. "ann 1 2\ncaf"u8, 0xE9, .. " 2 3\n 7 8\noslo 3 4\n"u8]);
        var table = EmbeddingFile.Load(path, dimension: 2);
        Assert.Equal(["ann", "oslo"], table.Vectors.Keys);
        Assert.Equal((2L, 2L, 2L), (table.Report.Words, table.Report.BrokenWords, table.Report.FirstBroken));
        Assert.Contains("2 passed over whose word is empty or not UTF-8, the first in line 2", table.Report.Summary(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void HeaderThatPromisesMoreIsSaid() =>
        Assert.Contains("says 9: part of it may be missing", Load("9 2\na 1 2\n").Report.Summary(),
            StringComparison.Ordinal);

    [Fact]
    public void CoverageTellsExactFromLowerCased()
    {
        var table = Load("the 1 2\nParis 1 2\n");
        var coverage = table.Coverage(TokenCounts.Of([["The", "the", "the", "Paris", "zzz"]]));
        Assert.Equal(new EmbeddingCoverage(4, 2, 1, 5, 3, 1), coverage);
        Assert.Equal((0.75, 0.8), (coverage.TypeShare, coverage.TokenShare));
        Assert.Equal("4 of 5 words (80.0 %), 3 of 4 different words (75.0 %)", coverage.Summary());
        Assert.Same(table.Vectors["the"], table.Find("THE"));
        Assert.Null(table.Find("zzz"));
    }

    [Theory]
    [InlineData("a 1 2\nb 1 2 3\n", "line 2: 3 numbers", "have 2")]
    [InlineData("a 1 2\nb 1\n", "line 2: 1 numbers", "have 2")]
    [InlineData("a\t1\t2\nb\t1\t2\t3\n", "line 2: 3 numbers", "have 2")]
    [InlineData("a 1 2\nb 1 x\n", "line 2", "\"x\", number 2")]
    [InlineData("a 1 nan\n", "line 1", "not a finite number")]
    [InlineData("a\n", "line 1", "0 numbers")]
    [InlineData("2 9\nann 1 2\noslo 3 4\n", "line 1 says 9", "line 2 has 2")]
    [InlineData("2 3\nann 1 2 3 4\noslo 3 4 5 6\n", "line 1 says 3", "line 2 has 4")]
    [InlineData("2 3\nann 1 2 3\noslo 3 4\n", "line 3: 2 numbers", "line 1 says 3")]
    [InlineData("PK\u0003\u0004", "zip", "Unpack")]
    [InlineData("\u0080\u0004\u0000K", "binary file", "neither")]
    [InlineData("2 3\n", "holds no word vectors", "")]
    [InlineData("", "holds no word vectors", "")]
    public void BadFilesAreRefused(string text, string where, string what) =>
        Refused(() => EmbeddingFile.Load(files.Write("bad.txt", text)), "bad.txt", where, what);

    [Theory]
    [InlineData("a 1 2\n")]
    [InlineData("1 2\na 1 2\n")]
    public void AnotherDimensionThanTheModelsIsRefused(string text) =>
        Refused(() => Load(text, 100), "2 numbers", "needs 100");

    [Fact]
    public void LineWithoutEndIsRefusedBeforeItIsRead() =>
        Refused(() => Load("a 1 2\nb " + new string('1', 5_000_000)), "line 2 is longer");

    [Fact]
    public void Utf16AndTornGzipAreNamed()
    {
        Refused(() => EmbeddingFile.Load(files.Write("wide", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a 1\n")])),
            "UTF-16");
        var whole = Gzip(string.Concat(Enumerable.Range(0, 5000).Select(i => $"word{i * 7919 % 5003} {i} {i + 1}\n")));
        Refused(() => EmbeddingFile.Load(files.Write("torn.gz", whole[..(whole.Length / 2)])), "torn.gz", "gzip");
    }
}
