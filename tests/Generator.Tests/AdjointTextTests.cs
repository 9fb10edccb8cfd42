namespace LdNetGpu.Tests;

/// <summary>The adjoint that the guide "Write a fused kernel" shows is the one that is made.</summary>
public class AdjointTextTests
{
    [Fact]
    public void TheGuideShowsWhatTheGeneratorWrites()
    {
        var program = File.ReadAllText(RepositoryRoot.Combine("tests", "Tutorial", "Program.cs"));
        var kernels = program[program.IndexOf("static partial class", StringComparison.Ordinal)..];
        var run = GeneratorRun.Driver().RunGenerators(GeneratorRun.Compile(GeneratorRun.Usings + kernels));
        var source = run.GetRunResult().GeneratedTrees
            .Single(tree => tree.FilePath.EndsWith(".Adjoint.g.cs", StringComparison.Ordinal)).ToString();
        var begin = source.IndexOf("    [Kernel]", StringComparison.Ordinal);
        var end = source.IndexOf("\n    }\n", begin, StringComparison.Ordinal) + "\n    }\n".Length;
        var lines = source[begin..end].TrimEnd().Split('\n').Select(line => line.Length > 0 ? line[4..] : line);
        Assert.Contains($"```text\n{string.Join('\n', lines)}\n```",
            MarkdownPage.Read("docs/guides/fused-kernel.md").Text, StringComparison.Ordinal);
    }
}
