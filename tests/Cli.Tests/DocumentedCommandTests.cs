using System.CommandLine;
using System.Text.RegularExpressions;
using LdNetGpu.Cli;
using LdNetGpu.Tests.Commands;

namespace LdNetGpu.Tests;

/// <summary>Every call of the program in the pages is one that it takes, and its settings are settings.</summary>
public partial class DocumentedCommandTests
{
    const string FromSource = "dotnet run -c Release --project src/Cli -- ";

    /// <summary>Lines of code blocks, those that go on joined.</summary>
    public static TheoryData<string> Lines =>
    [
        .. MarkdownPage.All.SelectMany(page => page.Blocks)
            .Where(block => block.Language is "" or "bash")
            .SelectMany(block => block.Code.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
            .Select(line => Launched().Replace(line.Trim(), ""))
            .Where(line => line.StartsWith("ldnet ", StringComparison.Ordinal)
                || line.StartsWith(FromSource, StringComparison.Ordinal))
            .Distinct(),
    ];

    /// <summary>Calls inside sentences, which may leave out what a command needs.</summary>
    public static TheoryData<string> Mentions =>
    [
        .. MarkdownPage.All.SelectMany(page => Mention().Matches(page.Prose))
            .Select(match => match.Groups[1].Value).Distinct(),
    ];

    [Theory, MemberData(nameof(Lines))]
    public void ALineIsTaken(string line) => Assert.Empty(Parse(line).Errors.Select(error => error.Message));

    [Theory, MemberData(nameof(Lines))]
    public void ItsSettingsAreTaken(string line)
    {
        var parsed = Parse(line);
        var settings = parsed.GetResult(GlobalOptions.Set)?.Tokens.Select(token => token.Value).ToArray() ?? [];
        if (settings.Length == 0) return;
        var words = Words(line).ToArray();
        var section = words is ["config", "show", var shown, ..] ? shown : words[0];
        var assignments = settings.SelectMany(setting => new[] { "--set", setting });
        Ldnet.Run(["config", "show", section, .. assignments]).Succeeded();
    }

    [Theory, MemberData(nameof(Mentions))]
    public void AMentionNamesACommandAndItsOptions(string text)
    {
        var parsed = Parse(text);
        var words = Words(text).TakeWhile(word => word[0] != '-' && char.IsLower(word[0])).ToArray();
        if (words.Length > 0) Assert.NotEqual(RootProgram.Command.Name, parsed.CommandResult.Command.Name);
        Assert.DoesNotContain(parsed.UnmatchedTokens, token => token.StartsWith('-'));
    }

    [Theory]
    [InlineData("ldnet tga --model pruned")]
    [InlineData("ldnet tag --modle pruned")]
    [InlineData("ldnet tag")]
    public void AWrongLineIsSeen(string line) => Assert.NotEmpty(Parse(line).Errors);

    [Fact]
    public void EveryCommandIsInTheReference()
    {
        var page = MarkdownPage.Read("docs/reference/commands.md").Text;
        var commands = Leaves(RootProgram.Command, "");
        Assert.DoesNotContain(commands, command => !page.Contains($"`{command}`", StringComparison.Ordinal));
    }

    static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}".Trim()));

    static ParseResult Parse(string line) => RootProgram.Command.Parse([.. Words(line)]);

    /// <summary>The arguments as a shell gives them: without remarks and redirections.</summary>
    static IEnumerable<string> Words(string line)
    {
        var start = line.StartsWith(FromSource, StringComparison.Ordinal) ? FromSource.Length : "ldnet ".Length;
        var arguments = Redirection().Replace(Remark().Replace(line[start..], ""), "");
        return Word().Matches(OfSlurm().Replace(arguments, "1")).Select(word => word.Value.Trim('"', '\''));
    }

    // What starts the program on several ranks.
    [GeneratedRegex(@"^(mpirun -n \d+|srun( --mpi=\w+)?) ")]
    private static partial Regex Launched();

    [GeneratedRegex("`(ldnet [^`\n]+)`")]
    private static partial Regex Mention();

    [GeneratedRegex(@"\s+#.*$")]
    private static partial Regex Remark();

    [GeneratedRegex(@"\s[<>|].*$")]
    private static partial Regex Redirection();

    // What Slurm sets for a task of an array is a number.
    [GeneratedRegex(@"\$SLURM_\w+")]
    private static partial Regex OfSlurm();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
