using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>Names: of C# symbols as keys, and of what they become in C.</summary>
static class Symbols
{
    /// <summary>Tells every overload and instance apart.</summary>
    public static readonly SymbolDisplayFormat Key = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        SymbolDisplayGenericsOptions.IncludeTypeParameters,
        SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeParameters,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeParamsRefOut,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>As C# source names a type from anywhere.</summary>
    public static readonly SymbolDisplayFormat FullyQualified = SymbolDisplayFormat.FullyQualifiedFormat;

    public static string FunctionName(IMethodSymbol method) =>
        Names.Free(StructName(method.ContainingType) + "_" + MemberName(method) + Arguments(method.TypeArguments));

    /// <summary>The member's name as an identifier: <c>new</c> for a constructor, <c>Item</c> for an indexer.</summary>
    public static string MemberName(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.Constructor => "new",
        MethodKind.PropertyGet => method.AssociatedSymbol is IPropertySymbol { IsIndexer: true }
            ? "Item" : Names.Plain(method.AssociatedSymbol!.Name),
        _ => Names.Plain(method.Name),
    };

    public static string StructName(INamedTypeSymbol type) =>
        (type.IsTupleType ? "Tuple" : Names.Plain(type.Name)) + Arguments(type.TypeArguments);

    static string Arguments(IEnumerable<ITypeSymbol> types) =>
        string.Concat(types.Select(type => "_" + TypeName(type)));

    static string TypeName(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => TypeName(array.ElementType) + "Array",
        INamedTypeSymbol named when !named.IsPrimitive() => StructName(named),
        _ => Names.Plain(type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)),
    };
}
