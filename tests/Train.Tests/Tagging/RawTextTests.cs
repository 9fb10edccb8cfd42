using System.Diagnostics;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Tests.Tagging;

/// <summary>Text cut by the rules that its documentation states, and found again by its offsets.</summary>
public class RawTextTests
{
    static readonly Config Fixed =
        Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithReplay(20180427, 1).WithMaxTest(2000);

    // Whatever the rules look at, and what breaks naive ones.
    static readonly Arbitrary<string> Texts = Gen.Elements("Ann", "'s", "n't", " ", "\t", "\n", "\r\n", "\n\n", "\r",
        ".", "..", "U.S.", "J.", "#", "@", "é", "😀", "👩‍💻", "🇳🇴", "\u0301", "-", "--", "/", "1", ",", "’",
        "\u00AD",
        "https://", "www.", "x@y.org", "\u00A0", "Mr.", "_", "\\", "&", "!", "?", "。", "東", "京", "タワー",
        "ーの", "\"", "“", "”", "(", ")", ":", ";", "=", "``", "''", "\u200B", "\uFEFF", "\u200D", "\uFE0F", "\u20E3",
        "\uD83D", "\uDE00", "\u0600", "\u2028", "\u000C", "\u0001", "ca", "The", "it", "No.", "5", "%", "$", "*", "न",
        "्", "ไทย", "한국", "1️⃣")
        .ArrayOf().Select(pieces => string.Concat(pieces)).ToArbitrary();

    [Theory]
    [InlineData("Ann lives in Oslo.", "Ann lives in Oslo .")]
    [InlineData("\"Don't,\" Ann's son said.", "\" Do n't , \" Ann 's son said .")]
    [InlineData("Mr. Lee (U.S.) paid $1,000.50 on 12/5...", "Mr. Lee ( U.S. ) paid $ 1,000.50 on 12/5 ...")]
    [InlineData("I can't; they'll go--now!", "I ca n't ; they 'll go -- now !")]
    [InlineData("Mail a.b@c.org or see https://x.org/y?z=1, ok?", "Mail a.b@c.org or see https://x.org/y?z=1 , ok ?")]
    [InlineData("(https://x.org/a_(b)) www.y.org/...", "( https://x.org/a_(b) ) www.y.org/ ...")]
    [InlineData("https://x.org見て <http://a.b/c>", "https://x.org 見 て < http://a.b/c >")]
    [InlineData("@ann #win 👩‍💻😀 O'Neill AT&T e-mail", "@ann #win 👩‍💻 😀 O'Neill AT&T e-mail")]
    [InlineData("J. Smith’s café—là", "J. Smith ’s café — là")]
    [InlineData("5:40, 3,000 and 12/5 and/or .5 15% 1st -5 №7", "5:40 , 3,000 and 12/5 and / or .5 15 % 1st - 5 № 7")]
    [InlineData("who's-who d'Estienne '90s the Jones' CAN'T", "who's-who d'Estienne ' 90s the Jones ' CA N'T")]
    [InlineData("U.S.-based a.k.a. Ph.D. etc. No. 5 No.", "U.S.-based a.k.a. Ph.D. etc. No. 5 No .")]
    [InlineData("``Hi'' she said... Wow!!! What?! =====", "`` Hi '' she said ... Wow !!! What ?! =====")]
    [InlineData(":-) hi ;) see:) (a:b)", ":-) hi ;) see : ) ( a : b )")]
    [InlineData("東京タワーは高い。", "東 京 タワー は 高 い 。")]
    [InlineData("Tokyoは5月 한국어 ไทย", "Tokyo は 5 月 한국어 ไทย")]
    [InlineData("🇳🇴🇸🇪 1️⃣2️⃣ ❤️ 👍🏽 e\u0301a", "🇳🇴 🇸🇪 1️⃣ 2️⃣ ❤️ 👍🏽 e\u0301a")]
    [InlineData("a\u200Bb \uFEFFc\u00A0d", "a b c d")]
    public void WordsAreCutAsUsual(string line, string words) =>
        Assert.Equal(words, string.Join(' ', RawText.Words(line)));

    [Theory]
    [InlineData("Ann ran. \"Why?\" Mr. Lee asked.", "Ann ran .|\" Why ? \"|Mr. Lee asked .")]
    [InlineData("The U.S. won 3.5 points. it said", "The U.S. won 3.5 points . it said")]
    [InlineData("He left the U.S. The end.", "He left the U.S.|The end .")]
    [InlineData("U.S. Senate. J. Smith sat.", "U.S. Senate .|J. Smith sat .")]
    [InlineData("Plan B. The end. It was plan B.", "Plan B .|The end .|It was plan B .")]
    [InlineData("1. First one. 2. Second.", "1 . First one .|2 . Second .")]
    [InlineData("\"Yes!\", he said. (Really?) No.", "\" Yes ! \" , he said .|( Really ? )|No .")]
    [InlineData("She wept... and left… Then 3 men came.", "She wept ... and left …|Then 3 men came .")]
    [InlineData("行く。「来た！」と言った。", "行 く 。|「 来 た ！ 」|と 言 っ た 。")]
    [InlineData("Hm.\u2029no one", "Hm .|no one")]
    [InlineData("one\n \t\r\ntwo\fthree", "one|two|three")]
    [InlineData("over\nthe line. And\r\non", "over the line .|And on")]
    [InlineData("Hi! 😀 Bye!😀", "Hi !|😀 Bye ! 😀")]
    [InlineData("It (really!) is (sic.) Yahoo! Inc. a", "It ( really ! ) is ( sic . )|Yahoo !|Inc. a")]
    [InlineData("", "")]
    public void SentencesEndWhereAnotherCanBegin(string text, string sentences) =>
        Assert.Equal(sentences,
            string.Join('|', RawText.Sentences(text).Select(sentence => string.Join(' ', sentence.Words))));

    [Fact]
    public void NothingIsLostButWhiteSpaceAndSlicesAreTheText() => Prop.ForAll(Texts, text =>
    {
        var rebuilt = new StringBuilder();
        foreach (var sentence in RawText.Sentences(text))
        {
            var place = sentence.Text!;
            Assert.True(place.Words.Count == sentence.Words.Length && sentence.Words.Length > 0);
            Assert.Equal(text.Substring((int)place.Start.Utf16, place.Text.Length), place.Text);
            Assert.Equal(place.End.Utf16, place.Start.Utf16 + place.Text.Length);
            for (var i = 0; i < place.Words.Count; i++)
            {
                var slice = place.Slice(i, i + 1);
                Assert.Equal(sentence.Words[i], slice.Text);
                AppendSpace((int)slice.Start.Utf16);
                Assert.Equal(rebuilt.Length, slice.Start.Utf16);
                Assert.Equal(PointsBefore(slice.Start.Utf16), slice.Start.CodePoints);
                Assert.Equal(PointsBefore(slice.End.Utf16), slice.End.CodePoints);
                rebuilt.Append(slice.Text);
            }
            Assert.Equal(1 + text[..(int)place.Start.Utf16].Count(c => c == '\n'), sentence.FirstLine);
        }
        AppendSpace(text.Length);
        Assert.Equal(text, rebuilt.ToString());

        void AppendSpace(int end)
        {
            var space = text[rebuilt.Length..end];
            Assert.All(space, c => Assert.True(RawCharacters.IsSpace(c)));
            rebuilt.Append(space);
        }

        int PointsBefore(long utf16) => text[..(int)utf16].EnumerateRunes().Count();
    }).Check(Fixed);

    /// <summary>
    /// But behind white space, with which an accent makes a cluster; and U+0600 and its like begin clusters inside
    /// addresses.
    /// </summary>
    [Fact]
    public void NoWordBeginsInsideAGraphemeCluster() => Prop.ForAll(Texts, text =>
    {
        text = text.Replace("\u0600", "", StringComparison.Ordinal);
        var borders = StringInfo.ParseCombiningCharacters(text).Append(text.Length).ToHashSet();
        foreach (var (start, end) in RawText.WordRanges(text))
        {
            Assert.True(borders.Contains(start) || RawCharacters.IsSpace(text[start - 1]), Escaped(text, start));
            Assert.True(borders.Contains(end) || RawCharacters.IsSpace(text[end]), Escaped(text, end));
        }
    }).Check(Fixed);

    static string Escaped(string text, int place) =>
        $"{place} of {string.Join(' ', text.Select(c => ((int)c).ToString("X4", CultureInfo.InvariantCulture)))}";

    [Fact]
    public void FilesAreReadAsTheyAre() => Prop.ForAll(Texts, text =>
    {
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(whole,
            string.Concat(TextLines.ReadWhole(new MemoryStream(bytes), "f").Select(line => line.Text)));
        if (RawText.Words(whole).Length == 0) return;
        Assert.Equal(RawText.Sentences(whole).Select(Shown),
            RawText.Read(new MemoryStream(bytes), "f").Select(Shown));

        static string Shown(Sentence one) => $"{one.FirstLine} {one.Text!.Start} {string.Join('|', one.Words)}";
    }).Check(Fixed);

    [Fact]
    public void LineEndsEndSentencesWhereTheyAreToldTo()
    {
        const string text = "Ann left\nBob J.\n\nstays.";
        Assert.Equal(["Ann left Bob J .", "stays ."], Cut(new()));
        Assert.Equal(["Ann left", "Bob J .", "stays ."], Cut(new() { Break = SentenceBreak.Line }));
        Assert.Equal(["Ann left", "Bob J .", "stays ."], Cut(new() { MostWords = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RawTextOptions { Break = (SentenceBreak)2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RawTextOptions { MostWords = 0 });

        string[] Cut(RawTextOptions options) =>
            [.. RawText.Sentences(text, options).Select(one => string.Join(' ', one.Words))];
    }

    /// <summary>A blank line, or a line end where that ends sentences, is not waited behind.</summary>
    [Theory]
    [InlineData(SentenceBreak.BlankLine, "Ann left.\n", "\n")]
    [InlineData(SentenceBreak.Line, "Ann left\n", "")]
    public void ASentenceIsGivenAsSoonAsItsEndIsKnown(SentenceBreak ends, string line, string blank)
    {
        var cutter = new SentenceCutter(new() { Break = ends });
        var ended = cutter.Add(new(line, 1)).ToList();
        if (blank.Length > 0) ended.AddRange(cutter.Add(new(blank, 2)));
        Assert.Single(ended);
        Assert.Null(cutter.Rest());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t\uFEFF\u200B")]
    public void TextWithoutAWordIsRefused(string text)
    {
        Assert.Empty(RawText.Sentences(text));
        TestFiles.Refused(() => RawText.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "input").Count(),
            "input: no text");
    }

    [Fact]
    public void BytesThatAreNoTextAreRefused()
    {
        foreach (var (bytes, words) in new (byte[], string)[]
        {
            ([.. "ab\nc"u8, 0xED, 0xA0, 0x80], "0xED is not UTF-8"), ([.. "caf"u8, 0xE9], "0xE9 is not UTF-8"),
            ([.. "a"u8, 0, .. "b"u8], "zero byte"), ([0xFF, 0xFE, (byte)'a', 0], "UTF-16"),
        })
            TestFiles.Refused(() => RawText.Read(new MemoryStream(bytes), "input").Count(), words);
    }

    /// <summary>Each would take minutes if what is looked at were looked at again from the next character.</summary>
    [Fact]
    public void TimeGrowsWithTheLengthAlone()
    {
        var clock = Stopwatch.StartNew();
        foreach (var piece in new[] { "a", "(", "+", "'", "\"", "a.-", "www.", "www.,", "x@", "a,", "!", "\u0301", "😀",
            "東", "n't", "''", "p. ", "A.", "U.S.", "1.", ":-", "$", "_", "\u200D", "。", "\n", " " })
        {
            var text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
            foreach (var sentence in RawText.Sentences(text)) Assert.InRange(sentence.Words.Length, 1, 501);
        }
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 90);
    }
}
