using System.Text;
using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Model;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Checked;

/// <summary>
/// The C# that the managed device runs for a kernel: its own and that of the members it reaches, each access to memory
/// through the lane, each barrier and collective a place where the lane waits. They stand in a nested class, so that
/// they see what the kernel sees; #line leads a debugger to the source.
/// </summary>
sealed class CheckedBody(KernelCandidate kernel, CheckedFunctions functions, string text)
{
    const string Managed = "global::LdNetGpu.Devices.Managed.";

    /// <summary>The nested class; empty where diagnostics stand against it.</summary>
    public string Text { get; } = text;

    public static CheckedBody Of(KernelCandidate kernel, ProjectOptions project, List<DiagnosticInfo> diagnostics,
        CancellationToken cancellation)
    {
        var functions = CheckedFunctions.Of(kernel, cancellation);
        var sites = new SourceSites(project);
        var bodies = new StringBuilder();
        var overExtent = kernel.Method.Parameters.Length > 0 && kernel.Method.Parameters[0].Type.IsIndex();
        diagnostics.AddRange(CheckableMembers.Problems(functions)
            .Where(diagnostic => !diagnostics.Contains(diagnostic)));
        foreach (var function in functions.All)
        {
            var rewriter = new CheckedRewriter(kernel.Compilation.GetSemanticModel(function.Body.SyntaxTree), functions,
                function, sites, overExtent);
            bodies.Append(rewriter.Text());
            diagnostics.AddRange(rewriter.Diagnostics.Where(diagnostic => !diagnostics.Contains(diagnostic)));
        }
        var name = kernel.Method.Name + "Checked";
        return new(kernel, functions,
            $"    static class {name}\n    {{\n        internal static readonly {Managed}SourceSite[] Sites =\n        "
            + "[\n" +
            $"{sites}        ];\n\n{bodies}    }}\n");
    }

    /// <summary>The properties of an instance that lead here.</summary>
    public string InstanceMembers(IMethodSymbol instance)
    {
        var arguments = new CheckedArguments(kernel.Compilation);
        var values = instance.Parameters.Select(arguments.Value).ToList();
        var generic = instance.Arity > 0
            ? $"<{string.Join(", ",
                instance.TypeArguments.Select(type => type.ToDisplayString(Symbols.FullyQualified)))}>" : "";
        var call =
            $"{kernel.Method.Name}Checked.{functions.Root.Name}{generic}("
            + $"{string.Join(", ", new[] { "lane" }.Concat(values))})";
        var guard = instance.Parameters.Length > 0 && instance.Parameters[0].Type.IsIndex()
            ? $"if (lane.IsOutside(arguments, {instance.Parameters[0].Type.Axes().Length})) return null; "
            : "";
        var run = functions.Root.IsCollective ? $"return {call};" : $"{call}; return null;";
        return $"        Sites = {kernel.Method.Name}Checked.Sites,\n"
            + $"        Managed = static (lane, arguments) => {{ {guard}{arguments.Preparation}{run} }},\n";
    }
}
