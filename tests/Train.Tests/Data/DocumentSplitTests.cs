using LdNetGpu.Train.Data;
using static LdNetGpu.Tests.Data.TestFiles;

namespace LdNetGpu.Tests.Data;

public sealed class DocumentSplitTests : IDisposable
{
    readonly TestFiles files = new();

    public void Dispose() => files.Dispose();

    /// <summary>30 documents of three sentences; a word names its document, so that a torn document shows.</summary>
    string Documents() => files.Write("all.conll", string.Concat(Enumerable.Range(0, 30).Select(d =>
        $"-DOCSTART- -X- O\n\nd{d} NN I-PER\nx NN O\n\nd{d} NN O\n\nd{d}  NN O\n\n")));

    [Fact]
    public void DocumentsStayWholeAndLinesStayAsTheyAre()
    {
        var counts = DocumentSplit.SplitFile(Documents(), files.PathOf("out"), seed: 5, SplitUnit.Document);
        Assert.Equal((72, 9, 9), counts);
        var parts = new[] { "train", "dev", "test" }.Select(
            name => ConllReader.Read(files.PathOf($"out/{name}.conll")).ToList()).ToArray();
        Assert.Equal(90, parts.Sum(part => part.Count));
        Assert.Equal(30, parts.Sum(part => part.Select(sentence => sentence.Words[0]).Distinct().Count()));
        Assert.Equal([24, 3, 3], parts.Select(part => part[^1].DocumentIndex + 1));
        Assert.Contains("  NN O\n", File.ReadAllText(files.PathOf("out/test.conll")), StringComparison.Ordinal);
    }

    [Fact]
    public void CommentsGoWithTheirSentencesAndColumnNamesWithEveryFile()
    {
        var text = "# global.columns = ID FORM NER\n" + string.Concat(Enumerable.Range(0, 20).Select(i =>
            $"# sent_id = {i}\n1-2\tdont{i}\t_\n1\tdo{i}\tO\n# note = same\n2\tsame\tB-X\n3\tsame\tI-X\n\n"));
        DocumentSplit.SplitFile(files.Write("all", text), files.PathOf("out"), seed: 5, SplitUnit.Sentence);
        var parts = new[] { "train", "dev", "test" }
            .Select(name => File.ReadAllText(files.PathOf($"out/{name}.conll"))).ToArray();
        Assert.All(parts, part => Assert.StartsWith("# global.columns", part, StringComparison.Ordinal));
        string[] Blocks(string all) => [.. all.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(block => block.Replace("# global.columns = ID FORM NER\n", "", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];
        Assert.Equal(Blocks(text), Blocks(string.Concat(parts)));
        Assert.Equal(["do", "same", "same"], ConllReader.Read(files.PathOf("out/dev.conll")).First().Words
            .Select(word => word.TrimEnd("0123456789".ToCharArray())));
    }

    [Fact]
    public void TheSeedAloneDecides()
    {
        var sentences = ConllReader.Read(Documents()).ToList();
        string Test(ulong seed) =>
            string.Join(' ', DocumentSplit.Split(sentences, seed, SplitUnit.Sentence, "all").Test
                .Select(sentence => sentence.FirstLine));
        Assert.Equal(Test(1), Test(1));
        Assert.NotEqual(Test(1), Test(2));
    }

    [Fact]
    public void TooFewDocumentsAreNamed() => Refused(
        () => DocumentSplit.SplitFile(files.Write("few", "a O\n\nb O\n"), files.PathOf("out"), 1, SplitUnit.Document),
        "few: 1 document is too few", "It holds 2 sentences, too few too.");
}
