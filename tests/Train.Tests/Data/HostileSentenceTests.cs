using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests.Data;

/// <summary>Sentences made in C# whose tags are not one a word, and names of schemes and units that are none.</summary>
public sealed class HostileSentenceTests
{
    static readonly Sentence Whole = new(["a", "b"], ["S-X", "O"], 1, 0);

    [Fact]
    public void TagsAreOneAWord()
    {
        Assert.Throws<ShapeException>(() => new Sentence(["a", "b"], ["S-X"], 1, 0));
        Assert.Throws<ShapeException>(() => Whole with { WordLines = [1] });
        var torn = Whole with { Words = ["a", "b", "c"] };
        var written = new StringWriter();
        Assert.Throws<ShapeException>(() => ConllWriter.Write(written, [torn]));
        Assert.Equal("", written.ToString());
        Assert.Throws<ShapeException>(() => Labelled(torn));
        Assert.Throws<ArgumentException>(() => Labelled(Whole with { Tags = null }));
        Assert.Equal(2, Labelled(Whole).WordCount);
    }

    [Theory, InlineData(-1), InlineData(2), InlineData(7)]
    public void OnlyWordsHaveLines(int word)
    {
        Assert.Equal(2, Whole.LineOf(1));
        foreach (var sentence in new[] { Whole, Whole with { WordLines = [1, 4] } })
            Assert.Throws<ArgumentOutOfRangeException>(() => sentence.LineOf(word));
    }

    [Fact]
    public void NullAmongWordsTagsSentencesAndSourcesIsNamedByItsPlace()
    {
        Refused("Words[1]", () => new Sentence(["a", null!], null, 1, 0));
        Refused("Words[0]", () => _ = Whole with { Words = [null!, "b"] });
        Refused("Tags[1]", () => new Sentence(["a", "b"], ["O", null!], 1, 0));
        Refused("Tags[0]", () => Labelled(Whole with { Tags = [null!, "O"] }));
        Refused("Sentences[0]", () => _ = Labelled(Whole) with { Sentences = [null!] });
        Refused("Sentences[0]", () => new LabelledFile("x", [null!], TagScheme.Iob2, TagScheme.Iob2, ""));
        Refused("sentences[1]", () => LabelledFile.Convert("x", [Whole, null!], TagScheme.Iob2));
        Refused("sources[0]", () => _ = new Corpus([null!]));
        Assert.Throws<ArgumentException>(() =>
            _ = Labelled(Whole) with { Sentences = [Whole with { Tags = null }] });

        static void Refused(string named, Action action) =>
            Assert.Equal(named, Assert.Throws<ArgumentNullException>(action).ParamName);
    }

    [Fact]
    public void NamesThatAreNoneAreRefused()
    {
        var sentences = Enumerable.Repeat(Whole, 20).ToArray();
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            DocumentSplit.Split(sentences, 1, (SplitUnit)7, "split"));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            DocumentSplit.SplitFile("none.conll", "none", 1, (SplitUnit)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => TagConversion.FromSpans([], 2, (TagScheme)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => TagConversion.FromSpans([], -1, TagScheme.Io));
        Assert.Throws<ArgumentOutOfRangeException>(() => LabelledFile.Convert("x", [], (TagScheme)99));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            LabelledFile.Convert("x", [], TagScheme.Io, (TagScheme)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SchemeDetector().ViolationCount((TagScheme)99));
        Assert.Throws<ArgumentException>(() => new SchemeDetector().ViolationCount(TagScheme.Auto));
    }

    [Fact]
    public void AColumnBeyondAllIsCountedWithoutWrapping()
    {
        var options = new ConllOptions { WordColumn = int.MaxValue };
        var error = Assert.Throws<InputException>(() =>
            ConllReader.Read(new MemoryStream("a O\n"u8.ToArray()), "x", options).ToList());
        Assert.Contains("column 2147483648", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("column -", error.Message, StringComparison.Ordinal);
    }

    static LabelledFile Labelled(Sentence sentence) => new("x", [sentence], TagScheme.Iobes, TagScheme.Iobes, "");

    [Theory, InlineData(-1L, 1), InlineData(0L, 4), InlineData(4L, 0), InlineData(long.MaxValue, 1)]
    public void IdsThatATextHasNotAreNamed(long start, int count)
    {
        var text = TokenArray.Encode([["a", "b"]], new Vocabulary(["<unk>", "<eos>"]));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => text.CopyTo(start, new int[count]));
        Assert.Equal("start", error.ParamName);
        Assert.Contains($"{count} ids from {start} on, of 3", error.Message);
    }

    [Fact]
    public void IdsThatAVocabularyHasNotAreNamed()
    {
        var (words, tags) = (new Vocabulary(["<unk>", "<eos>"]), TagVocabulary.FromTypes(["A"]));
        foreach (var id in (int[])[-1, 2, int.MaxValue])
            Assert.Equal("id", Assert.Throws<ArgumentOutOfRangeException>(() => words[id]).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => tags[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tags[tags.Count]);
        Assert.Equal("O", tags[tags.EndId]);
    }

    [Fact]
    public void OptionsThatNoFileFitsAreNamed()
    {
        foreach (var end in "\r\n")
            Assert.Equal("Separator",
                Assert.Throws<ArgumentOutOfRangeException>(() => new ConllOptions { Separator = end }).ParamName);
        Assert.Equal("Examples",
            Assert.Throws<ArgumentOutOfRangeException>(() => new DataCheckOptions { Examples = -1 }).ParamName);
    }
}
