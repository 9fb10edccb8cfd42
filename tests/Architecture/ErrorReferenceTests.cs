using System.Reflection;
using System.Text.RegularExpressions;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Tests;

/// <summary>The reference of errors and of environment variables has what the source has.</summary>
public partial class ErrorReferenceTests
{
    static readonly string[] Libraries = ["Devices", "Kernels", "Autograd", "Model", "Train", "GradientCheck.Xunit"];

    static readonly MarkdownPage Page = MarkdownPage.Read("docs/reference/errors.md");

    [Fact]
    public void EveryExceptionHasItsRowAndWhatItCarries()
    {
        var exceptions = Libraries.SelectMany(library => Assembly.Load("LdNetGpu." + library).GetExportedTypes())
            .Where(type => type.IsSubclassOf(typeof(Exception)));
        var expected = exceptions.ToDictionary(type => type.Name, type => type
            .GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(property => property.Name).Order(StringComparer.Ordinal).ToArray());
        var rows = Rows("Exceptions of the libraries").ToDictionary(row => row[0].Trim('`'), row => CodeSpan()
            .Matches(row[2]).Select(code => code.Groups[1].Value).Order(StringComparer.Ordinal).ToArray());
        Assert.Equal(Lines(expected), Lines(rows));

        static IEnumerable<string> Lines(Dictionary<string, string[]> carried) => carried
            .Select(one => $"{one.Key}: {string.Join(", ", one.Value)}").Order(StringComparer.Ordinal);
    }

    [Fact]
    public void EveryFaultOfTheManagedDeviceHasItsRow() => Assert.Equal(Enum.GetNames<KernelFault>(),
        Rows("Faults that the managed device finds").Select(row => row[0].Trim('`')));

    [Fact]
    public void EveryExitCodeHasItsRow()
    {
        var codes = typeof(Cli.ExitCode).GetFields().Select(field => $"{field.GetRawConstantValue()}");
        Assert.Equal(codes, Rows("Exit codes of the program").Select(row => row[0]));
    }

    [Theory, InlineData("src"), InlineData("bench")]
    public void EveryEnvironmentVariableIsListed(string folder)
    {
        var used = SourceFiles.Under(folder).SelectMany(file => Variables(File.ReadAllText(file))).ToHashSet();
        Assert.NotEmpty(used);
        Assert.Empty(used.Except(Variables(MarkdownPage.Read("docs/reference/settings.md").Text)));

        static IEnumerable<string> Variables(string text) => Variable().Matches(text).Select(match => match.Value);
    }

    /// <summary>Cells of a section's table, without its two lines of head.</summary>
    static IEnumerable<string[]> Rows(string title) => Page.Section(title).Split('\n')
        .Where(line => line.StartsWith('|')).Skip(2)
        .Select(line => line.Trim()[1..^1].Split('|').Select(cell => cell.Trim()).ToArray());

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("LDNET_[A-Z]+(?:_[A-Z]+)*")]
    private static partial Regex Variable();
}
