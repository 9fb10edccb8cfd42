using System.Text;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests.Data;

public sealed class TagFileConversionTests
{
    static string Convert(string text, TagScheme to, TagScheme from = TagScheme.Auto, bool lenient = false,
        ConllOptions? options = null) =>
        string.Join('\n', TagFileConversion.Convert(
            TextLines.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "input"), "input", to, from, lenient,
            options).Lines);

    [Fact]
    public void OnlyTheTagColumnChanges() => Assert.Equal(
        "-DOCSTART- -X- O\n\nAnn NNP S-PER\nBo NNP B-PER\nLee NNP E-PER\n\nx FW O",
        Convert("-DOCSTART- -X- O\n\nAnn NNP  I-PER\nBo NNP B-PER\nLee NNP I-PER\n\nx FW O\n", TagScheme.Iobes));

    [Fact]
    public void TagColumnMayStandAnywhereAndWordsMayBeEmpty() => Assert.Equal(
        "B-X\tke s\nI-X\t",
        Convert("B-X\tke s\nE-X\t\n", TagScheme.Iob2, options: new ConllOptions { WordColumn = 1, TagColumn = 0 }));

    [Fact]
    public void BrokenTagsStopItBeforeTheFirstLine()
    {
        TestFiles.Refused(() => Convert("a O\nb I-X\n", TagScheme.Iobes, TagScheme.Iob2), "input, line 2",
            "IOB2, as named");
        Assert.Equal("a O\nb S-X", Convert("a O\nb I-X\n", TagScheme.Iobes, TagScheme.Iob2, lenient: true));
    }

    [Fact]
    public void EveryRealFileComesBackTheSame()
    {
        foreach (var (file, scheme) in new[] { ("wnut17/dev.conll", TagScheme.Iob2),
            ("wikigold/wikigold.conll.txt", TagScheme.Iob1) })
        {
            var original = TextLines.Read(TestFiles.Shared(file)).Select(line => line.Text);
            var text = string.Join('\n', original);
            Assert.Equal(text, Convert(Convert(text + '\n', TagScheme.Iobes) + '\n', scheme));
        }
    }
}
