using System.Text;
using LdNetGpu.Train.Data;
using static LdNetGpu.Tests.Data.TestFiles;

namespace LdNetGpu.Tests.Data;

public sealed class ConllReaderTests : IDisposable
{
    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    static List<Sentence> Parse(string text, ConllOptions? options = null) =>
        [.. ConllReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "input", options)];

    static string Text(Sentence sentence) =>
        $"{sentence.FirstLine} "
        + $"{sentence.DocumentIndex}: "
        + $"{string.Join(' ', sentence.Words.Zip(sentence.Tags!, (word, tag) => $"{word}/{tag}"))}";

    [Fact]
    public void FourColumnsWithDocuments() => Assert.Equal(
        ["3 0: EU/I-ORG rejects/O", "6 0: Peter/I-PER", "10 1: x/O"],
        Parse("-DOCSTART- -X- -X- O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\n\nPeter NNP I-NP "
        + "I-PER\n-DOCSTART-\n-DOCSTART- -X- O O\n\nx  y  z  O  \n")
            .Select(Text));

    [Fact]
    public void DocumentBorderAfterTheDocumentCountsTheSame() =>
        Assert.Equal([0, 1],
            Parse("a O\n\n-DOCSTART- O\n\nb O\n\n-DOCSTART- O\n").Select(sentence => sentence.DocumentIndex));

    [Fact]
    public void LoneTabsAndOtherWhiteSpaceSeparateSentences() =>
        Assert.Equal(["1 0: a/O", "3 0: b/B-X", "6 0: c/O"],
            Parse("a\tO\n\t\nb\tB-X\n \t \n\u00A0\nc\tO").Select(Text));

    [Fact]
    public void TabSeparatedWordsKeepSpacesInsideAndLoseThemOutside()
    {
        var sentence = Assert.Single(Parse("ke s\tO\n😀 \tO\n\tO\nAus\u00ADtralian\tB-LOC\n"));
        Assert.Equal(["ke s", "😀", ConllOptions.EmptyWord, "Aus\u00ADtralian"], sentence.Words);
    }

    [Fact]
    public void ColumnsAndSeparatorCanBeNamed()
    {
        var options = new ConllOptions { Separator = ',', WordColumn = -2, TagColumn = 0 };
        Assert.Equal(["1 0: a/O b/B-X"], Parse("O,1,a,-\nB-X,2,b,-\n", options).Select(Text));
    }

    [Fact]
    public void WithoutLabelsOneColumnIsEnough()
    {
        var sentences = Parse("a\nb\n\nc\n", ConllOptions.Unlabelled);
        Assert.Equal([["a", "b"], ["c"]], sentences.Select(sentence => sentence.Words));
        Assert.All(sentences, sentence => Assert.Null(sentence.Tags));
    }

    [Fact]
    public void ReadsOneSentenceAtATime()
    {
        static IEnumerable<TextLine> Lines()
        {
            yield return new TextLine("a O", 1);
            yield return new TextLine("", 2);
            throw new InvalidOperationException("read ahead");
        }
        Assert.Equal(["a"], new ConllReader("input").Sentences(Lines()).First().Words);
    }

    [Fact]
    public void GzipIsRead() => Assert.Single(ConllReader.Read(files.Write("a.conll", Gzip("a O\n"))));

    [Fact]
    public void RaggedColumnsAreNamed() =>
        Refused(() => Parse("a\tO\nb\tB-X\textra\n"), "input, line 2", "3 columns", "TAB", "have 2");

    [Fact]
    public void LostTagIsNamed() => Refused(() => Parse("a O\n\nb\n"), "input, line 3", "1 column ", "have 2");

    [Fact]
    public void EmptyFilesAreRefused()
    {
        Refused(() => Parse(""), "input", "holds no words");
        Refused(() => Parse("\n\t\n-DOCSTART- O\n\n"), "input", "holds no words");
    }

    [Fact]
    public void OneColumnWhereLabelsAreWantedIsRefused() =>
    Refused(() => Parse("word,O\n"), "input, line 1", "1 column ", "spaces");

    [Fact]
    public void AColumnThatIsNotThereIsRefused() =>
        Refused(() => Parse("a O\n", new ConllOptions { TagColumn = 3 }), "input, line 1", "2 columns", "tag column 4");

    [Fact]
    public void PartOfSpeechTagsAreNotSpanTags()
    {
        Refused(() => Parse("EU NNP\nrejects VBZ\n"), "input", "looks like a tag", "it holds 'NNP', 'VBZ'.");
        Refused(() => Parse(string.Concat("1234567".Select(number => $"word N{number}\n"))), "input",
            "it holds 'N1', 'N2', 'N3', 'N4', 'N5' and 2 more.");
    }

    [Fact]
    public void WordsReadAsTagsAreRefusedBeforeTheFileEnds() => Refused(
        () => ConllReader.Read(
            new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1500).Select(i => $"O w{i}\n")))),
            "input").First(),
        "input, line 1001", "1000 different tags");

    [Fact]
    public void BrokenBytesAreNamed() =>
        Refused(() => ConllReader.Read(files.Write("broken", [.. "a O\n"u8, 0xFF, .. " O\n"u8])).Count(),
            "broken, line 2, byte 1");

    [Fact]
    public void HugeWordAndHugeSentenceAreRead()
    {
        var text = new StringBuilder(new string('x', 300_000)).Append(" O\n");
        for (var i = 1; i < 50_000; i++) text.Append("word O\n");
        var sentence = Assert.Single(Parse(text.ToString()));
        Assert.Equal(50_000, sentence.Words.Length);
        Assert.Equal(300_000, sentence.Words[0].Length);
    }
}
