using System.Text;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests.Data;

/// <summary>Text is never taken for columns: all words of a line but one would be lost.</summary>
public class FormatGuessTests
{
    [Theory]
    [InlineData("My blood group is O\n")]
    [InlineData("Crash closes I-95\nTake the S-Bahn\n")]
    [InlineData("Crash closes I-95\nTake the S-Bahn\nDrink from B-12\nGive it O\n")]
    [InlineData("Ann NNP\nlives VBZ\nhere RB\n")]
    [InlineData("So do I\nNor do I\nHow am I\n")]
    // Numbered sentences, and sentences with their label, separated by TABs.
    [InlineData("1\tMy name is Ann\n2\tI live here\n")]
    [InlineData("My name is Ann\tpositive\nI live here\tnegative\n")]
    [InlineData("a\tb\nc\n")]
    [InlineData("# key = value\n")]
    [InlineData("word\nword\n")]
    [InlineData("")]
    public void TextStaysText(string text) => Assert.False(IsConll(text));

    [Theory]
    [InlineData("Ann B-PER\nlives O\nin O\n")]
    [InlineData("# id = 1\nAnn NNP B-PER\nlives VBZ O\n\nBob NNP B-PER\n")]
    [InlineData("-DOCSTART- O\n\nAnn B\nLee I\nran O\n")]
    [InlineData("Ann\tNNP\n")]
    [InlineData("Ann\tB-PER\n")]
    [InlineData("ke s\tO\n")]
    [InlineData("\uFEFF1\tAnn\tAnn\tPROPN\tNNP\t_\t0\troot\t_\t_\n")]
    public void ColumnsAreSeen(string text) => Assert.True(IsConll(text));

    static bool IsConll(string text) =>
        FormatGuess.IsConll(TextLines.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "input"));
}
