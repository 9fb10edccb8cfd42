using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests.Data;

/// <summary>What is written is what is read back; the rest is refused.</summary>
public sealed class ConllWriterTests : IDisposable
{
    readonly TestFiles files = TestFiles.InMemory();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(""), InlineData("a\tb"), InlineData("c\nd"), InlineData("c\rd"), InlineData("c\0d"), InlineData(" a")]
    [InlineData("a\u00a0"), InlineData("\uFEFFa"), InlineData("-DOCSTART-")]
    public void WordsThatWouldNotBeReadBackAreRefused(string word)
    {
        var path = files.Write("kept.conll", "kept\tO\n");
        foreach (var tags in new string[]?[] { null, ["O", "O"] })
        {
            var sentence = new Sentence(["fine", word], tags, 1, 0);
            var written = new StringWriter();
            var message = Assert.Throws<ArgumentException>(() => ConllWriter.Write(written, [sentence])).Message;
            Assert.Contains("sentences[0]: word 1", message, StringComparison.Ordinal);
            Assert.Equal("", written.ToString());
            Assert.Throws<ArgumentException>(() => ConllWriter.Write(path, [sentence]));
        }
        Assert.Equal("kept\tO\n", File.ReadAllText(path));
    }

    [Theory, InlineData(""), InlineData("B-a\tb"), InlineData("O\n"), InlineData("O ")]
    public void TagsThatWouldNotBeReadBackAreRefused(string tag) =>
        Assert.Contains("has the tag", Assert.Throws<ArgumentException>(() =>
            ConllWriter.Write(new StringWriter(), [new Sentence(["a"], [tag], 1, 0)])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void SpacesInAWordNeedATagBehindThem()
    {
        var path = files.PathOf("spaces.conll");
        ConllWriter.Write(path, [new Sentence(["New York", "#", "is"], ["B-LOC", "O", "O"], 1, 0)]);
        Assert.Equal(["New York", "#", "is"], ConllReader.Read(path).Single().Words);
        Assert.Throws<ArgumentException>(() =>
            ConllWriter.Write(path, [new Sentence(["New York"], null, 1, 0)]));
    }

    [Fact]
    public void MissingSentenceIsNamed() => Assert.Equal("sentences[1]", Assert.Throws<ArgumentNullException>(() =>
        ConllWriter.Write(new StringWriter(), [new Sentence(["a"], null, 1, 0), null!])).ParamName);
}
