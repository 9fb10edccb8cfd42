using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LdNetGpu.Tests;

/// <summary>
/// C# in the pages compiles against the libraries, as a program whose project has implicit usings and the generator.
/// </summary>
/// <remarks>
/// What a block lacks of a program stands in an invisible comment before it, <c>csharp</c> and code in which
/// <c>// the block</c> is the block's place. Blocks of diagnostics.md are <see cref="DocumentedDiagnosticTests"/>'.
/// </remarks>
public class DocumentedCodeTests
{
    const string Place = "// the block", Mark = "csharp";

    const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // READMEs of packages are shown where comments are not invisible.
    static readonly Dictionary<string, string> Around = new()
    {
        ["src/Train/README.md"] = """
            using LdNetGpu.Devices;
            using LdNetGpu.Kernels;
            using LdNetGpu.Train.Data;
            using LdNetGpu.Train.Models;
            using LdNetGpu.Train.Tagging;
            using LdNetGpu.Train.Training;

            var backend = new CpuBackend<float>(new CpuDevice());
            var (train, dev) = (LabelledFile.Load("train.conll"), LabelledFile.Load("dev.conll"));
            IEnumerable<Sentence> sentences = [];
            // the block
            """,
        ["src/GradientCheck.Xunit/README.md"] = """
            using System.Numerics;
            using LdNetGpu.Autograd;
            using LdNetGpu.Devices;
            using LdNetGpu.Kernels;
            using Xunit;

            public class ProductTests
            {
                // the block
            }
            """,
    };

    static readonly CodeBlock[] Blocks =
    [
        .. MarkdownPage.All.Where(page => page.Name != "docs/reference/diagnostics.md")
            .SelectMany(page => page.Blocks).Where(block => block.Language == "csharp"),
    ];

    public static TheoryData<string> Places => [.. Blocks.Select(block => block.Place)];

    [Theory, MemberData(nameof(Places))]
    public void BlockCompiles(string place) =>
        Assert.Empty(Errors(Program(Blocks.Single(block => block.Place == place))));

    [Fact]
    public void ThereAreBlocksInThePagesThatShowCode()
    {
        string[] pages =
        [
            "README.md", "docs/guides/fused-kernel.md", "docs/guides/ilgpu-kernels.md",
            "docs/guides/check-gradients.md", "docs/guides/train-and-prune.md", "docs/guides/tag-text.md",
            "docs/guides/onnx.md",
            .. Around.Keys,
        ];
        Assert.Empty(pages.Except(Blocks.Select(block => block.Place.Split(':')[0])));
    }

    [Theory]
    [InlineData("Console.WriteLine(new LdNetGpu.Devices.CpuDevice().NoSuchMember);")]
    [InlineData("var device = LdNetGpu.Devices.Gpu.GpuDevice.Open(\"managed\"); K.LaunchNothing(device);")]
    public void CodeThatDoesNotCompileIsSeen(string code) => Assert.NotEmpty(Errors(code));

    static string Program(CodeBlock block)
    {
        var around = Around.GetValueOrDefault(block.Place.Split(':')[0])
            ?? (block.Comment.StartsWith(Mark, StringComparison.Ordinal) ? block.Comment[Mark.Length..] : Place);
        Assert.Contains(Place, around, StringComparison.Ordinal);
        return around.Replace(Place, block.Code, StringComparison.Ordinal);
    }

    static string[] Errors(string program)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var usings = CSharpSyntaxTree.ParseText(ImplicitUsings, GeneratorRun.Options, cancellationToken: cancellation);
        var text = CSharpSyntaxTree.ParseText(program, GeneratorRun.Options, cancellationToken: cancellation);
        var compilation = CSharpCompilation.Create("Documentation", [usings, text], GeneratorRun.References,
            new CSharpCompilationOptions(KindOf(text), nullableContextOptions: NullableContextOptions.Enable));
        GeneratorRun.Driver().RunGeneratorsAndUpdateCompilation(
            compilation, out var whole, out var refused, cancellation);
        return
        [
            .. refused.Concat(whole.GetDiagnostics(cancellation))
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(diagnostic => diagnostic.ToString()),
        ];
    }

    /// <summary>A block of types alone is a library.</summary>
    static OutputKind KindOf(SyntaxTree text) =>
        text.GetCompilationUnitRoot().Members.Any(member => member.IsKind(SyntaxKind.GlobalStatement))
            ? OutputKind.ConsoleApplication
            : OutputKind.DynamicallyLinkedLibrary;
}
