using System.Text;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests.Data;

/// <summary>Tags change, and not a byte besides.</summary>
public sealed class TagFileConversionTests
{
    static ConvertedTags Read(byte[] bytes, TagScheme to, TagScheme from = TagScheme.Auto, bool lenient = false,
        ConllOptions? options = null) =>
        TagFileConversion.Convert(new MemoryStream(bytes), "input", to, from, lenient, options);

    static string Convert(string text, TagScheme to, TagScheme from = TagScheme.Auto, bool lenient = false,
        ConllOptions? options = null) => Read(Encoding.UTF8.GetBytes(text), to, from, lenient, options).Text;

    [Theory]
    // Runs of spaces and trailing ones, document borders, no line end at the end.
    [InlineData("-DOCSTART- -X- O\n\nAnn   NNP  I-PER\nBo NNP B-PER \nLee NNP I-PER\n \nx FW O",
        "-DOCSTART- -X- O\n\nAnn   NNP  S-PER\nBo NNP B-PER \nLee NNP E-PER\n \nx FW O")]
    // Byte order marks at the start and in the middle, CR LF.
    [InlineData("\uFEFFAnn  B-PER\r\n\r\n\uFEFFBo  B-PER\r\n", "\uFEFFAnn  S-PER\r\n\r\n\uFEFFBo  S-PER\r\n")]
    // CR alone, and a TAB-separated word with spaces around it and its tag.
    [InlineData("Ann \t B-PER \rran\tO\r", "Ann \t S-PER \rran\tO\r")]
    // Comments and CoNLL-U's ranges.
    [InlineData("# id = 1 B-PER\nAnn B-PER\n# text = B-PER\nLee I-PER\n",
        "# id = 1 B-PER\nAnn B-PER\n# text = B-PER\nLee E-PER\n")]
    // Three and four bytes a character.
    [InlineData("é😀 B-PER\n", "é😀 S-PER\n")]
    public void OnlyTagsChange(string text, string converted) =>
        Assert.Equal(converted, Convert(text, TagScheme.Iobes));

    [Fact]
    public void ZippedTextIsConvertedToo() =>
        Assert.Equal("a S-X\n", Read(TestFiles.Gzip("a B-X\n"), TagScheme.Iobes).Text);

    [Fact]
    public void TagColumnMayStandAnywhereAndWordsMayBeEmpty() => Assert.Equal(
        "B-X\tke s\nI-X\t\n",
        Convert("B-X\tke s\nE-X\t\n", TagScheme.Iob2, options: new ConllOptions { WordColumn = 1, TagColumn = 0 }));

    [Theory]
    [InlineData("Ann U-PER\nran O\nBob B-PER\nD I-PER\nSmith L-PER\n")]
    [InlineData("Ann S-PER\nran O\nBob B-PER\nD M-PER\nSmith E-PER\n")]
    [InlineData("Ann W-PER\nran O\nBob B-PER\nD M-PER\nSmith E-PER\n")]
    public void OtherLettersOfIobesAreTold(string text) =>
        Assert.Equal("Ann B-PER\nran O\nBob B-PER\nD I-PER\nSmith I-PER\n", Convert(text, TagScheme.Iob2));

    [Fact]
    public void BordersThatIoCannotWriteAreCounted()
    {
        var converted = Read("a B-X\nb B-X\nc I-X\nd B-Y\n"u8.ToArray(), TagScheme.Io);
        Assert.Equal(("a I-X\nb I-X\nc I-X\nd I-Y\n", 1), (converted.Text, converted.LostBorders));
        Assert.Equal(0, Read("a B-X\nb B-X\n"u8.ToArray(), TagScheme.Bilou).LostBorders);
    }

    [Fact]
    public void BrokenTagsStopItBeforeAnythingIsGiven()
    {
        TestFiles.Refused(() => Convert("a O\nb I-X\n", TagScheme.Iobes, TagScheme.Iob2), "input, line 2",
            "IOB2, as named");
        Assert.Equal("a O\nb S-X\n", Convert("a O\nb I-X\n", TagScheme.Iobes, TagScheme.Iob2, lenient: true));
    }

    [Fact]
    public void EveryRealFileComesBackTheSame()
    {
        foreach (var (file, scheme) in new[] { ("wnut17/dev.conll", TagScheme.Iob2),
            ("wikigold/wikigold.conll.txt", TagScheme.Iob1) })
        {
            var bytes = File.ReadAllBytes(TestFiles.Shared(file));
            foreach (var there in new[] { TagScheme.Iobes, TagScheme.Bilou, TagScheme.Bmewo })
            {
                var converted = Encoding.UTF8.GetBytes(Read(bytes, there).Text);
                Assert.NotEqual(bytes, converted);
                Assert.Equal(bytes, Encoding.UTF8.GetBytes(Read(converted, scheme).Text));
            }
        }
    }
}
