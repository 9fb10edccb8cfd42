using LdNetGpu.Tests.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>Raw text cut for those who train on it and label it.</summary>
public sealed class DataTokenizeTests : IDisposable
{
    const string Raw = "Ann's in New\nYork (N.Y.). She didn't pay $3.50!\n\n東京です。Émile — naïve 🙂 x@y.org\n";

    readonly TestFiles files = TestFiles.InMemory();

    public void Dispose() => files.Dispose();

    [Fact]
    public void ASentenceALineIsWhatLanguageModelsRead()
    {
        var output = Tokenize(files.Write("raw.txt", Raw)).Output;
        Assert.Equal("Ann 's in New York ( N.Y. ) .\nShe did n't pay $ 3.50 !\n東 京 で す 。\nÉmile — naïve 🙂 x@y.org\n",
            output);
    }

    [Fact]
    public void AWordALineIsToBeLabelled()
    {
        var columns = Tokenize(files.Write("raw.txt", Raw), "--format", "conll").Output;
        Assert.StartsWith("-DOCSTART-\n\nAnn\n's\nin\n", columns);
        Assert.Contains(".\n\nShe\n", columns);
        var checkedFile = Ldnet.Run("data", "check",
            files.Write("words.conll", columns.Replace("\n", " O\n").Replace("\n O\n", "\n\n")), "--json").Succeeded();
        Assert.Contains("\"sentences\": 4", checkedFile.Output);
    }

    [Fact]
    public void JsonHasEachSentenceWithItsLine() =>
        Assert.Equal("{\"line\":1,\"words\":[\"She\",\"left\",\".\"]}\n{\"line\":4,\"words\":[\"ö\"]}\n",
            Tokenize(files.Write("raw.txt", "She\nleft.\n\nö\n"), "--json").Output);

    [Fact]
    public void LineEndsEndSentencesWhereThatIsSaid()
    {
        var file = files.Write("raw.txt", "a b\nc d\n");
        Assert.Equal("a b c d\n", Tokenize(file).Output);
        Assert.Equal("a b\nc d\n", Tokenize(file, "--sentence-break", "line").Output);
    }

    [Fact]
    public void FilesFollowEachOther()
    {
        Assert.Equal("a\nb\n", Tokenize(files.Write("1.txt", "a"), files.Write("2.txt", "b")).Output);
        Assert.Equal("c d\n", LdnetProcess.RunWithInput("c  d", "data", "tokenize").Output);
        var missing = Ldnet.Run("data", "tokenize", files.Write("1.txt", "a"), files.PathOf("none.txt"));
        Assert.Equal("", missing.Failed(1, "none.txt").Output);
        Ldnet.Run("data", "tokenize", files.Write("blank.txt", " \n")).Failed(1, "blank.txt", "no text");
    }

    static Ldnet Tokenize(params string[] arguments) => Ldnet.Run(["data", "tokenize", .. arguments]).Succeeded();
}
