using FsCheck;
using FsCheck.Fluent;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests.Data;

public class TagTests
{
    static readonly TagScheme[] All = [.. Enum.GetValues<TagScheme>().Where(scheme => scheme != TagScheme.Auto)];

    /// <summary>Those that can part spans which touch.</summary>
    static readonly TagScheme[] Schemes = [.. All.Where(scheme => scheme != TagScheme.Io)];
    static readonly string[] Types = ["", "T1", ""];
    static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20180427, 1).WithMaxTest(300);

    /// <summary>
    /// Sentences as rows of (length, type) pieces; type 0 is outside, so that spans of one type often touch.
    /// </summary>
    static Arbitrary<(List<EntitySpan> Spans, int Length)> Sentences() => Gen.ArrayOf(
        from length in Gen.Choose(1, 4)
        from type in Gen.Choose(0, 3)
        select (length, type)).Select(pieces =>
        {
            var spans = new List<EntitySpan>();
            var index = 0;
            foreach (var (length, type) in pieces)
            {
                if (type > 0)
                    spans.Add(new EntitySpan(index, index + length, type == 3 ? "creative-work" : Types[type]));
                index += length;
            }
            return (spans, index);
        }).ToArbitrary();

    [Fact]
    public void SpansSurviveEveryScheme() => Prop.ForAll(Sentences(), sentence => Schemes.All(scheme =>
        TagConversion.ToSpans(TagConversion.FromSpans(sentence.Spans, sentence.Length, scheme))
            .SequenceEqual(sentence.Spans)))
        .Check(Fixed);

    [Fact]
    public void WrittenTagsObeyTheirScheme() => Prop.ForAll(Sentences(), sentence => All.All(scheme =>
        !TagRules.Violations(TagConversion.FromSpans(sentence.Spans, sentence.Length, scheme), scheme).Any()))
        .Check(Fixed);

    [Fact]
    public void TagsSurviveEveryPairOfSchemes() =>
        Prop.ForAll(Sentences(), sentence => Schemes.All(from => Schemes.All(to =>
        {
            var tags = TagConversion.FromSpans(sentence.Spans, sentence.Length, from);
            return TagConversion.Convert(TagConversion.Convert(tags, to), from).SequenceEqual(tags);
        }))).Check(Fixed);

    [Fact]
    public void TagsAreValidExactlyWhenTheySurviveTheirOwnScheme() => Prop.ForAll(
        Gen.ArrayOf(Gen.Elements("O", "B-A", "I-A", "E-A", "S-A", "B-B", "I-B", "E-B", "S-B", "L-A", "U-A", "M-B",
            "W-B", "B", "I", "E", "M")).ToArbitrary(),
        tags => All.All(scheme =>
            TagRules.Violations(tags, scheme).Any() != TagConversion.Convert(tags, scheme).SequenceEqual(tags)))
        .Check(Fixed);

    [Theory]
    [InlineData("I-A I-A B-A I-B", "B-A E-A S-A S-B")]
    [InlineData("O I-A B-A B-A O", "O S-A S-A S-A O")]
    public void Iob1KeepsTheBorderBetweenSpansOfOneType(string iob1, string iobes)
    {
        Assert.Equal(iobes, string.Join(' ', TagConversion.Convert(iob1.Split(' '), TagScheme.Iobes)));
        Assert.Equal(iob1, string.Join(' ', TagConversion.Convert(iobes.Split(' '), TagScheme.Iob1)));
    }

    [Theory]
    [InlineData("B-A I-A I-B", TagScheme.Iob2, 2)]
    [InlineData("O I-A", TagScheme.Iob2, 1)]
    [InlineData("O B-A", TagScheme.Iob1, 1)]
    [InlineData("I-A B-B", TagScheme.Iob1, 1)]
    [InlineData("B-A I-A O", TagScheme.Iobes, 2)]
    [InlineData("B-A", TagScheme.Iobes, 0)]
    [InlineData("S-A E-A", TagScheme.Iobes, 1)]
    [InlineData("O S-A", TagScheme.Iob2, 1)]
    [InlineData("O X-A", TagScheme.Iob2, 1)]
    [InlineData("O I", TagScheme.Iob2, 1)]
    [InlineData("O PER", TagScheme.Iob2, 1)]
    [InlineData("B-A L-A E-A", TagScheme.Bilou, 2)]
    [InlineData("B-A I-A E-A", TagScheme.Bmes, 1)]
    [InlineData("S-A W-A", TagScheme.Bmewo, 0)]
    [InlineData("I-A B-A", TagScheme.Io, 1)]
    [InlineData("B M O", TagScheme.Bmes, 2)]
    [InlineData("O -", TagScheme.Iob1, 1)]
    public void FirstViolationIsNamed(string tags, TagScheme scheme, int index) =>
        Assert.Equal(index, TagRules.Violations(tags.Split(' '), scheme).First().Index);

    [Theory]
    [InlineData("I-A I-A O I-B", TagScheme.Iob1)]
    [InlineData("B-A I-A O B-B", TagScheme.Iob2)]
    [InlineData("B-A E-A O S-B", TagScheme.Iobes)]
    [InlineData("O O", TagScheme.Iob2)]
    [InlineData("U-A O B-B L-B", TagScheme.Bilou)]
    [InlineData("S-A O B-B M-B E-B", TagScheme.Bmes)]
    [InlineData("W-A O B-B M-B E-B", TagScheme.Bmewo)]
    [InlineData("B I O B", TagScheme.Iob2)]
    [InlineData("S O B M E", TagScheme.Bmes)]
    public void SchemeIsToldFromTheTags(string tags, TagScheme scheme)
    {
        var detector = new SchemeDetector();
        detector.Add(Tagged(1, "O", "O"));
        detector.Add(Tagged(10, tags.Split(' ')));
        Assert.Equal(scheme, detector.Scheme);
        Assert.Equal(0, detector.ViolationCount(scheme));
    }

    [Fact]
    public void OneSlipDoesNotChangeTheScheme()
    {
        var detector = new SchemeDetector();
        for (var i = 0; i < 10; i++) detector.Add(Tagged(1 + 4 * i, "B-A", "I-A", "O"));
        detector.Add(Tagged(50, "O", "I-A"));
        Assert.Equal(TagScheme.Iob2, detector.Scheme);
        Assert.Contains("IOB2 broken by 1 tags, first I-A in line 51", detector.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TagScheme.Iob1, "I-A I-A B-A O I I")]
    [InlineData(TagScheme.Iob2, "B-A I-A B-A O B I")]
    [InlineData(TagScheme.Iobes, "B-A E-A S-A O B E")]
    [InlineData(TagScheme.Io, "I-A I-A I-A O I I")]
    [InlineData(TagScheme.Bilou, "B-A L-A U-A O B L")]
    [InlineData(TagScheme.Bmes, "B-A E-A S-A O B E")]
    [InlineData(TagScheme.Bmewo, "B-A E-A W-A O B E")]
    public void EachSchemeHasItsLetters(TagScheme scheme, string tags) => Assert.Equal(tags,
        string.Join(' ', TagConversion.FromSpans([new(0, 2, "A"), new(2, 3, "A"), new(4, 6, "")], 6, scheme)));

    [Fact]
    public void LettersOfOneMeaningAreReadAlike()
    {
        List<EntitySpan> expected = [new(0, 1, "A"), new(1, 4, "A"), new(5, 6, "B")];
        foreach (var tags in new[] { "S-A B-A I-A E-A O S-B", "U-A B-A I-A L-A O U-B", "S-A B-A M-A E-A O S-B",
            "W-A B-A M-A E-A O W-B" })
            Assert.Equal(expected, TagConversion.ToSpans(tags.Split(' ')));
    }

    [Fact]
    public void OverlappingSpansAreRefused() =>
        Assert.Throws<ArgumentException>(
            () => TagConversion.FromSpans([new(0, 2, "A"), new(1, 3, "A")], 3, TagScheme.Iob2));

    static Sentence Tagged(int line, params string[] tags) => new(tags, tags, line, 0);
}
