using LdNetGpu.Kernels.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LdNetGpu.Tests;

/// <summary>Runs the generator over source text.</summary>
static class GeneratorRun
{
    public static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path))];

    public static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);

    public static CSharpCompilation Compile(string source) => CSharpCompilation.Create("Test",
        [CSharpSyntaxTree.ParseText(source, Options, "Test.cs")], References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    public static GeneratorDriver Driver() =>
        CSharpGeneratorDriver.Create([new KernelGenerator().AsSourceGenerator()], parseOptions: Options,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None,
                trackIncrementalGeneratorSteps: true));

    /// <summary>ILGPU's usings and the dialect's, on three lines.</summary>
    public const string Usings = "using System;\nusing System.Numerics;\nusing ILGPU; using ILGPU.Runtime; "
        + "using ILGPU.Runtime.Cuda; using ILGPU.Algorithms; using LdNetGpu.Dialect;\n";

    /// <summary>The usings, and a class around the members, which start on line 6.</summary>
    public static string Class(string members) => Usings
        + $"public interface IMap<T> {{ static abstract T Apply(T x); }}\n"
        + $"public static partial class Sample {{\n{members}\n}}";

    /// <summary>What the generator says against the members; the generated code itself must compile.</summary>
    public static string[] Diagnose(string members) => DiagnoseSource(Class(members));

    /// <summary>The same of a whole file.</summary>
    public static string[] DiagnoseSource(string source)
    {
        Driver().RunGeneratorsAndUpdateCompilation(Compile(source), out var compilation, out var diagnostics);
        Assert.DoesNotContain(diagnostics, diagnostic => diagnostic.Id == "CS8785");
        if (diagnostics.IsEmpty)
            Assert.Empty(
                compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return [.. diagnostics.Select(diagnostic => diagnostic.Id).Distinct()];
    }

    /// <summary>All that the generator says by one ID.</summary>
    public static string[] Messages(string id, string members)
    {
        Driver().RunGeneratorsAndUpdateCompilation(Compile(Class(members)), out _, out var diagnostics);
        return [
            .. diagnostics.Where(diagnostic => diagnostic.Id == id).Select(diagnostic => diagnostic.GetMessage(null))];
    }
}
