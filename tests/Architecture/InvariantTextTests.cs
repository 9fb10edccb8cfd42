using System.Text.RegularExpressions;

namespace LdNetGpu.Tests;

/// <summary>
/// A library's texts do not depend on the culture of the program that it is in: a formatted number stands in
/// <c>Invariant($"...")</c>.
/// </summary>
/// <remarks>Calls that take a culture are CA1305's, an error there; it does not see interpolated strings.</remarks>
public class InvariantTextTests
{
    // {share:F2}, {rows,8:N0}
    static readonly Regex FormattedNumber = new(@"\$""[^""]*\{[^{}""]+:[a-zA-Z]\d{0,2}\}");

    public static TheoryData<string> Libraries =>
        ["Devices", "Kernels", "Kernels.Generator", "Autograd", "Model", "Train"];

    [Theory, MemberData(nameof(Libraries))]
    public void FormattedNumbersAreInvariant(string library) =>
        Assert.Empty(SourceFiles.Under("src", library)
            .SelectMany(file => Faults(File.ReadAllLines(file)).Select(line => $"{file}: {line}")));

    [Fact]
    public void ANumberInTheProgramsCultureIsSeen()
    {
        Assert.Equal(["var text = $\"{share:F2} %\";"], Faults(["", "    var text = $\"{share:F2} %\";"]));
        Assert.Equal(["$\"of {rows,8:N0}\");"], Faults(["Say(", "    $\"of {rows,8:N0}\");"]));
    }

    [Fact]
    public void AnInvariantOneIsNot()
    {
        Assert.Empty(
            Faults(["var text = Invariant($\"{share:F2} %\");", "", "Say(Invariant(", "    $\"{share:F2} %\"));"]));
        Assert.Empty(Faults(["var text = $\"{rows} rows: {(isWhole ? \"all\" : \"some\")}\";"]));
    }

    static IEnumerable<string> Faults(string[] lines) =>
        from number in Enumerable.Range(0, lines.Length)
        where FormattedNumber.IsMatch(lines[number])
        where !lines[number].Contains("Invariant(", StringComparison.Ordinal)
        where number == 0 || !lines[number - 1].TrimEnd().EndsWith("Invariant(", StringComparison.Ordinal)
        select lines[number].Trim();
}
