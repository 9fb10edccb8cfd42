using System.Text.RegularExpressions;

namespace LdNetGpu.Tests;

/// <summary>A page of the repository in Markdown.</summary>
/// <param name="Name">Path from the repository's root, with <c>/</c>.</param>
/// <param name="Text">All of it.</param>
public sealed partial record MarkdownPage(string Name, string Text)
{
    // What builds and packing leave behind.
    static readonly string[] NotOurs = ["bin", "obj", "artifacts", "BenchmarkDotNet.Artifacts", ".git"];

    /// <summary>Every page, by name.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } =
    [
        .. Directory.EnumerateFiles(RepositoryRoot.Path, "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file).Replace('\\', '/'))
            .Where(name => !name.Split('/').Intersect(NotOurs).Any())
            .Order(StringComparer.Ordinal)
            .Select(Read),
    ];

    /// <summary>One page.</summary>
    /// <param name="name">Path from the repository's root, with <c>/</c>.</param>
    public static MarkdownPage Read(string name) =>
        new(name, File.ReadAllText(RepositoryRoot.Combine(name)).ReplaceLineEndings("\n"));

    /// <summary>The blocks between lines of three backticks.</summary>
    public IReadOnlyList<CodeBlock> Blocks => field ??= FindBlocks();

    /// <summary>The page without its blocks of code and invisible comments.</summary>
    public string Prose => Comment().Replace(Fence().Replace(Text, ""), "");

    /// <summary>What a link to a heading has after <c>#</c>, as GitHub makes it.</summary>
    public IEnumerable<string> Anchors
    {
        get
        {
            var seen = new Dictionary<string, int>();
            foreach (Match heading in Heading().Matches(Fence().Replace(Text, "")))
            {
                var text = LinkTarget().Replace(heading.Groups[1].Value, "").ToLowerInvariant();
                var anchor = NotInAnchor().Replace(text.Trim(), "").Replace(' ', '-');
                seen[anchor] = seen.GetValueOrDefault(anchor) + 1;
                yield return seen[anchor] == 1 ? anchor : $"{anchor}-{seen[anchor] - 1}";
            }
        }
    }

    /// <summary>The text from a heading to the next one of its level or above.</summary>
    /// <param name="title">The heading's text.</param>
    /// <exception cref="InvalidOperationException">There is no such heading.</exception>
    public string Section(string title)
    {
        var lines = Text.Split('\n');
        var first = Array.FindIndex(lines, line => line.StartsWith('#') && line.TrimStart('#') == " " + title);
        if (first < 0) throw new InvalidOperationException($"{Name} has no heading '{title}'.");
        var level = lines[first].IndexOf(' ');
        var isCode = false;
        var section = lines.Skip(first + 1).TakeWhile(line =>
        {
            isCode ^= line.StartsWith("```", StringComparison.Ordinal);
            return isCode || !line.StartsWith('#') || line.IndexOf(' ') > level;
        });
        return string.Join('\n', section);
    }

    IReadOnlyList<CodeBlock> FindBlocks()
    {
        var blocks = new List<CodeBlock>();
        foreach (Match match in Fence().Matches(Text))
        {
            var line = Text.AsSpan(0, match.Index).Count('\n') + 1;
            var before = Text[..match.Index].TrimEnd();
            var start = before.EndsWith("-->", StringComparison.Ordinal)
                ? before.LastIndexOf("<!--", StringComparison.Ordinal)
                : -1;
            var comment = start < 0 ? "" : before[(start + 4)..^3].Trim();
            blocks.Add(new($"{Name}:{line}", match.Groups[1].Value, match.Groups[2].Value, comment));
        }
        return blocks;
    }

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\([^)]*\)")]
    private static partial Regex LinkTarget();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();
}

/// <summary>A block of code in a page.</summary>
/// <param name="Place">Page and line.</param>
/// <param name="Language">What stands after the backticks: csharp, bash, or nothing.</param>
/// <param name="Code">Its lines.</param>
/// <param name="Comment">The invisible comment right before it; empty where there is none.</param>
public sealed record CodeBlock(string Place, string Language, string Code, string Comment);
