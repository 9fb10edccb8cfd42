using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Tagging;

namespace LdNetGpu.Tests.Tagging;

public class RawTextTests
{
    static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20180427, 1).WithMaxTest(500);

    [Theory]
    [InlineData("Ann lives in Oslo.", "Ann lives in Oslo .")]
    [InlineData("\"Don't,\" Ann's son said.", "\" Do n't , \" Ann 's son said .")]
    [InlineData("Mr. Lee (U.S.) paid $1,000.50 on 12/5...", "Mr. Lee ( U.S. ) paid $ 1,000.50 on 12/5 ...")]
    [InlineData("I can't; they'll go--now!", "I ca n't ; they 'll go -- now !")]
    [InlineData("Mail a.b@c.org or see https://x.org/y?z=1, ok?", "Mail a.b@c.org or see https://x.org/y?z=1 , ok ?")]
    [InlineData("@ann #win 👩‍💻 O'Neill AT&T e-mail", "@ann #win 👩‍💻 O'Neill AT&T e-mail")]
    [InlineData("J. Smith’s café—là", "J. Smith ’s café — là")]
    public void WordsAreCutAsUsual(string line, string words) =>
        Assert.Equal(words, string.Join(' ', RawText.Words(line)));

    [Fact]
    public void NothingIsLostButWhiteSpace() => Prop.ForAll(
        Gen.ArrayOf(Gen.Elements("Ann", "'s", "n't", " ", "\t", ".", "..", "U.S.", "#", "@", "é", "😀", "\u0301",
            "-", "--", "/", "1", ",", "’", "\u00AD", "https://", "\u00A0", "Mr.", "_", "\\", "&")).ToArbitrary(),
        pieces =>
        {
            var line = string.Concat(pieces);
            return string.Concat(RawText.Words(line)) == string.Concat(line.Where(c => !char.IsWhiteSpace(c)));
        }).Check(Fixed);

    [Fact]
    public void SentencesEndWhereAnotherCanBegin()
    {
        const string text = "Ann ran. \"Why?\" Mr. Lee asked.\n\nThe U.S. won 3.5 points. it said\n";
        var lines = TextLines.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "input");
        var sentences = RawText.Sentences(lines, "input");
        Assert.Equal(
        [
            "1: Ann ran .", "1: \" Why ? \"", "1: Mr. Lee asked .", "2: ", "3: The U.S. won 3.5 points . it said",
        ],
            sentences.Select(sentence => $"{sentence.FirstLine}: {string.Join(' ', sentence.Words)}"));
    }

    [Fact]
    public void TextWithoutAWordIsRefused() =>
        Data.TestFiles.Refused(() => RawText.Sentences([new(" ", 1)], "input").Count(), "input: no text");
}
