using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator;

/// <summary>
/// What reaches memory where the rewriter cannot follow, refused so that no access goes unchecked: operators, conversions and constructors, and
/// members called through a type parameter.
/// </summary>
static class CheckableMembers
{
    public static IEnumerable<DiagnosticInfo> Problems(CheckedFunctions functions, CancellationToken cancellation)
    {
        foreach (var function in functions.All)
            foreach (var operation in functions.Operations(function, cancellation))
            {
                if (CheckedFunctions.Called(operation) is not { } method) continue;
                if (functions.Find(method) is { ReachesMemory: true } && Form(method) is { } form)
                    yield return Problem(operation, method, form, "Write a method or a getter");
                else if (functions.Implementations(operation, method).Any(found => functions.Find(found) is { ReachesMemory: true }))
                    yield return Problem(operation, method, "called through a type parameter", "Pass what it reads as values, or call the struct's own method");
            }
    }

    static string? Form(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.Constructor => "a constructor",
        MethodKind.UserDefinedOperator => "an operator",
        MethodKind.Conversion => "a conversion",
        _ => null,
    };

    static DiagnosticInfo Problem(IOperation operation, IMethodSymbol method, string form, string remedy) =>
        DiagnosticInfo.At(Unsupported.Unchecked, operation.Syntax.GetLocation(),
            method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat), form, remedy);
}
