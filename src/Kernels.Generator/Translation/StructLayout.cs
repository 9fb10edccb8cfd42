using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <param name="Symbol">The property or field that C# names; null for a part of the dialect's own types.</param>
sealed record StructField(string Name, ITypeSymbol Type, ISymbol? Symbol = null)
{
    /// <summary>As the texts call it: one named after its type would hide the type.</summary>
    public string Text => Name == Type.Name ? Names.Plain(Name) + "_" : Names.Escape(Name);

    /// <summary>Whether it is set by its constructor alone.</summary>
    public bool IsReadOnly => Symbol is IFieldSymbol { IsReadOnly: true };
}

/// <summary>
/// The fields of a struct as a device sees them, properties with a field of their own under the property's name.
/// </summary>
static class StructLayout
{
    public static IReadOnlyList<StructField> Fields(Compilation compilation, INamedTypeSymbol type)
    {
        var integer = compilation.GetSpecialType(SpecialType.System_Int32);
        if (type.IsTupleType)
            return [.. type.TupleElements.Select((element, i) => new StructField($"Item{i + 1}", element.Type))];
        if (type.IsDialect("Index2D") || type.IsDialect("Index3D"))
            return [.. type.Axes().Select(axis => new StructField(axis.ToString(), integer))];
        if (type.IsDialect("LongIndex2D") || type.IsDialect("LongIndex3D"))
        {
            var wide = compilation.GetSpecialType(SpecialType.System_Int64);
            return [.. type.Axes().Select(axis => new StructField(axis.ToString(), wide))];
        }
        if (Strides(type) is { } axes)
            return [.. axes.Select(axis => new StructField($"{axis}Stride", integer))];
        if (type.IsStridedView())
            return [.. new[] { "BaseView", "Extent", "Stride" }
                .Select(name => new StructField(name, type.GetMembers(name).OfType<IPropertySymbol>().First().Type))];
        if (type.IsOfPrelude())
            return [.. type.GetMembers().OfType<IPropertySymbol>()
                .Where(property => !property.IsStatic && property.SetMethod is not null)
                .Select(property => new StructField(property.Name, property.Type))];
        return [.. type.GetMembers().OfType<IFieldSymbol>()
            .Where(field => !field.IsStatic && !Holds(field.OriginalDefinition.Type, type.OriginalDefinition, []))
            .Select(
                field => new StructField(field.AssociatedSymbol?.Name ?? field.Name, field.Type,
                    field.AssociatedSymbol ?? field))];
    }

    /// <summary>
    /// Whether a constructor takes the fields in their order and keeps them as they are: a record's own whose
    /// properties are all its parameters', or one of a struct of the dialect.
    /// </summary>
    public static bool IsPositional(this INamedTypeSymbol type, IReadOnlyList<StructField> fields) =>
        type.InstanceConstructors.Any(constructor =>
        fields.Count > 0 && constructor.Parameters.Length == fields.Count && !constructor.IsImplicitlyDeclared
        && (type.IsDialect() ? !SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type)
            : constructor.Parameters.Zip(fields, IsPropertyOf).All(isProperty => isProperty)));

    // The property that a record declares for a parameter is declared where the parameter is.
    static bool IsPropertyOf(IParameterSymbol parameter, StructField field) => field.Symbol is IPropertySymbol property
        && property.DeclaringSyntaxReferences.FirstOrDefault() is { } declared
        && declared.Span == parameter.DeclaringSyntaxReferences.FirstOrDefault()?.Span
        && declared.SyntaxTree == parameter.DeclaringSyntaxReferences[0].SyntaxTree;

    /// <summary>
    /// A property that keeps its value in a field, but not as it is: <c>get => field * 2</c>; null for none.
    /// </summary>
    public static IPropertySymbol? Filtered(INamedTypeSymbol type, CancellationToken cancellation) =>
        type.GetMembers().OfType<IFieldSymbol>().Select(field => field.AssociatedSymbol).OfType<IPropertySymbol>()
            .FirstOrDefault(property =>
            property.DeclaringSyntaxReferences.Any(
                reference => reference.GetSyntax(cancellation) is PropertyDeclarationSyntax declaration
                && (declaration.ExpressionBody is not null
                    || declaration.AccessorList?.Accessors.Any(
                        accessor => accessor.Body is not null || accessor.ExpressionBody is not null) == true)));

    /// <summary>A struct of ILGPU's whose fields the texts do not know.</summary>
    public static bool IsForeign(this ITypeSymbol type) => type is INamedTypeSymbol named
        && type.IsStruct() && type.ContainingAssembly?.Name is "ILGPU" or "ILGPU.Algorithms"
        && !type.IsOfPrelude() && !type.IsLongIndex() && Strides(named) is null
        && !(type.IsStridedView() && named.TypeArguments[1] is INamedTypeSymbol stride && Strides(stride) is not null);

    /// <summary>The axes of which a stride of ILGPU's keeps a number; null for another type.</summary>
    static string? Strides(INamedTypeSymbol type) => !type.IsDialect() ? null
        : (type.ContainingType?.Name, type.Name) switch
        {
            ("Stride1D", "Dense") => "",
            ("Stride1D", "General") => "X",
            ("Stride2D", "DenseX") => "Y",
            ("Stride2D", "DenseY") => "X",
            ("Stride2D", "General") => "XY",
            ("Stride3D", "DenseXY") => "YZ",
            ("Stride3D", "DenseZY") => "XY",
            ("Stride3D", "General") => "XYZ",
            _ => null,
        };

    // A struct that holds itself is an error of C#'s, and would have no end here.
    static bool Holds(ITypeSymbol part, INamedTypeSymbol whole, ImmutableHashSet<ISymbol> seen) =>
        part is INamedTypeSymbol { TypeKind: TypeKind.Struct } type
        && type.SpecialType == SpecialType.None && !type.IsDialect()
        && !seen.Contains(type.OriginalDefinition, SymbolEqualityComparer.Default)
        && (SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, whole)
            || type.OriginalDefinition.GetMembers().OfType<IFieldSymbol>()
                .Any(field => !field.IsStatic && Holds(field.Type, whole, seen.Add(type.OriginalDefinition))));

    /// <summary>
    /// What lays the fields of a struct out in another way than one after another, each where its own alignment wants
    /// it; null for nothing.
    /// </summary>
    public static string? Special(INamedTypeSymbol type)
    {
        if (type.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(field => field.RefKind != RefKind.None) is { } reference)
            return $"the ref field '{reference.Name}'";
        foreach (var attribute in type.OriginalDefinition.GetAttributes())
            switch (attribute.AttributeClass?.Name)
            {
                case "InlineArrayAttribute": return "[InlineArray]";
                case "StructLayoutAttribute" when Kind(attribute) != LayoutKind.Sequential:
                    return "a LayoutKind other than Sequential";
                case "StructLayoutAttribute" when attribute.NamedArguments.FirstOrDefault(argument =>
                    argument.Key is "Pack" or "Size" && argument.Value.Value is not 0) is { Key: { } name }:
                    return $"{name} of its [StructLayout]";
            }
        return null;
    }

    // Given as the enum or as a number.
    static LayoutKind Kind(AttributeData layout) =>
        (LayoutKind)Convert.ToInt32(layout.ConstructorArguments[0].Value, CultureInfo.InvariantCulture);

    /// <summary>How many pointers a value of the type holds.</summary>
    public static int Pointers(Compilation compilation, ITypeSymbol type) =>
        type.IsView() ? 1 : type.IsStruct()
            ? Fields(compilation, (INamedTypeSymbol)type).Sum(field => Pointers(compilation, field.Type)) : 0;
}
