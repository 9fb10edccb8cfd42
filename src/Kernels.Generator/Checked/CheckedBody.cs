using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LdNetGpu.Kernels.Generator;

/// <summary>
/// The C# that the managed device runs for a kernel: its own and its functions', each access to memory through the lane, each barrier and collective
/// a place where the lane waits. They stand in a nested class, so that they see what the kernel sees; #line leads a debugger to the source.
/// </summary>
sealed class CheckedBody(KernelCandidate kernel, CheckedFunctions functions, string text)
{
    const string Managed = "global::LdNetGpu.Devices.Managed.";

    /// <summary>The nested class; empty where diagnostics stand against it.</summary>
    public string Text { get; } = text;

    public static CheckedBody Of(KernelCandidate kernel, ProjectOptions project, List<DiagnosticInfo> diagnostics, CancellationToken cancellation)
    {
        var functions = CheckedFunctions.Of(kernel, cancellation);
        var sites = new SourceSites(project);
        var bodies = new StringBuilder();
        var overExtent = kernel.Method.Parameters.Length > 0 && kernel.Method.Parameters[0].Type.IsIndex();
        foreach (var function in functions.All)
        {
            var rewriter = new CheckedRewriter(kernel.Compilation.GetSemanticModel(function.Syntax.SyntaxTree), functions, function, sites, overExtent);
            bodies.Append(rewriter.Text());
            diagnostics.AddRange(rewriter.Diagnostics.Where(diagnostic => !diagnostics.Contains(diagnostic)));
        }
        var name = kernel.Method.Name + "Checked";
        return new(kernel, functions,
            $"    static class {name}\n    {{\n        internal static readonly {Managed}SourceSite[] Sites =\n        [\n" +
            $"{sites}        ];\n\n{bodies}    }}\n");
    }

    /// <summary>The properties of an instance that lead here.</summary>
    public string InstanceMembers(IMethodSymbol instance, List<LaunchParameter> parameters)
    {
        var values = new List<string>();
        var next = 0;
        foreach (var parameter in instance.Parameters)
        {
            if (parameter.Ordinal == 0 && parameter.Type.IsIndex())
            {
                next += parameter.Type.Name[5] - '0';
                values.Add($"lane.Global{parameter.Type.Name}");
            }
            else values.Add(Value(parameter.Type, ref next));
        }
        var generic = instance.Arity > 0 ? $"<{string.Join(", ", instance.TypeArguments.Select(type => type.ToDisplayString(Symbols.FullyQualified)))}>" : "";
        var root = functions.All[0];
        var call = $"{kernel.Method.Name}Checked.{root.Name}{generic}({string.Join(", ", new[] { "lane" }.Concat(values))})";
        var guard = instance.Parameters.Length > 0 && instance.Parameters[0].Type.IsIndex()
            ? $"if (lane.IsOutside(arguments, {instance.Parameters[0].Type.Name[5]})) return null; "
            : "";
        var run = root.IsCollective ? $"return {call};" : $"{call}; return null;";
        return $"        Sites = {kernel.Method.Name}Checked.Sites,\n        Managed = static (lane, arguments) => {{ {guard}{run} }},\n";
    }

    string Value(ITypeSymbol type, ref int next)
    {
        var name = type.ToDisplayString(Symbols.FullyQualified);
        if (type.IsSpecialized()) return $"new {name}(arguments.Scalar<int>({next++}))";
        if (type.IsView()) return $"arguments.View<{type.Element().ToDisplayString(Symbols.FullyQualified)}>({next++})";
        if (type.SpecialType == SpecialType.System_Boolean) return $"arguments.Bool({next++})";
        if (!type.IsStruct()) return $"({name})arguments.Scalar<{type.Scalar(kernel.Compilation).ToDisplayString(Symbols.FullyQualified)}>({next++})";
        var values = new List<string>();
        foreach (var field in StructLayout.Fields(kernel.Compilation, (INamedTypeSymbol)type)) values.Add($"{Value(field.Type, ref next)}");
        return type.IsTupleType ? $"({string.Join(", ", values)})" : $"new {name}({string.Join(", ", values)})";
    }
}

/// <summary>A method that gets a checked body.</summary>
sealed record CheckedFunction(IMethodSymbol Method, MethodDeclarationSyntax Syntax, string Name)
{
    /// <summary>Whether lanes wait for each other in it, itself or in what it calls.</summary>
    public bool IsCollective { get; set; }
}

/// <summary>The kernel, first, and every static method with source that it reaches.</summary>
sealed class CheckedFunctions
{
    readonly Dictionary<ISymbol, CheckedFunction> byMethod = new(SymbolEqualityComparer.Default);

    public List<CheckedFunction> All { get; } = [];

    public CheckedFunction? Find(IMethodSymbol? method) =>
        method is not null && byMethod.TryGetValue((method.ReducedFrom ?? method).OriginalDefinition, out var function) ? function : null;

    public static CheckedFunctions Of(KernelCandidate kernel, CancellationToken cancellation)
    {
        var functions = new CheckedFunctions();
        functions.Add(kernel.Method, kernel.Syntax);
        var calls = new List<(CheckedFunction Caller, IMethodSymbol Callee)>();
        for (var i = 0; i < functions.All.Count; i++)
        {
            var caller = functions.All[i];
            var model = kernel.Compilation.GetSemanticModel(caller.Syntax.SyntaxTree);
            foreach (var call in caller.Syntax.DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (model.GetSymbolInfo(call, cancellation).Symbol is not IMethodSymbol symbol) continue;
                var method = (symbol.ReducedFrom ?? symbol).OriginalDefinition;
                if (Intrinsics.IsCollective(method)) caller.IsCollective = true;
                if (method is { IsStatic: true, IsAbstract: false, ContainingType.IsGenericType: false, MethodKind: MethodKind.Ordinary }
                    && method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is MethodDeclarationSyntax declaration)
                {
                    functions.Add(method, declaration);
                    calls.Add((caller, method));
                }
            }
        }
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (caller, callee) in calls)
                if (!caller.IsCollective && functions.byMethod[callee].IsCollective) caller.IsCollective = changed = true;
        }
        return functions;
    }

    void Add(IMethodSymbol method, MethodDeclarationSyntax syntax)
    {
        if (byMethod.ContainsKey(method.OriginalDefinition)) return;
        var function = new CheckedFunction(method.OriginalDefinition, syntax, $"{method.ContainingType.Name}_{method.Name}_{All.Count}");
        byMethod[method.OriginalDefinition] = function;
        All.Add(function);
    }
}

/// <summary>The places in the source that errors speak of, by number.</summary>
sealed class SourceSites(ProjectOptions project)
{
    readonly List<string> sites = [];

    public int Add(SyntaxNode node)
    {
        var line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        var code = Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(node.ToString().Split('\n')[0].Trim(), quote: true);
        sites.Add($"            new(\"{project.FileOf(node.SyntaxTree)}\", {line}, {code}),\n");
        return sites.Count - 1;
    }

    public override string ToString() => string.Concat(sites);
}
