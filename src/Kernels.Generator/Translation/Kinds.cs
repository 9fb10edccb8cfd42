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

    /// <summary>A view of a device's memory.</summary>
    public static bool IsMemory(this ITypeSymbol type) => type.IsDialect("ArrayView") || type.IsStridedView();

    /// <summary>A view of one, two or three dimensions and a stride for each that is not dense.</summary>
    public static bool IsStridedView(this ITypeSymbol type) =>
        type.IsDialect("ArrayView1D") || type.IsDialect("ArrayView2D") || type.IsDialect("ArrayView3D");

    /// <summary>An index of 64 bits along each axis.</summary>
    public static bool IsLongIndex(this ITypeSymbol type) =>
        type.IsDialect("LongIndex1D") || type.IsDialect("LongIndex2D") || type.IsDialect("LongIndex3D");

    public static ITypeSymbol Element(this ITypeSymbol view) => view is IArrayTypeSymbol array
        ? array.ElementType : ((INamedTypeSymbol)view).TypeArguments[0];

    public static bool IsIndex(this ITypeSymbol type) => type.IsDialect("Index1D") || type.IsDialect("Index2D")
        || type.IsDialect("Index3D");

    /// <summary>An index of two or three axes.</summary>
    public static bool IsIndexOfAxes(this ITypeSymbol type) =>
        (type.IsIndex() || type.IsLongIndex()) && type.Axes().Length > 1;

    /// <summary>The axes of an index or a view with strides: X; X, Y; or X, Y, Z.</summary>
    public static string Axes(this ITypeSymbol type) => "XYZ".Substring(0, type.Name[type.Name.Length - 2] - '0');

    /// <summary>A struct of the dialect that the prelude defines.</summary>
    public static bool IsOfPrelude(this ITypeSymbol type) =>
        type.IsIndex() || type.Name is "FragmentA" or "FragmentB" or "FragmentC" or "FloatQuad" or "DoublePair"
            && type.IsDialect(type.Name);

    public static bool IsSpecialized(this ITypeSymbol type) => type.IsDialect("SpecializedValue");

    /// <summary>Float or double.</summary>
    public static bool IsFloating(this ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Single or SpecialType.System_Double;

    /// <summary>How many bits an integer has.</summary>
    public static int Bits(this ITypeSymbol integer) => integer.SpecialType switch
    {
        SpecialType.System_SByte or SpecialType.System_Byte => 8,
        SpecialType.System_Int16 or SpecialType.System_UInt16 => 16,
        SpecialType.System_Int32 or SpecialType.System_UInt32 => 32,
        _ => 64,
    };

    /// <summary>The integer without a sign of as many bits.</summary>
    public static SpecialType Unsigned(this ITypeSymbol integer) => integer.Bits() switch
    {
        8 => SpecialType.System_Byte,
        16 => SpecialType.System_UInt16,
        32 => SpecialType.System_UInt32,
        _ => SpecialType.System_UInt64,
    };

    /// <summary>An integer without a sign.</summary>
    public static bool IsUnsigned(this ITypeSymbol type) => type.SpecialType is SpecialType.System_Byte
        or SpecialType.System_UInt16 or SpecialType.System_UInt32 or SpecialType.System_UInt64;

    /// <summary>Whether one type of integers has all that the other has.</summary>
    public static bool Holds(this ITypeSymbol type, ITypeSymbol other) => type.Bits() > other.Bits()
        ? other.IsUnsigned() || !type.IsUnsigned()
        : type.Bits() == other.Bits() && type.IsUnsigned() == other.IsUnsigned();

    /// <summary>An integer, and no bool.</summary>
    public static bool IsInteger(this ITypeSymbol type) =>
        type.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt64;

    /// <summary>An integer of less than 32 bits, with which C# and C compute as an int.</summary>
    public static bool IsNarrow(this ITypeSymbol type) =>
        type.SpecialType is >= SpecialType.System_SByte and <= SpecialType.System_UInt16;

    /// <summary>An integer of 64 bits.</summary>
    public static bool Is64Bit(this ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Int64 or SpecialType.System_UInt64;

    /// <summary>A number or bool that C has too.</summary>
    public static bool IsPrimitive(this ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_Boolean or (>= SpecialType.System_SByte and <= SpecialType.System_UInt64)
        or SpecialType.System_Single or SpecialType.System_Double;

    /// <summary>The bytes of a number or bool; 0 for any other type.</summary>
    public static int Bytes(this ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Boolean or SpecialType.System_SByte or SpecialType.System_Byte => 1,
        SpecialType.System_Int16 or SpecialType.System_UInt16 => 2,
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single => 4,
        SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double => 8,
        _ => 0,
    };

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
