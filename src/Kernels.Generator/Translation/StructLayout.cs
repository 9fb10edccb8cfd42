using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator;

/// <param name="Symbol">The property or field that C# names; null for a part of the dialect's own types.</param>
sealed record StructField(string Name, ITypeSymbol Type, ISymbol? Symbol = null)
{
    /// <summary>Whether it is set by its constructor alone.</summary>
    public bool IsReadOnly => Symbol is IFieldSymbol { IsReadOnly: true };
}

/// <summary>The fields of a struct as a device sees them, properties with a field of their own under the property's name.</summary>
static class StructLayout
{
    public static IReadOnlyList<StructField> Fields(Compilation compilation, INamedTypeSymbol type)
    {
        var integer = compilation.GetSpecialType(SpecialType.System_Int32);
        if (type.IsTupleType) return [.. type.TupleElements.Select((element, i) => new StructField($"Item{i + 1}", element.Type))];
        if (type.IsDialect("Index2D")) return [new("X", integer), new("Y", integer)];
        if (type.IsDialect("Index3D")) return [new("X", integer), new("Y", integer), new("Z", integer)];
        if (type.IsDialect("LongIndex2D"))
        {
            var wide = compilation.GetSpecialType(SpecialType.System_Int64);
            return [new("X", wide), new("Y", wide)];
        }
        if (type.IsDialect("DenseX")) return [new("YStride", integer)];
        if (type.IsDialect("ArrayView2D"))
            return [.. new[] { "BaseView", "Extent", "Stride" }
                .Select(name => new StructField(name, type.GetMembers(name).OfType<IPropertySymbol>().First().Type))];
        if (type.IsOfPrelude())
            return [.. type.GetMembers().OfType<IPropertySymbol>().Where(property => !property.IsStatic && property.SetMethod is not null)
                .Select(property => new StructField(property.Name, property.Type))];
        return [.. type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic)
            .Select(field => new StructField(field.AssociatedSymbol?.Name ?? field.Name, field.Type, field.AssociatedSymbol ?? field))];
    }

    /// <summary>Whether a constructor takes the fields in their order: a positional record, or a struct of the dialect.</summary>
    public static bool IsPositional(this INamedTypeSymbol type, int fields) =>
        (type.IsRecord || type.IsDialect())
        && type.InstanceConstructors.Any(constructor => constructor.Parameters.Length == fields && !constructor.IsImplicitlyDeclared
            && fields > 0 && !SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type));

    /// <summary>How many pointers a value of the type holds.</summary>
    public static int Pointers(Compilation compilation, ITypeSymbol type) =>
        type.IsView() ? 1 : type.IsStruct() ? Fields(compilation, (INamedTypeSymbol)type).Sum(field => Pointers(compilation, field.Type)) : 0;
}
