using LdNetGpu.Train.Data;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Tests.Data;

/// <summary>What is null is named by its parameter and its place, and what is a default value is no null.</summary>
public sealed class NullElementTests
{
    static readonly Sentence Untagged = new(["a"], null, 7, 0);
    static readonly Vocabulary Words = new([Vocabulary.Unknown, Vocabulary.SentenceEnd, " "]);
    static readonly TaggerVocabularies Vocabularies =
        new(Words, new(Words), TagVocabulary.FromTypes(["A"]), null, null);

    public static TheoryData<string, Action> Nulls => new()
    {
        { "tokens[0]", () => _ = new Vocabulary([null!]) },
        { "words[1]", () => Words.Encode(["a", null!]) },
        { "sentences[1]", () => TokenArray.Encode([["a"], null!], Words) },
        { "sentences[1][1]", () => TokenArray.Encode([["a"], ["a", null!]], Words) },
        { "goldTags[1]", () => new SpanScore().Add(["O", null!], ["O", "O"]) },
        { "predictedTags[0]", () => new SpanScore().Add(["O"], [null!]) },
        { "tags[1]", () => TagConversion.Convert(["O", null!], TagScheme.Io) },
        { "tags[0]", () => TagConversion.ToSpans([null!]) },
        { "types[0]", () => TagVocabulary.FromTypes([null!]) },
        { "sentences[1]", () => TagVocabulary.Types([Untagged, null!]).ToList() },
        { "sentences[0]", () => CharacterVocabulary.Build([null!]) },
        { "sentences[0]", () => DocumentSplit.Split([null!], 1, SplitUnit.Document, "x") },
        { "sentences[0]", () => DocumentSplit.Split([null!], 1, SplitUnit.Sentence, "x") },
        { "Readings", () => _ = new TaggedSentence(["a"], null!) },
        { "Readings[0]", () => _ = new TaggedSentence(["a"], [null!]) },
        { "Words[0]", () => _ = new TaggedSentence([null!], [new(["O"], null, null)]) },
        { "Tags[0]", () => _ = new TaggedReading([null!], null, null) },
        { "Overall", () => _ = new SpanReport(1, 1, null!, new Dictionary<string, SpanCounts>()) },
        { "Types", () => _ = new SpanReport(1, 1, new(0, 0, 0), null!) },
        { "Words", () => _ = Vocabularies with { Words = null! } },
        { "Tags", () => _ = Vocabularies with { Tags = null! } },
        { "Type", () => _ = new EntitySpan(0, 1, "A") with { Type = null! } },
        { "Prefix", () => _ = Tag.Parse("B-A") with { Prefix = null! } },
        { "Text", () => _ = new TextLine("a", 1) with { Text = null! } },
    };

    [Theory, MemberData(nameof(Nulls), DisableDiscoveryEnumeration = true)]
    public void NullIsNamedByItsPlace(string named, Action call) =>
        Assert.Equal(named, Assert.Throws<ArgumentNullException>(call).ParamName);

    [Fact]
    public void SentenceWithoutTagsIsNamed()
    {
        Refused("sentence", () => Vocabularies.Tags.Encode(Untagged, "dev"));
        Refused("sentence", () => Vocabularies.EncodeLabelled(Untagged, "dev"));
        Refused("sentence", () => new SchemeDetector().Add(Untagged));
        Refused("sentences", () => LabelledFile.Convert("dev", [Untagged], TagScheme.Iob2));

        static void Refused(string named, Action call)
        {
            var error = Assert.Throws<ArgumentException>(call);
            Assert.Equal(named, error.ParamName);
            Assert.Contains("line 7", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory, InlineData(TagScheme.Auto), InlineData(TagScheme.Bmes), InlineData((TagScheme)99)]
    public void TagVocabularyIsOfTheTwoSchemesOfTaggers(TagScheme scheme) => Assert.Equal("scheme",
        Assert.Throws<ArgumentException>(() => TagVocabulary.FromTypes(["A"], scheme)).ParamName);

    [Fact]
    public void SentenceHasAReadingAtLeast() =>
        Assert.Throws<ArgumentException>(() => new TaggedSentence(["a"], []));

    [Fact]
    public void DefaultValuesAreEmptyText()
    {
        Assert.Equal("", default(Tag).ToString());
        Assert.False(default(Tag).IsWellFormed);
        Assert.Equal("", default(EntitySpan).Type);
        Assert.Equal("", default(TextLine).Text);
    }

    [Fact]
    public void ScoreOfARefusedSentenceIsAsItWas()
    {
        var score = new SpanScore();
        Assert.Throws<ArgumentNullException>(() => score.Add(["B-A", null!], ["B-A", "O"]));
        Assert.Equal(0, score.Report().Tokens);
    }

    [Theory]
    [InlineData(0, 9, "the span of words 0 to 8 of A is none of a sentence of 3 words")]
    [InlineData(-1, 1, "the span of words -1 to 0 of A"), InlineData(2, 2, "the span of words 2 to 1 of A")]
    public void SpanOutsideItsSentenceIsNamed(int start, int end, string message) => Assert.StartsWith(message,
        Assert.Throws<ArgumentException>(() =>
            TagConversion.FromSpans([new(start, end, "A")], 3, TagScheme.Iob2)).Message, StringComparison.Ordinal);

    [Fact]
    public void OverlappingSpansAreNamed() => Assert.StartsWith(
        "the span of words 1 to 2 of B begins before the one before it ends, the span of words 0 to 1 of A.",
        Assert.Throws<ArgumentException>(() =>
            TagConversion.FromSpans([new(0, 2, "A"), new(1, 3, "B")], 3, TagScheme.Iob2)).Message,
        StringComparison.Ordinal);
}
