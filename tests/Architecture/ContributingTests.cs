using System.Reflection;
using System.Text.RegularExpressions;
using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Crf;

namespace LdNetGpu.Tests;

/// <summary>
/// CONTRIBUTING's lists of files, followed by their own examples, and by everything else that is of an example's kind.
/// </summary>
public partial class ContributingTests
{
    static readonly MarkdownPage Page = MarkdownPage.Read("CONTRIBUTING.md");

    /// <summary>A list's heading and the example that it follows.</summary>
    public static TheoryData<string, string> Lists => new()
    {
        { "Add an operation", "AddRow" },
        { "Add a kernel", "VectorCrossEntropyKernels" },
        { "A function", "Tan" },
        { "A member", "ShuffleXor" },
        { "Add a setting", "WordThreshold" },
        { "Add a command", "EvalCommand" },
    };

    [Theory, MemberData(nameof(Lists))]
    public void EachStepIsThereInTheExample(string title, string example)
    {
        Assert.Contains($"Example: `{example}`", Page.Section(title), StringComparison.Ordinal);
        var steps = Steps(title);
        Assert.Equal(Enumerable.Range(1, steps.Count), steps.Select(step => step.Number));
        Assert.True(steps.Count >= 5);
        foreach (var step in steps)
        {
            Assert.NotEmpty(step.Files);
            var source = File.ReadAllText(RepositoryRoot.Combine(step.Files[0]));
            Assert.Contains(step.Text, source, StringComparison.Ordinal);
            Assert.All(step.Files, file => Assert.True(File.Exists(RepositoryRoot.Combine(file)), file));
        }
    }

    /// <summary>Whatever names the example in the source, but as a call of something's member, is a step.</summary>
    [Theory, MemberData(nameof(Lists))]
    public void NoPlaceInTheSourceIsMissing(string title, string example)
    {
        var listed = Steps(title).SelectMany(step => step.Files).Select(file => RepositoryRoot.Combine(file));
        var name = new Regex($@"(?<![.\w]){example}\b(?!\w)");
        var places = SourceFiles.Under("src").Where(file => File.ReadLines(file)
            .Where(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal))
            .Any(name.IsMatch));
        Assert.Empty(places.Except(listed));
    }

    /// <summary>Step 7 of an operation, by all that there are; what returns something makes working memory.</summary>
    [Fact]
    public void EveryOperationOfABackendIsInTheConformanceSuite()
    {
        var suite = string.Concat(SourceFiles.Under("tests", "Conformance").Select(File.ReadAllText));
        var operations = typeof(DeviceBackend<>).GetProperties()
            .Where(property => property.PropertyType.IsInterface)
            .SelectMany(property => property.PropertyType.GetMethods()
                .Where(method => method.ReturnType == typeof(void))
                .Select(method => (property.Name, Method: method.Name)))
            .Distinct().ToList();
        Assert.True(operations.Count > 30);
        Assert.DoesNotContain(operations, one => !suite.Contains($".{one.Method}(", StringComparison.Ordinal));
    }

    /// <summary>Step 9 of an operation, by every differentiable operation that there is.</summary>
    [Fact]
    public void EveryDifferentiableOperationHasAGradientCheck()
    {
        var checks = File.ReadAllText(
            RepositoryRoot.Combine("src", "Autograd", "GradientCheck", "CheckedOperations.cs"));
        var operations = typeof(Tensor<>).Assembly.GetExportedTypes()
            .Where(type => type.Name.EndsWith("Operations", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.ReturnType != typeof(void) && method.ReturnType.Name != typeof(CrfBatch<>).Name)
            .Select(method => method.Name).Distinct().ToList();
        Assert.True(operations.Count > 10);
        Assert.DoesNotContain(operations, one => !checks.Contains($".{one}(", StringComparison.Ordinal));
    }

    /// <summary>
    /// A filter that finds no class runs no test: of abstract ones it finds those that inherit their tests.
    /// </summary>
    [Fact]
    public void EveryFilterFindsAClassOfTests()
    {
        var filters = MarkdownPage.All.SelectMany(page => Filter().Matches(page.Text))
            .Select(match => (Project: match.Groups[1].Value, Pattern: match.Groups[2].Value)).ToList();
        Assert.NotEmpty(filters);
        foreach (var (project, pattern) in filters)
        {
            var name = new Regex($"^{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}$");
            var classes = SourceFiles.Under("tests", project)
                .SelectMany(file => Class().Matches(File.ReadAllText(file)))
                .Where(match => !match.Value.Contains("abstract", StringComparison.Ordinal))
                .Select(match => match.Groups[1].Value);
            Assert.Contains(classes, one => name.IsMatch(one));
        }
    }

    static List<Step> Steps(string title) =>
    [
        .. Row().Matches(Page.Section(title)).Select(row => new Step(int.Parse(row.Groups[1].Value),
            [.. Link().Matches(row.Groups[2].Value).Select(link => link.Groups[1].Value)],
            row.Groups[4].Value)),
    ];

    /// <param name="Number">From 1.</param>
    /// <param name="Files">The first has the text.</param>
    /// <param name="Text">What to look for.</param>
    sealed record Step(int Number, string[] Files, string Text);

    [GeneratedRegex(@"^\| (\d+) \| (.*?) \| (.*) \| `([^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"tests/([\w.]+)/bin/\S+ --filter-class ""([^""]+)""")]
    private static partial Regex Filter();

    [GeneratedRegex(@"^public .*\bclass (\w+)", RegexOptions.Multiline)]
    private static partial Regex Class();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();
}
