using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>What the types of C# are to a kernel.</summary>
static class Kinds
{
    /// <summary>The namespace of what ILGPU lacks.</summary>
    public const string Dialect = "LdNetGpu.Dialect";

    /// <summary>A type of ILGPU's, or of the dialect beside it.</summary>
    public static bool IsDialect(this ITypeSymbol type, string name) => type.Name == name && type.IsDialect();

    /// <inheritdoc cref="IsDialect(ITypeSymbol, string)"/>
    public static bool IsDialect(this ITypeSymbol type) =>
        type.ContainingAssembly?.Name is "ILGPU" or "ILGPU.Algorithms"
        || type.ContainingNamespace?.ToDisplayString() == Dialect;

    /// <summary>A pointer with a length: a view or an array.</summary>
    public static bool IsView(this ITypeSymbol type) => type is IArrayTypeSymbol { Rank: 1 }
        || type.IsDialect("ArrayView");

    /// <summary>A view of a device's memory, of one dimension or two.</summary>
    public static bool IsMemory(this ITypeSymbol type) => type.IsDialect("ArrayView") || type.IsDialect("ArrayView2D");

    public static ITypeSymbol Element(this ITypeSymbol view) => view is IArrayTypeSymbol array
        ? array.ElementType : ((INamedTypeSymbol)view).TypeArguments[0];

    public static bool IsIndex(this ITypeSymbol type) => type.IsDialect("Index1D") || type.IsDialect("Index2D")
        || type.IsDialect("Index3D");

    /// <summary>The axes of an index type: X; X, Y; or X, Y, Z.</summary>
    public static string Axes(this ITypeSymbol index) => index.IsDialect("Index1D")
        ? "X" : index.IsDialect("Index2D") ? "XY" : "XYZ";

    /// <summary>A struct of the dialect that the prelude defines.</summary>
    public static bool IsOfPrelude(this ITypeSymbol type) =>
        type.IsIndex() || type.Name is "FragmentA" or "FragmentB" or "FragmentC" or "FloatQuad" or "DoublePair"
            && type.IsDialect(type.Name);

    public static bool IsSpecialized(this ITypeSymbol type) => type.IsDialect("SpecializedValue");

    /// <summary>Float or double.</summary>
    public static bool IsFloating(this ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Single or SpecialType.System_Double;

    /// <summary>An integer of 64 bits.</summary>
    public static bool Is64Bit(this ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Int64 or SpecialType.System_UInt64;

    /// <summary>A number or bool that C has too.</summary>
    public static bool IsPrimitive(this ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Boolean or (>= SpecialType.System_SByte and <= SpecialType.System_UInt64)
        or SpecialType.System_Single or SpecialType.System_Double;

    /// <summary>The number behind an enum, an index or a specialised value; the type itself otherwise.</summary>
    public static ITypeSymbol Scalar(this ITypeSymbol type, Compilation compilation) => type switch
    {
        INamedTypeSymbol { EnumUnderlyingType: { } underlying } => underlying,
        INamedTypeSymbol named when named.IsSpecialized() => named.TypeArguments[0],
        _ when type.IsDialect("Index1D") => compilation.GetSpecialType(SpecialType.System_Int32),
        _ when type.IsDialect("LongIndex1D") => compilation.GetSpecialType(SpecialType.System_Int64),
        _ => type,
    };

    /// <summary>A struct that is neither a number nor a view.</summary>
    public static bool IsStruct(this ITypeSymbol type) =>
        type is INamedTypeSymbol { IsValueType: true, TypeKind: TypeKind.Struct }
        && !type.IsPrimitive() && !type.IsView() && !type.IsSpecialized() && !type.IsDialect("Index1D")
        && !type.IsDialect("LongIndex1D")
        && type.SpecialType == SpecialType.None && type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T;
}
