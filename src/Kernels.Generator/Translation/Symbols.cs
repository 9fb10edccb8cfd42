using LdNetGpu.Dialect;
using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator;

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

    // Words of C, C++, CUDA and OpenCL, and functions that the texts call, that C# allows as names.
    static readonly HashSet<string> Reserved =
    [
        "auto", "register", "signed", "unsigned", "union", "typedef", "inline", "restrict", "asm", "and", "or", "not", "xor", "bitand",
        "bitor", "compl", "delete", "friend", "mutable", "template", "typename", "export", "wchar_t", "constexpr", "nullptr", "global",
        "local", "constant", "private", "kernel", "half", "uchar", "ushort", "uint", "ulong", "image", "pipe", "event", "min", "max",
        "clamp", "rsqrt", "isnan", "isinf", "isfinite", "abs", "barrier", "main", "NULL", "INFINITY", "NAN", "size_t", "self", "dim3",
        "uniform", "vector", "bool2", "quad", "complex", "imaginary", .. MathFunction.All.Where(one => one.C is not null).Select(one => one.C!),
    ];

    public static string Escape(string name) => Reserved.Contains(name) ? name + "_" : name;

    public static string FunctionName(IMethodSymbol method) =>
        StructName(method.ContainingType) + "_" + MemberName(method) + Arguments(method.TypeArguments);

    /// <summary>The member's name as an identifier: <c>new</c> for a constructor, <c>Item</c> for an indexer.</summary>
    public static string MemberName(IMethodSymbol method) => method.MethodKind switch
    {
        MethodKind.Constructor => "new",
        MethodKind.PropertyGet => method.AssociatedSymbol is IPropertySymbol { IsIndexer: true } ? "Item" : Identifier(method.AssociatedSymbol!.Name),
        _ => Identifier(method.Name),
    };

    public static string StructName(INamedTypeSymbol type) => (type.IsTupleType ? "Tuple" : Identifier(type.Name)) + Arguments(type.TypeArguments);

    static string Arguments(IEnumerable<ITypeSymbol> types) => string.Concat(types.Select(type => "_" + TypeName(type)));

    static string TypeName(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => TypeName(array.ElementType) + "Array",
        INamedTypeSymbol named when !named.IsPrimitive() => StructName(named),
        _ => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
    };

    static string Identifier(string name) => new([.. name.Select(c => char.IsLetterOrDigit(c) ? c : '_')]);
}
