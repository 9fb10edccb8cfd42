using System.IO.Pipes;
using System.Text.Json;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Data.Embeddings;
using static LdNetGpu.Tests.Data.TestFiles;

namespace LdNetGpu.Tests.Data;

public sealed class DataCheckTests : IDisposable
{
    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void ConllReportHoldsCountsAndDefectsWithTheirLines()
    {
        var path = files.Write("a.conll",
            "-DOCSTART-\tO\n\nAnn\tB-PER\nLee\tI-PER\nsaw\u200Bit\tO\n\t\n\tO\nRome "
            + "\tI-LOC\n\n-DOCSTART-\tO\nAnn\tB-PER\nLee\tI-PER\nsaw\u200Bit\tO\n");
        var glove = files.Write("glove", "ann 1\nLee 1\n");
        var report = DataCheck.Check(path,
            new DataCheckOptions { Embeddings = glove, Vocabulary = new Vocabulary(["<unk>", "Ann"]) });
        Assert.Equal(("conll", "TAB", 2, "IOB2"),
            (report.Format, report.Separator, report.Columns!.Value, report.Scheme));
        Assert.Equal((3L, 8L, 2, 1L), (report.Sentences, report.Words, report.Documents, report.RepeatedSentences));
        Assert.Equal((new DataExtreme(3, 3), new DataExtreme(6, 5)), (report.LongestSentence, report.LongestWord));
        Assert.Equal([new("LOC", 1), new("PER", 2)], report.Spans!);
        Assert.Equal(3, report.Tags!["O"]);
        Assert.Equal(0.75, report.UnknownRate);
        Assert.Equal(new EmbeddingCoverage(5, 1, 1, 8, 2, 2), report.Embeddings);
        Assert.Equal(
        [
            "odd word 4: 5 invisible character U+200B, 7 empty word, 8 white space around the word, 13 invisible "
            + "character U+200B",
            "separator line that is not empty 1: 6 holds white space; read as a sentence border",
            "tag that breaks the scheme 1: 8 I in IOB2 continues a span of its own type, here it follows O or the "
            + "sentence's border",
        ], report.Defects.Select(defect => $"{defect.Kind} {defect.Count}: "
            + string.Join(", ", defect.Examples.Select(example => $"{example.Line} {example.Problem}"))));
    }

    [Fact]
    public void RowNumbersMarksAndMissingTypesAreDefects()
    {
        var report = DataCheck.Check(files.Write("ids", "1\tAnn\tB-X\n2\truns\tB\n\n\uFEFF1\tYes\tO\n"));
        Assert.Equal(["byte order mark inside the file 4", "row numbers as words 1", "tag without a type 2"],
            report.Defects.Select(defect => $"{defect.Kind} {defect.Examples[0].Line}"));
        report = DataCheck.Check(files.Write("ids", "1\tAnn\tB-X\n2\truns\tO\n3\tup\tO\n"),
            new() { Columns = new() { WordColumn = 1 } });
        Assert.Empty(report.Defects);
    }

    [Fact]
    public void CommentsAndOtherLinesAreCounted()
    {
        var report = DataCheck.Check(files.Write("u", "# id = 1\n1-2\tdont\t_\n1\tdo\tO\n2\tnt\tB-X\n"),
            new() { Columns = new() { WordColumn = 1 } });
        Assert.Equal((1L, 1L, 2L), (report.Comments, report.OtherLines, report.Words));
        Assert.Equal("conll", report.Format);
    }

    [Fact]
    public void SchemeCanBeNamed()
    {
        var file = files.Write("bmes", "a B-X\nb E-X\nc O\n");
        Assert.Equal("IOBES", DataCheck.Check(file).Scheme);
        var named = DataCheck.Check(file, new() { Scheme = TagScheme.Bilou });
        Assert.Equal(("BILOU", 1L), (named.Scheme, Assert.Single(named.Defects).Count));
    }

    [Fact]
    public void CarriageReturnInPlainTextIsADefect() => Assert.Contains(
        DataCheck.Check(files.Write("text", "a b\rc\nd e\n")).Defects,
        defect => defect.Kind == "carriage return inside a line");

    [Fact]
    public void PlainTextIsToldFromConll()
    {
        var report = DataCheck.Check(files.Write("text", "a b c\n\na b c\nlong\u00ADword <eos>\n"));
        Assert.Equal(("text", 3L, 8L, 1L), (report.Format, report.Sentences, report.Words, report.RepeatedSentences));
        Assert.Null(report.Scheme);
        Assert.Equal(["empty line", "odd word", "reserved word"], report.Defects.Select(defect => defect.Kind));
    }

    [Fact]
    public void APipeIsReadOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A pipe has no path here.");
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var reading = pipe.ClientSafePipeHandle;
        pipe.Write("Ann\tB-PER\nsaw\tO\n"u8);
        pipe.Dispose();
        var report = DataCheck.Check($"/proc/self/fd/{reading.DangerousGetHandle()}");
        Assert.Equal(("conll", 1L, 2L), (report.Format, report.Sentences, report.Words));
    }

    [Fact]
    public void ReportSurvivesJson()
    {
        var report = DataCheck.Check(files.Write("a", "x O\ny O\n"));
        var json = JsonSerializer.Serialize(report, DataReportJson.Default.DataReport);
        using var parsed = JsonDocument.Parse(json);
        Assert.Equal("no spans", parsed.RootElement.GetProperty("defects")[0].GetProperty("kind").GetString());
        Assert.False(parsed.RootElement.TryGetProperty("embeddings", out _));
    }

    [Fact]
    public void UnreadableFilesAreRefused()
    {
        Refused(() => DataCheck.Check(files.Write("empty", "")), "empty", "no text");
        Refused(() => DataCheck.Check(files.Write("ragged", "a O\nb B-X\nc d O\n")), "ragged, line 3", "3 columns");
    }

    [Theory]
    [InlineData("plain", null)]
    [InlineData("👩‍💻", null)]
    [InlineData("ke s", "white space inside the word, U+0020")]
    [InlineData("a\u0007", "control character U+0007")]
    [InlineData("Dubbz\uFEFF", "invisible character U+FEFF")]
    [InlineData("\uE401", "private-use character U+E401")]
    public void OddWordsAreNamed(string word, string? problem) => Assert.Equal(problem, OddWord.Describe(word));

    [Fact]
    public void KnownDefectsOfTheRealDataAreFound()
    {
        var train = DataCheck.Check(Shared("wnut17/train.conll"));
        Assert.Equal(2394,
            Assert.Single(train.Defects, defect => defect.Kind == "separator line that is not empty").Count);
        var dev = DataCheck.Check(Shared("wnut17/dev.conll"));
        Assert.Equal([15556, 16730],
            Assert.Single(dev.Defects, defect => defect.Kind == "odd word").Examples.Select(example => example.Line));
        var wikigold = DataCheck.Check(Shared("wikigold/wikigold.conll.txt"));
        Assert.Equal(("IOB1", 145), (wikigold.Scheme, wikigold.Documents));
        var twitter = "abefgh".SelectMany(section => DataCheck.Check(Shared($"btc/{section}.conll.gz")).Defects)
            .Where(defect => defect.Kind == "odd word").Sum(defect => defect.Count);
        Assert.InRange(twitter, 140, 160);
    }
}
