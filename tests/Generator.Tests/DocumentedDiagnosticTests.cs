using System.Text.RegularExpressions;
using LdNetGpu.Kernels.Generator;
using Microsoft.CodeAnalysis;

namespace LdNetGpu.Tests;

/// <summary>
/// docs/reference/diagnostics.md has every diagnostic; the code that it shows is refused by that one, or taken.
/// </summary>
public class DocumentedDiagnosticTests
{
    const string PageName = "docs/reference/diagnostics.md";

    static readonly MarkdownPage Page = MarkdownPage.Read(PageName);

    // The generator's types are nobody's but its own.
    static readonly IReadOnlyDictionary<string, DiagnosticDescriptor> Descriptors =
        (IReadOnlyDictionary<string, DiagnosticDescriptor>)typeof(KernelGenerator).Assembly
            .GetType("LdNetGpu.Kernels.Generator.Diagnostics.Unsupported", throwOnError: true)!
            .GetProperty("ById")!.GetValue(null)!;

    public static TheoryData<string> Ids => [.. Descriptors.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void PageHasTheDiagnosticsAndNoOthers() =>
        Assert.Equal(Descriptors.Keys.Order(StringComparer.Ordinal),
            Regex.Matches(Page.Text, @"^## (LDK\d+)$", RegexOptions.Multiline)
                .Select(heading => heading.Groups[1].Value));

    [Theory, MemberData(nameof(Ids))]
    public void SectionHasTitleCauseAndRemedyAndTheLinkLeadsThere(string id)
    {
        var descriptor = Descriptors[id];
        var section = Page.Section(id);
        var title = $"**{descriptor.Title}.** ";
        var anchor = id.ToLowerInvariant();
        Assert.Matches(Regex.Escape(title) + @"\S.{20}", section);
        Assert.Matches(@"\n\nRemedy: \S", section);
        Assert.Contains($"| [{id}](#{anchor}) | {descriptor.Title} |", Page.Text, StringComparison.Ordinal);

        Assert.Equal($"{PageName}#{anchor}", descriptor.HelpLinkUri);
        Assert.Contains(anchor, Page.Anchors);
    }

    [Theory, MemberData(nameof(Ids))]
    public void CodeIsRefusedByThatOneAndTheOtherIsTaken(string id)
    {
        // In the order of the page, the section's two blocks stand together.
        var refused = Page.Blocks.Single(block => block.Comment == $"reports {id}");
        var accepted = Page.Blocks.SkipWhile(block => block != refused).ElementAt(1);
        Assert.Equal("accepted", accepted.Comment);
        Assert.Equal([id], GeneratorRun.DiagnoseSource(Whole(refused.Code)));
        Assert.Empty(GeneratorRun.DiagnoseSource(Whole(accepted.Code)));
    }

    [Fact]
    public void ReleaseTablesHaveTheDiagnosticsAsTheyAre()
    {
        var rows = new[] { "Shipped", "Unshipped" }
            .Select(name => RepositoryRoot.Combine("src", "Kernels.Generator", $"AnalyzerReleases.{name}.md"))
            .SelectMany(File.ReadLines)
            .Where(line => line.StartsWith("LDK", StringComparison.Ordinal));
        Assert.Equal(Descriptors.Values.OrderBy(one => one.Id, StringComparer.Ordinal)
            .Select(one => $"{one.Id} | {one.Category} | {one.DefaultSeverity} | {one.Title}"), rows);
    }

    // Most blocks are members of a kernel's class; some are classes.
    static string Whole(string code) =>
        code.Contains("static partial class", StringComparison.Ordinal)
            ? GeneratorRun.Usings + code
            : GeneratorRun.Class(code);
}
