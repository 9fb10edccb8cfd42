using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using LdNetGpu.Kernels.Generator.Checked;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Output;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Model;

/// <summary>A method marked [Kernel], as the compiler gives it.</summary>
sealed record KernelCandidate(IMethodSymbol Method, MethodDeclarationSyntax Syntax, Compilation Compilation);

/// <summary>From a marked method to all that the output needs.</summary>
static class KernelReader
{
    public static bool IsMethod(SyntaxNode node, CancellationToken cancellation) => node is MethodDeclarationSyntax;

    public static KernelCandidate Candidate(GeneratorAttributeSyntaxContext context, CancellationToken cancellation) =>
        new((IMethodSymbol)context.TargetSymbol, (MethodDeclarationSyntax)context.TargetNode,
            context.SemanticModel.Compilation);

    public static KernelModel Read(KernelCandidate kernel, ProjectOptions project, CancellationToken cancellation)
    {
        var method = kernel.Method;
        var diagnostics = new List<DiagnosticInfo>();
        var members = new StringBuilder();
        var names = new List<string>();
        try
        {
            KernelRules.Check(kernel);
            Tunables.Check(kernel);
            var parameters = LaunchParameters.Of(kernel.Compilation, method);
            var instances = KernelInstances.Of(kernel)
                .Select(instance => new InstanceWriter(kernel, instance, project, cancellation)).ToList();
            foreach (var instance in instances)
                diagnostics.AddRange(instance.Diagnostics.Where(diagnostic => !diagnostics.Contains(diagnostic)));
            var body = CheckedBody.Of(kernel, project, diagnostics, cancellation);
            if (diagnostics.Count == 0)
            {
                foreach (var instance in instances) members.Append(instance.Text(body));
                if (method.Arity > 0) members.Append(instances[0].OnManaged(body));
                members.Append(LaunchMethod.Of(kernel, instances)).Append(TunedMethod.Of(kernel)).Append(body.Text);
                names.AddRange(instances.Select(instance => instance.PropertyName));
                diagnostics.AddRange(IlgpuCompatibility.In(kernel, cancellation));
            }
        }
        catch (UnsupportedException unsupported)
        {
            diagnostics.Add(unsupported.Diagnostic);
        }
        return new()
        {
            HintName = $"{method.ContainingType.ToDisplayString()}.{method.Name}.g.cs",
            Class = ClassOf(method.ContainingType),
            Members = members.ToString(),
            Instances = new(names),
            Diagnostics = new(diagnostics),
        };
    }

    public static ClassModel ClassOf(INamedTypeSymbol type)
    {
        var chain = new List<string>();
        for (var outer = type; outer is not null; outer = outer.ContainingType)
            chain.Insert(0,
                (outer.IsStatic ? "static partial class " : outer.TypeKind == TypeKind.Struct
                    ? "partial struct " : "partial class ") + outer.Name);
        return new(type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            new(chain), type.ToDisplayString(Symbols.FullyQualified));
    }
}

/// <summary>The form that every kernel has.</summary>
static class KernelRules
{
    public static void Check(KernelCandidate kernel)
    {
        var (method, syntax) = (kernel.Method, kernel.Syntax);
        if (!method.IsStatic) throw Wrong(kernel, "is not static", "Make it static");
        if (!method.ReturnsVoid) throw Wrong(kernel, "returns a value", "Write the result to a view");
        if (method.IsAsync || syntax.Body is null && syntax.ExpressionBody is null)
            throw Wrong(kernel, "has no plain body", "Give it one");
        if (IsWord(method.Name)) throw Wrong(kernel, "has a name that is a word of C#", "Rename it");
        if (IsNameTaken(method))
            throw Wrong(kernel, "has the name of another member of its class, or of one that is made for a kernel",
                "Rename it");
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsRecord || type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
                throw Wrong(kernel, $"is in '{type.Name}', which is no plain class or struct",
                    "Move it to a static class");
            if (IsWord(type.Name))
                throw Wrong(kernel, $"is in '{type.Name}', whose name is a word of C#", "Rename the class");
            if (!kernel.Compilation.IsSymbolAccessibleWithin(type, kernel.Compilation.Assembly))
                throw Wrong(kernel, $"is in '{type.Name}', which its project does not see", "Make the class internal");
            if (type.IsFileLocal)
                throw Wrong(kernel, $"is in '{type.Name}', which one file alone sees", "Make the class internal");
            if (type.IsGenericType)
                throw Wrong(kernel, $"is in the generic class '{type.Name}'", "Move the type parameters to the method");
            if (!type.DeclaringSyntaxReferences.All(reference =>
                reference.GetSyntax() is TypeDeclarationSyntax declaration
                    && declaration.Modifiers.Any(SyntaxKind.PartialKeyword)))
                throw Wrong(kernel, $"is in the class '{type.Name}' that is not partial",
                    $"Write 'partial class {type.Name}'");
        }
    }

    static bool IsWord(string name) => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None;

    // Generated members and files are named after the kernel, files whatever its capitals. The kernel itself is found
    // by its name and how many type parameters it has.
    static bool IsNameTaken(IMethodSymbol method) => method.Name.Equals("Instances", StringComparison.OrdinalIgnoreCase)
        || method.ContainingType.GetMembers()
            .Any(other => !SymbolEqualityComparer.Default.Equals(other, method) && Clash(method, other));

    static bool Clash(IMethodSymbol kernel, ISymbol other)
    {
        var isKernel = other.GetAttributes()
            .Any(attribute => attribute.AttributeClass?.IsDialect("KernelAttribute") == true);
        return other.Name.Equals(kernel.Name, StringComparison.OrdinalIgnoreCase) && isKernel
            || other.Name == kernel.Name && other is IMethodSymbol overload && overload.Arity == kernel.Arity
            || isKernel && Made(other).Contains(kernel.Name)
            || other.Name == kernel.Name + "Checked" || other.Name == kernel.Name + "Managed"
            || other is not IMethodSymbol && Made(kernel).Contains(other.Name);
    }

    static string[] Made(ISymbol kernel) =>
    [
        "Launch" + kernel.Name, kernel.Name + "Instance", kernel.Name + "Checked", kernel.Name + "Managed",
        .. kernel is IMethodSymbol method && Tunables.Parameters(method).Count > 0 ? ["Tuned" + kernel.Name]
            : Array.Empty<string>(),
    ];

    static UnsupportedException Wrong(KernelCandidate kernel, string problem, string remedy) =>
        new(DiagnosticInfo.At(Unsupported.KernelShape, kernel.Syntax.Identifier.GetLocation(), kernel.Method.Name,
            problem, remedy));
}

/// <summary>The sets of type arguments that a kernel is translated for.</summary>
static class KernelInstances
{
    public static IEnumerable<IMethodSymbol> Of(KernelCandidate kernel)
    {
        var (method, compilation) = (kernel.Method, kernel.Compilation);
        if (method.Arity == 0) return [method];
        var named = method.GetAttributes()
            .Where(attribute => attribute.AttributeClass?.IsDialect("InstanceAttribute") == true)
            .Select(attribute => attribute.ConstructorArguments[0].Values.Select(value => value.Value as ITypeSymbol)
                .ToList()).ToList();
        if (named.Count == 0)
        {
            if (method.Arity != 1) throw Wrong(kernel, $"it has {method.Arity} type parameters and no [Instance]");
            return new[] { SpecialType.System_Single, SpecialType.System_Double }.Select(
                type => method.Construct(compilation.GetSpecialType(type)));
        }
        foreach (var arguments in named)
            if (arguments.Count != method.Arity || arguments.Any(argument => argument is null or IErrorTypeSymbol))
                throw Wrong(kernel,
                    $"an [Instance] names {arguments.Count} type arguments for {method.Arity} type parameters");
        return named.Select(arguments => method.Construct([.. arguments.Select(argument => argument!)]));
    }

    static UnsupportedException Wrong(KernelCandidate kernel, string problem) =>
        new(DiagnosticInfo.At(Unsupported.Instances, kernel.Syntax.Identifier.GetLocation(), kernel.Method.Name,
            problem));
}
