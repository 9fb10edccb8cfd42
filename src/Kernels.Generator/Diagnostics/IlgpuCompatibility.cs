using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Checked;
using LdNetGpu.Kernels.Generator.Model;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Diagnostics;

/// <summary>
/// Finds what this generator translates and ILGPU's compiler does not take, or takes for something else, in a kernel
/// and all that it calls.
/// </summary>
sealed class IlgpuCompatibility(Compilation compilation, CancellationToken cancellation)
{
    // ValueTuple's own limit, beyond which it nests.
    const int LongestTuple = 7;

    readonly HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default);
    readonly List<DiagnosticInfo> found = [];

    public static IReadOnlyList<DiagnosticInfo> In(KernelCandidate kernel, CancellationToken cancellation)
    {
        var search = new IlgpuCompatibility(kernel.Compilation, cancellation);
        foreach (var parameter in kernel.Method.Parameters)
            if (search.BoolIn(parameter.Type) is { } place)
                search.Report(parameter.Locations[0], $"bool {parameter.Name}{place}",
                    "a bool has another size there, and what follows it another place",
                    "Take an int, or a record struct of one with a conversion to bool");
        search.Visit(kernel.Method);
        foreach (var instance in KernelInstances.Of(kernel)) search.VisitArguments(instance);
        return search.found;
    }

    /// <summary>
    /// Where in what a kernel is given a bool lies: <c>.Field</c>, <c>[]</c> of a view's elements, nothing for itself;
    /// null where none does.
    /// </summary>
    string? BoolIn(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_Boolean } => "",
        INamedTypeSymbol { IsValueType: true, SpecialType: SpecialType.None, TypeKind: TypeKind.Struct } structure =>
            BoolInStruct(structure),
        _ => null,
    };

    string? BoolInStruct(INamedTypeSymbol structure)
    {
        if (structure.ContainingNamespace.ToString().StartsWith("ILGPU", StringComparison.Ordinal))
            return structure.TypeArguments.FirstOrDefault() is { } element && BoolIn(element) is { } inner
                ? "[]" + inner : null;
        foreach (var field in StructLayout.Fields(compilation, structure))
            if (BoolIn(field.Type) is { } place) return $".{field.Name}{place}";
        return null;
    }

    void Visit(IMethodSymbol method)
    {
        if (!seen.Add(method.OriginalDefinition)) return;
        foreach (var reference in method.DeclaringSyntaxReferences)
        {
            var syntax = reference.GetSyntax(cancellation);
            var isBody = syntax is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax
                or ArrowExpressionClauseSyntax or LocalFunctionStatementSyntax;
            if (!isBody) continue;
            if (compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellation) is not { } body)
                continue;
            foreach (var operation in body.DescendantsAndSelf()) Inspect(operation);
        }
    }

    // The type arguments of a member and of its classes.
    void VisitArguments(ISymbol member)
    {
        if (member is IMethodSymbol method) VisitArguments(method.TypeArguments);
        for (var type = member.ContainingType; type is not null; type = type.ContainingType)
            VisitArguments(type.TypeArguments);
    }

    void VisitArguments(IEnumerable<ITypeSymbol> arguments)
    {
        foreach (var type in arguments.OfType<INamedTypeSymbol>().Where(seen.Add))
        {
            if (type.DeclaringSyntaxReferences.Length > 0) VisitImplementations(type);
            VisitArguments(type.TypeArguments);
        }
    }

    // What a type argument's interfaces are called by.
    void VisitImplementations(INamedTypeSymbol type)
    {
        foreach (var member in type.AllInterfaces.SelectMany(contract => contract.GetMembers().OfType<IMethodSymbol>()))
            if (type.FindImplementationForInterfaceMember(
                member) is IMethodSymbol { DeclaringSyntaxReferences.Length: > 0 } implementation)
                Visit(implementation);
    }

    void Inspect(IOperation operation)
    {
        if (operation.Called() is { } called)
        {
            Visit(called);
            VisitArguments(called);
        }
        switch (operation)
        {
            case ITupleOperation { Elements.Length: > LongestTuple } tuple when !IsTakenApart(tuple):
                Report(tuple.Syntax.GetLocation(), tuple.Syntax.ToString(),
                    $"a tuple of more than {LongestTuple} is nested in a class of .NET's that it cannot see through",
                    "Use a record struct");
                break;
            case IInvocationOperation { Type: { } to } call when IsOfNumbers(call.TargetMethod):
                var from = call.Arguments[0].Value.Type ?? to;
                if (from.IsNarrow() || to.IsNarrow())
                    Report(call.Syntax.GetLocation(), call.Syntax.ToString(),
                        "it has no such function of integers narrower than int", "Cast to int, and back");
                else if (call.TargetMethod.Name == "CreateSaturating" && from.IsInteger() && to.IsInteger()
                    && !to.Holds(from))
                    Report(call.Syntax.GetLocation(), call.Syntax.ToString(), "it takes the lower bits",
                        "Clamp the number to the other type's bounds, and cast it");
                break;
            case ITypeOfOperation:
                Report(operation.Syntax.GetLocation(), operation.Syntax.ToString(), "it has no types when it compiles",
                    "Give the two types methods of their own, or a static abstract member");
                break;
            case IConversionOperation { OperatorMethod: null } conversion when IsFloating(conversion.Type)
                && IsChoiceOfBits(conversion.Operand):
                Report(operation.Syntax.GetLocation(), operation.Syntax.ToString(),
                    "it takes the condition's bit for the number's",
                    "Write the choice of two floating numbers: 1.0 and 0.0");
                break;
        }
    }

    static bool IsOfNumbers(IMethodSymbol method) =>
        method.Name is "CreateTruncating" or "CreateChecked" or "CreateSaturating" or "Clamp"
        && (method.ContainingType.IsPrimitive() || method.ContainingType.ToDisplayString() == "System.Math");

    // (a, b) = (b, a) makes no tuple.
    static bool IsTakenApart(IOperation tuple)
    {
        while (tuple.Parent is ITupleOperation or IConversionOperation or IDeclarationExpressionOperation)
            tuple = tuple.Parent;
        return tuple.Parent is IDeconstructionAssignmentOperation;
    }

    void Report(Location where, string construct, string reason, string remedy) =>
        found.Add(DiagnosticInfo.At(Unsupported.IlgpuCompatibility, where, construct, reason, remedy));

    static bool IsFloating(ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double;

    // condition ? 1 : 0 becomes the condition itself before it becomes a number.
    static bool IsChoiceOfBits(IOperation operand)
    {
        while (operand is IParenthesizedOperation inner) operand = inner.Operand;
        return operand is IConditionalOperation { WhenTrue.ConstantValue.Value: 0 or 1,
            WhenFalse.ConstantValue.Value: 0 or 1 };
    }
}
