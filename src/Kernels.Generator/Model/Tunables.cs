using Microsoft.CodeAnalysis;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Model;

/// <summary>A kernel's parameters marked [Tunable], and the method that says which of their values fit together.
/// </summary>
static class Tunables
{
    /// <summary>Refuses marks that say nothing, or what cannot be.</summary>
    public static void Check(KernelCandidate kernel)
    {
        var method = kernel.Method;
        foreach (var parameter in method.Parameters)
            if (ValuesOf(parameter) is { } values)
            {
                if (!parameter.Type.IsSpecialized())
                    throw Wrong(parameter, $"is of type '{parameter.Type.ToDisplayString()}'",
                        "Take a SpecializedValue<int>: a device compiles the kernel for each of its values");
                if (values.Count < 2)
                    throw Wrong(parameter, $"has {values.Count} value{(values.Count == 1 ? "" : "s")} to try",
                        "Name two or more");
                if (values.GroupBy(value => value).FirstOrDefault(same => same.Count() > 1) is { } twice)
                    throw Wrong(parameter, $"has the value {twice.Key} twice", "Name each value once");
            }
        if (WhereOf(method) is not { } where) return;
        var tunable = Parameters(method).Count;
        var problem = tunable == 0 ? "no parameter of the kernel is [Tunable]"
            : Restriction(method, tunable) is null
                ? $"'{method.ContainingType.Name}' has no static method '{where}' that takes {tunable} "
                    + $"int{(tunable == 1 ? "" : "s")} and returns a bool"
            : null;
        if (problem is not null)
            throw new UnsupportedException(DiagnosticInfo.At(Unsupported.TunableWhere,
                kernel.Syntax.Identifier.GetLocation(), method.Name, problem));
    }

    /// <summary>Those marked, in the kernel's order.</summary>
    public static List<IParameterSymbol> Parameters(IMethodSymbol method) =>
        [.. method.Parameters.Where(parameter => ValuesOf(parameter) is not null)];

    /// <summary>Null where the parameter is not marked.</summary>
    public static IReadOnlyList<int>? ValuesOf(IParameterSymbol parameter)
    {
        var mark = parameter.GetAttributes()
            .FirstOrDefault(attribute => attribute.AttributeClass?.IsDialect("TunableAttribute") == true);
        if (mark is null) return null;
        return
        [
            .. mark.ConstructorArguments
                .Where(argument => argument.Kind == TypedConstantKind.Array && !argument.IsNull)
                .SelectMany(argument => argument.Values).Select(value => value.Value).OfType<int>(),
        ];
    }

    /// <summary>C# that tells whether values fit together; null where all do.</summary>
    public static string? Where(IMethodSymbol method)
    {
        if (WhereOf(method) is not { } where) return null;
        var values = string.Join(", ", Parameters(method).Select((_, i) => $"values__[{i}]"));
        return $"static values__ => @{where}({values})";
    }

    static string? WhereOf(IMethodSymbol method) => method.GetAttributes()
        .FirstOrDefault(attribute => attribute.AttributeClass?.IsDialect("TunableWhereAttribute") == true)
        ?.ConstructorArguments.Select(name => name.Value as string ?? "").FirstOrDefault();

    static IMethodSymbol? Restriction(IMethodSymbol method, int tunable) => method.ContainingType
        .GetMembers(WhereOf(method)!).OfType<IMethodSymbol>().FirstOrDefault(one => one.IsStatic && one.Arity == 0
            && one.ReturnType.SpecialType == SpecialType.System_Boolean && one.Parameters.Length == tunable
            && one.Parameters.All(parameter => parameter.Type.SpecialType == SpecialType.System_Int32
                && parameter.RefKind == RefKind.None));

    static UnsupportedException Wrong(IParameterSymbol parameter, string problem, string remedy) =>
        new(DiagnosticInfo.At(Unsupported.Tunable, parameter.Locations[0], parameter.Name, problem, remedy));
}
