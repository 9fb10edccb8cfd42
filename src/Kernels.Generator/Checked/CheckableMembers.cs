using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Checked;

/// <summary>
/// What reaches memory where the rewriter cannot follow, refused so that no access goes unchecked: operators,
/// conversions and constructors, and members called through a type parameter.
/// </summary>
static class CheckableMembers
{
    public static IEnumerable<DiagnosticInfo> Problems(CheckedFunctions functions)
    {
        foreach (var function in functions.All)
            foreach (var operation in functions.Operations(function))
            {
                if (operation.Called() is not { } method) continue;
                if (functions.Implementations(operation).Any(Reaches))
                    yield return Problem(operation, method, "called through a type parameter",
                        "Pass what it reads as values, or call the struct's own method");
                else if (Reaches(method) && Form(method) is { } form)
                    yield return Problem(operation, method, form, "Write a method or a getter");
            }

        bool Reaches(IMethodSymbol method) => functions.Known(method)?.ReachesMemory == true;
    }

    /// <summary>What a member is that the rewriter cannot follow; null for one that it can.</summary>
    public static string? Form(IMethodSymbol method) => method.MethodKind switch
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
