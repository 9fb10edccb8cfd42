using System.Diagnostics.CodeAnalysis;
using LdNetGpu.Kernels.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace LdNetGpu.Mutation;

/// <summary>
/// Builds Kernels, its generator run over it, and Autograd, in this process, with all faults in them. Faults that do
/// not compile, or that the dialect has no words for, are taken out and counted.
/// </summary>
/// <param name="root">The repository's.</param>
/// <param name="output">Where the assemblies go.</param>
/// <param name="parts">What gets faults.</param>
sealed class MutatedBuild(string root, string output, IReadOnlyList<Part> parts)
{
    static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview);

    readonly List<Mutant> mutants = [];
    // By all but the number, which depends on which others there are.
    readonly HashSet<Mutant> refused = [];

    /// <summary>The faults that are in the build.</summary>
    public IReadOnlyList<Mutant> Mutants => mutants;

    /// <summary>Faults that are no C#.</summary>
    public int Refused { get; private set; }

    /// <summary>Takes what an earlier run made of the same sources.</summary>
    public void Take(IReadOnlyList<Mutant> made, int taken)
    {
        mutants.AddRange(made);
        Refused = taken;
    }

    public void Run()
    {
        Directory.CreateDirectory(output);
        var runtime = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("LdNetGpu", StringComparison.Ordinal)
                && !Path.GetFileName(path).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));
        var beside = Directory.GetFiles(TestAssemblies.Folder(root, "Kernels.Tests"), "*.dll")
            .Where(path => Path.GetFileName(path) is "ILGPU.dll" or "ILGPU.Algorithms.dll"
                or "System.Numerics.Tensors.dll" or "LdNetGpu.Devices.dll");
        MetadataReference[] references = [.. runtime.Concat(beside).DistinctBy(Path.GetFileName)
            .Select(path => MetadataReference.CreateFromFile(path))];
        var kernels = Build("Kernels", references, withGenerator: true);
        Build("Autograd", [.. references, MetadataReference.CreateFromFile(kernels)], withGenerator: false);
        Refused = refused.Count;
    }

    string Build(string project, MetadataReference[] references, bool withGenerator)
    {
        var plain = Sources(project, references);
        var closure = withGenerator ? KernelClosure.Of(plain) : [];
        var first = mutants.Count;
        for (var attempt = 0; ; attempt++)
        {
            mutants.RemoveRange(first, mutants.Count - first);
            var planted = Plant(project, plain, symbol =>
                PartOf(project, symbol, closure) is { } part && parts.Contains(part) ? part : null);
            var errors = Emit(project, planted, withGenerator);
            if (errors.Count == 0) return Path.Combine(output, $"LdNetGpu.{project}.dll");
            if (attempt == 30) throw new InvalidOperationException($"{project} does not compile: {errors[0]}");
            Refuse(project, errors, planted);
        }
    }

    CSharpCompilation Sources(string project, MetadataReference[] references)
    {
        var folder = Path.Combine(root, "src", project);
        var generated = Path.Combine(folder, "obj", "Release", "net10.0");
        var files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.StartsWith(Path.Combine(folder, "obj"), StringComparison.Ordinal)
                && !path.StartsWith(Path.Combine(folder, "bin"), StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Append(Path.Combine(generated, $"{project}.AssemblyInfo.cs"))
            .Append(Path.Combine(generated, $"{project}.GlobalUsings.g.cs"));
        return CSharpCompilation.Create($"LdNetGpu.{project}",
            files.Select(path => CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(path),
                System.Text.Encoding.UTF8), Parsing, path)), references,
            new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    static Part? PartOf(string project, ISymbol symbol, HashSet<ISymbol> closure)
    {
        if (symbol.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath is not { } path) return null;
        var name = Path.GetFileNameWithoutExtension(path);
        if (project == "Autograd")
            return path.Contains("/Operations/", StringComparison.Ordinal) && symbol.Name != "Forward"
                && !symbol.ContainingType.Name.EndsWith("Operations", StringComparison.Ordinal) ? Part.Backward : null;
        if (closure.Contains(symbol.OriginalDefinition)) return Part.Kernels;
        return name.StartsWith("Cpu", StringComparison.Ordinal)
            || name is "VectorLoop" or "SpanSums" or "ForwardBackward" or "LinearForwardBackward"
                or "LogForwardBackward" or "GoldPath" or "TransitionExpectations" or "SoftmaxRow" or "UpdateLoop"
                or "RowCells" or "LstmUnit" or "GruUnit" or "TanhUnit" ? Part.Cpu : null;
    }

    CSharpCompilation Plant(string project, CSharpCompilation plain, Func<ISymbol, Part?> partOf)
    {
        var source = Path.Combine(root, "src") + "/";
        var numbers = new Dictionary<(string, string, FaultKind, int, string, string), int>();
        var planted = plain;
        foreach (var tree in plain.SyntaxTrees)
        {
            if (tree.FilePath.Contains("/obj/", StringComparison.Ordinal)) continue;
            var changed = new Planter(plain.GetSemanticModel(tree), tree.FilePath.Replace(source, ""), partOf, Take)
                .Visit(tree.GetRoot());
            if (changed != tree.GetRoot())
                planted = planted.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(changed.ToFullString(), Parsing,
                    tree.FilePath, System.Text.Encoding.UTF8));
        }
        return planted;

        int? Take(Part part, FaultKind kind, string file, int line, string member, string from, string to)
        {
            // The same text twice in one line are two faults.
            var key = (file, member, kind, line, from, to);
            var number = numbers[key] = numbers.GetValueOrDefault(key) + 1;
            var mutant = new Mutant(mutants.Count + 1, part, kind, file, line, member, from, to) { Number = number };
            if (refused.Contains(mutant with { Id = 0 })) return null;
            mutants.Add(mutant);
            return mutant.Id;
        }
    }

    List<Diagnostic> Emit(string project, CSharpCompilation planted, bool withGenerator)
    {
        var compilation = planted;
        if (withGenerator)
        {
            var stand = CSharpSyntaxTree.ParseText(SourceText.From(Switch.ForGenerator, System.Text.Encoding.UTF8),
                Parsing, "PlantedFaults.cs");
            CSharpGeneratorDriver.Create([new KernelGenerator().AsSourceGenerator()], parseOptions: Parsing,
                optionsProvider: new ProjectOptions(Path.Combine(root, "src", project) + "/", $"LdNetGpu.{project}"))
                .RunGeneratorsAndUpdateCompilation(planted.AddSyntaxTrees(stand), out var generated,
                    out var diagnostics);
            var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            if (errors.Count > 0) return errors;
            compilation = (CSharpCompilation)generated.ReplaceSyntaxTree(stand, CSharpSyntaxTree.ParseText(
                SourceText.From(Switch.ForEmit, System.Text.Encoding.UTF8), Parsing, "PlantedFaults.cs"));
        }
        using var assembly = File.Create(Path.Combine(output, $"LdNetGpu.{project}.dll"));
        using var symbols = File.Create(Path.Combine(output, $"LdNetGpu.{project}.pdb"));
        var result = compilation.Emit(assembly, symbols);
        return [.. result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
    }

    // The faults of the smallest planted expression or statement around an error.
    void Refuse(string project, List<Diagnostic> errors, CSharpCompilation planted)
    {
        var count = refused.Count;
        foreach (var error in errors)
        {
            var place = error.Location.GetMappedLineSpan();
            var tree = planted.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == place.Path
                || tree == error.Location.SourceTree);
            if (tree is null) continue;
            var text = tree.GetText();
            // Of generated code the line alone is known.
            var known = error.Location.SourceTree == tree || error.Location.Kind == LocationKind.ExternalFile;
            var line = text.Lines[Math.Min(place.StartLinePosition.Line, text.Lines.Count - 1)];
            var span = known ? error.Location.SourceSpan : line.Span;
            var node = tree.GetRoot().FindNode(span, getInnermostNodeForTie: true);
            var ids = known ? [] : NearestTo(line.LineNumber, tree);
            // The smallest place around the error that has a fault.
            for (; node is not null && ids.Length == 0; node = node.Parent)
                ids = PlantedIn(node.DescendantNodesAndSelf());
            foreach (var id in ids)
                if (mutants.Find(mutant => mutant.Id == id) is { } mutant) refused.Add(mutant with { Id = 0 });
        }
        if (refused.Count == count)
            throw new InvalidOperationException($"{project} does not compile, and no fault is at {errors[0]}");
        Console.Error.WriteLine($"{project}: {string.Join("\n", errors.Take(5))}\n{errors.Count} errors: "
            + $"{refused.Count - count} faults taken out.");
    }

    static int[] NearestTo(int line, SyntaxTree tree)
    {
        var text = tree.GetText();
        for (var distance = 0; distance < text.Lines.Count; distance++)
        {
            var ids = PlantedIn(tree.GetRoot().DescendantNodes().Where(node => Math.Abs(
                text.Lines.GetLinePosition(node.SpanStart).Line - line) == distance));
            if (ids.Length > 0) return ids;
        }
        return [];
    }

    static int[] PlantedIn(IEnumerable<SyntaxNode> nodes) =>
        [.. nodes.OfType<Microsoft.CodeAnalysis.CSharp.Syntax.InvocationExpressionSyntax>()
            .Where(call => call.Expression.ToString() == Switch.Call)
            .Select(call => int.Parse(call.ArgumentList.Arguments[0].ToString(), null))];

    sealed class ProjectOptions(string folder, string name) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(folder, name);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        sealed class Values(string folder, string name) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
            {
                value = key switch
                {
                    "build_property.projectdir" => folder,
                    "build_property.rootnamespace" => name,
                    _ => null,
                };
                return value is not null;
            }
        }
    }
}
