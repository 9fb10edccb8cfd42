using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LdNetGpu.Tests;

/// <summary>Random kernels, compiled in this process with the project's generator.</summary>
sealed class CaseAssembly
{
    static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Select(path => MetadataReference.CreateFromFile(path))];

    static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview);

    // Devices are compared in tests of their own, some by the same kernels.
    static readonly ConcurrentDictionary<string, Lazy<CaseAssembly>> Compiled = [];

    static int assemblies;

    readonly Type plain;

    CaseAssembly(Assembly assembly)
    {
        plain = assembly.GetType("Cases")!;
        var catalog = assembly.GetTypes().Single(type => type.Name == "KernelCatalog").GetProperty("All")!;
        Kernels = [.. ((IReadOnlyList<KernelInstance>)catalog.GetValue(null)!).OrderBy(kernel => kernel.Line)];
    }

    /// <summary>Run0, Run1, ...</summary>
    public IReadOnlyList<KernelInstance> Kernels { get; }

    /// <summary>Of a source that was compiled before, that one.</summary>
    /// <exception cref="CaseException">The source is not C#, or not the dialect.</exception>
    public static CaseAssembly Compile(string source) =>
        Compiled.GetOrAdd(source, text => new(() => CompileAnew(text))).Value;

    static CaseAssembly CompileAnew(string source)
    {
        var compilation = CSharpCompilation.Create($"Cases{Interlocked.Increment(ref assemblies)}",
            [CSharpSyntaxTree.ParseText(source, Parsing, "Cases.cs")],
            References,
            new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
        CSharpGeneratorDriver.Create([new KernelGenerator().AsSourceGenerator()], parseOptions: Parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out var diagnostics);
        Refuse(diagnostics);
        using var image = new MemoryStream();
        Refuse(generated.Emit(image).Diagnostics);
        image.Position = 0;
        return new(AssemblyLoadContext.Default.LoadFromStream(image));
    }

    static void Refuse(IEnumerable<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        if (errors.Count > 0) throw new CaseException(string.Join(Environment.NewLine, errors.Take(5)));
    }

    /// <summary>Calls a static method beside the kernels.</summary>
    public void Call(string method, params object[] arguments) => plain.GetMethod(method)!.Invoke(null, arguments);

    /// <summary>Runs a body as plain C#, the lanes of a group from barrier to barrier.</summary>
    public void RunPlain(int index, int firstResult, LaneInputs inputs, CaseResults results)
    {
        var method = plain.GetMethod($"Plain{index}")!;
        for (var group = 0; group < LaneInputs.Groups; group++)
        {
            var shared = new int[64];
            var lanes = Enumerable.Range(0, LaneInputs.GroupSize).Select(local => ((IEnumerable<int>)method.Invoke(null,
            [
                group * LaneInputs.GroupSize + local, local, LaneInputs.GroupSize, LaneInputs.Lanes,
                firstResult * LaneInputs.Lanes, shared,
                inputs.Ints, inputs.UInts, inputs.Longs, inputs.ULongs, inputs.Floats, inputs.Doubles,
                results.Integers, results.Reals, results.Magnitudes,
            ])!).GetEnumerator()).ToList();
            while (lanes.Count(lane => lane.MoveNext()) > 0) { }
        }
    }
}

/// <summary>A random kernel that does not compile or does not run.</summary>
sealed class CaseException(string message) : Exception(message);
