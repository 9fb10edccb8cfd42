using System.Text.RegularExpressions;

namespace LdNetGpu.Tests;

/// <summary>
/// A recurrent unit is a type, and what differs between units lies there: no code asks which unit it has.
/// </summary>
/// <remarks>The suites run over all the names, so a new unit meets each of them.</remarks>
public class RecurrentUnitTests
{
    // case RecurrentUnit.Lstm:  RecurrentUnit.Lstm =>  == RecurrentUnit.Lstm  is RecurrentUnit.Lstm  RecurrentUnit.Lstm
    // or
    static readonly Regex Choice =
        new(@"(?:\bcase|==|!=|\bis(?: not)?|\bor)\s+RecurrentUnit\.\w|RecurrentUnit\.\w+\s*(?:=>|==|!=|or\b)");

    [Theory, InlineData("src"), InlineData("bench")]
    public void NothingIsChosenByTheNameOfAUnit(string folder)
    {
        var choices = SourceFiles.Under(folder)
            .SelectMany(file => File.ReadLines(file).Where(line => Choice.IsMatch(line))
                .Select(line => $"{file}: {line.Trim()}"));
        Assert.Empty(choices);
    }

    [Theory]
    [InlineData("case RecurrentUnit.Gru:")]
    [InlineData("RecurrentUnit.Gru => 3,")]
    [InlineData("var gru = unit == RecurrentUnit.Gru;")]
    [InlineData("if (RecurrentUnit.Gru != unit) return;")]
    [InlineData("unit is not RecurrentUnit.Gru or RecurrentUnit.Tanh")]
    public void AChoiceIsSeen(string line) => Assert.Matches(Choice, line);

    [Fact]
    public void ADefaultIsNoChoice() =>
        Assert.DoesNotMatch(Choice, "public RecurrentUnit Unit { get; init; } = RecurrentUnit.Lstm;");
}
