using System.Text.RegularExpressions;

namespace LdNetGpu.Tests;

/// <summary>Links between pages and into the source lead somewhere, headings included.</summary>
public partial class DocumentationLinkTests
{
    public static TheoryData<string> Pages => [.. MarkdownPage.All.Select(page => page.Name)];

    [Theory, MemberData(nameof(Pages))]
    public void EveryLinkLeadsSomewhere(string name) => Assert.Empty(Broken(MarkdownPage.Read(name)));

    [Theory]
    [InlineData("[gone](gone.md)")]
    [InlineData("[gone](src/Gone)")]
    [InlineData("![gone](docs/images/gone.svg)")]
    [InlineData("[`code`](README.md#no-such-heading)")]
    [InlineData("[here](#no-such-heading)")]
    public void ABrokenLinkIsSeen(string text) => Assert.Single(Broken(new("PAGE.md", "# Page\n" + text)));

    [Theory]
    [InlineData("[page](README.md), [a part](README.md#where-things-are), [folder](src/Kernels), [here](#page)")]
    [InlineData("```\n[code](gone.md)\n```\n and `[code](gone.md)`, [elsewhere](https://example.org/gone.md)")]
    public void OthersAreNot(string text) => Assert.Empty(Broken(new("PAGE.md", "# Page\n" + text)));

    [Fact]
    public void EveryPageOfTheDocumentationIsReachedFromTheReadme()
    {
        var reached = new HashSet<string>();
        var open = new Queue<string>(["README.md"]);
        while (open.TryDequeue(out var name))
        {
            if (!reached.Add(name)) continue;
            var pagesThere = Targets(MarkdownPage.Read(name))
                .Select(target => Resolve(name, target.Split('#')[0]))
                .Where(target => target.EndsWith(".md", StringComparison.Ordinal));
            foreach (var target in pagesThere) open.Enqueue(target);
        }
        var pages = MarkdownPage.All.Select(page => page.Name)
            .Where(name => name.StartsWith("docs/", StringComparison.Ordinal));
        Assert.Empty(pages.Except(reached));
    }

    [Fact]
    public void ProjectsThatCommandsNameAreThere()
    {
        var projects = MarkdownPage.All.SelectMany(page => page.Blocks)
            .SelectMany(block => Project().Matches(block.Code))
            .Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.Contains("src/Cli", projects);
        Assert.DoesNotContain(projects, project => !Directory.Exists(RepositoryRoot.Combine(project)));
    }

    /// <remarks>The run of all tests takes its command from there.</remarks>
    [Fact]
    public void ReadmeNamesTheTwoCommands()
    {
        var lines = MarkdownPage.Read("README.md").Blocks.SelectMany(block => block.Code.Split('\n')).ToList();
        Assert.Contains("dotnet run -c Release --project src/Cli -- quickstart", lines);
        Assert.Equal("dotnet test -c Release",
            lines.First(line => line.StartsWith("dotnet test", StringComparison.Ordinal)));
    }

    static IEnumerable<string> Broken(MarkdownPage page) =>
        Targets(page).Where(target => !Leads(page, target)).Select(target => $"{page.Name}: {target}");

    static IEnumerable<string> Targets(MarkdownPage page) => Link().Matches(CodeSpan().Replace(page.Prose, "code"))
        .Select(link => link.Groups[1].Value)
        .Where(target => !target.Contains("://", StringComparison.Ordinal));

    static bool Leads(MarkdownPage page, string target)
    {
        var (path, anchor) = target.Split('#') is [var file, var heading] ? (file, heading) : (target, null);
        var name = path.Length == 0 ? page.Name : Resolve(page.Name, path);
        var full = RepositoryRoot.Combine(name);
        if (path.Length > 0 && !File.Exists(full) && !Directory.Exists(full)) return false;
        return anchor is null || (path.Length == 0 ? page : MarkdownPage.Read(name)).Anchors.Contains(anchor);
    }

    /// <summary>The target's path from the repository's root.</summary>
    static string Resolve(string page, string target)
    {
        var full = Path.GetFullPath(Path.Combine(RepositoryRoot.Path, Path.GetDirectoryName(page)!, target));
        return Path.GetRelativePath(RepositoryRoot.Path, full).Replace('\\', '/');
    }

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^dotnet (?:build|run|test)\b.*? ((?:src|tests|bench|examples)/\S+)", RegexOptions.Multiline)]
    private static partial Regex Project();

    [GeneratedRegex("`[^`\n]*`")]
    private static partial Regex CodeSpan();
}
