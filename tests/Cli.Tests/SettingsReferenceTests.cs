using LdNetGpu.Tests.Commands;

namespace LdNetGpu.Tests;

/// <summary>The tables of docs/reference/settings.md are what <c>ldnet config list</c> says.</summary>
public class SettingsReferenceTests
{
    [Theory]
    [InlineData("lm", "Language models: lm")]
    [InlineData("tagger", "Taggers: tagger")]
    [InlineData("prune", "Layer selection: prune")]
    [InlineData("data", "Made-up text: data")]
    public void TableIsWhatTheProgramLists(string section, string title)
    {
        var listed = Ldnet.Run("config", "list", section, "--json").Json[section]!.AsArray();
        var expected = listed.Select(setting => $"| `{setting!["key"]}` | `{setting["default"]}` | " +
            $"{Escaped($"{setting["range"]}")} | {Escaped($"{setting["meaning"]}")} |");
        var rows = MarkdownPage.Read("docs/reference/settings.md").Section(title).Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(expected, rows);
    }

    static string Escaped(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
