using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Model;
using LdNetGpu.Kernels.Generator.Output;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>A kernel and, where it is differentiable, its adjoint, which is a kernel like any other.</summary>
static class DifferentiableReader
{
    public static IEnumerable<KernelModel> Read(KernelCandidate kernel, ProjectOptions project,
        CancellationToken cancellation)
    {
        var model = KernelReader.Read(kernel, project, cancellation);
        if (model.Members.Length == 0 || !IsDifferentiable(kernel.Method)) return [model];
        var made = Adjoint(kernel, project, cancellation);
        var text = $"    const string {TextOf(kernel.Method)} =\n        "
            + $"{SymbolDisplay.FormatLiteral(made[0].Source, quote: true)};\n\n";
        return [model with { Members = text + model.Members }, .. made];
    }

    public static bool IsDifferentiable(IMethodSymbol method) => method.GetAttributes()
        .Any(attribute => attribute.AttributeClass?.IsDialect("DifferentiableAttribute") == true);

    /// <summary>The constant with the adjoint's text, in the kernel's class.</summary>
    public static string TextOf(IMethodSymbol method) => method.Name + "_Adjoint";

    static IReadOnlyList<KernelModel> Adjoint(KernelCandidate kernel, ProjectOptions project,
        CancellationToken cancellation)
    {
        var hint = $"{kernel.Method.ContainingType.ToDisplayString()}.{kernel.Method.Name}.Adjoint.g.cs";
        var owner = KernelReader.ClassOf(kernel.Method.ContainingType);
        var source = new KernelModel
        { HintName = hint, Class = owner, Members = "", Instances = new([]), Diagnostics = new([]) };
        try
        {
            var adjoint = new AdjointKernel(kernel);
            CheckNames(kernel, adjoint);
            var members = adjoint.Members();
            var hasTensors = kernel.Compilation.GetTypeByMetadataName("LdNetGpu.Autograd.Function`1") is not null;
            var text = SourceFile.Of(owner, hasTensors ? members + new FunctionClass(adjoint).Text() : members,
                Usings(kernel.Compilation));
            var tree = CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)kernel.Syntax.SyntaxTree.Options, hint,
                Encoding.UTF8, cancellation);
            var compilation = kernel.Compilation.AddSyntaxTrees(tree);
            var semantics = compilation.GetSemanticModel(tree);
            var made = tree.GetRoot(cancellation).DescendantNodes().OfType<MethodDeclarationSyntax>()
                .Where(method => method.AttributeLists.Count > 0)
                .Select(method => new KernelCandidate(semantics.GetDeclaredSymbol(method, cancellation)!, method,
                    compilation));
            return [source with { Source = text },
                .. made.Select(candidate => KernelReader.Read(candidate, project, cancellation))];
        }
        catch (UnsupportedException unsupported)
        {
            return [source with { Diagnostics = new([unsupported.Diagnostic]) }];
        }
    }

    static void CheckNames(KernelCandidate kernel, AdjointKernel adjoint)
    {
        var name = kernel.Method.Name;
        foreach (var made in new[] { adjoint.Name, adjoint.Forward, "Apply" + name, "Check" + name, name + "Function",
            TextOf(kernel.Method) })
            if (made != name && !kernel.Method.ContainingType.GetMembers(made).IsEmpty)
                throw new UnsupportedException(DiagnosticInfo.At(Unsupported.AdjointForm,
                    kernel.Syntax.Identifier.GetLocation(), $"The kernel '{name}'",
                    $"its class has a member '{made}', as the generated one is called", "Rename that member"));
    }

    static string Usings(Compilation compilation)
    {
        const string views = "LdNetGpu.Kernels.Views";
        var hasViews = compilation.GetTypeByMetadataName(views + ".Matrix`1") is not null;
        return "using System.Numerics;\nusing ILGPU;\nusing LdNetGpu.Dialect;\n"
            + (hasViews ? $"using {views};\n" : "");
    }
}
