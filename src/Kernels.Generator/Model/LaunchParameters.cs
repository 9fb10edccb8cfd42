using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Model;

enum LaunchKind { View, Scalar, Specialized }

/// <summary>One argument of a launch: a part of a C# parameter that is a view or a number.</summary>
/// <param name="Name">As the texts call it: <c>cell_Weights</c>.</param>
/// <param name="Path">As C# reaches it: <c>cell.Weights</c>.</param>
/// <param name="Type">Of the number, or of the view's element.</param>
/// <param name="Source">The C# parameter; null for an extent.</param>
sealed record LaunchParameter(string Name, string Path, LaunchKind Kind, ITypeSymbol Type, IParameterSymbol? Source)
{
    /// <summary>Values to try when the kernel is tuned; empty for a parameter that is not tunable.</summary>
    public IReadOnlyList<int> Candidates => Source is null ? [] : Tunables.ValuesOf(Source) ?? [];

    /// <summary>What the kernel does with a view that it only reads.</summary>
    public ViewAccess ReadAccess => NoAlias is not { } promise ? ViewAccess.Read
        : promise.NamedArguments.Any(argument => argument is { Key: "HeldByCaller", Value.Value: true })
            ? ViewAccess.ReadUnaliasedByCaller
        : ViewAccess.ReadUnaliased;

    AttributeData? NoAlias => Source?.GetAttributes()
        .FirstOrDefault(attribute => attribute.AttributeClass?.IsDialect("NoAliasAttribute") == true);
}

/// <summary>A kernel's parameters taken apart, as the entry point has them.</summary>
static class LaunchParameters
{
    /// <param name="compilation">Knows the types.</param>
    /// <param name="method">The kernel.</param>
    /// <param name="extent">What the launch calls the extent of the kernel's index.</param>
    public static List<LaunchParameter> Of(Compilation compilation, IMethodSymbol method, string extent = "extent")
    {
        var flat = new List<LaunchParameter>();
        foreach (var parameter in method.Parameters)
        {
            if (parameter.RefKind != RefKind.None) throw Wrong(parameter, "Pass it by value");
            if (parameter.Ordinal == 0 && parameter.Type.IsLongIndex())
                throw Wrong(parameter, $"Take an {parameter.Type.Name.Substring("Long".Length)}: "
                    + "a launch counts its lanes in int");
            if (parameter.Ordinal == 0 && parameter.Type.IsIndex())
                flat.AddRange(parameter.Type.Axes()
                    .Select(axis => new LaunchParameter("extent_" + axis, $"{extent}.{axis}", LaunchKind.Scalar,
                    compilation.GetSpecialType(SpecialType.System_Int32), null)));
            else
                Flatten(compilation, parameter, parameter.Type, Names.Escape(parameter.Name), "@" + parameter.Name,
                    flat);
        }
        return flat;
    }

    static void Flatten(Compilation compilation, IParameterSymbol parameter, ITypeSymbol type, string name, string path,
        List<LaunchParameter> flat)
    {
        if (type.IsSpecialized())
        {
            if (((INamedTypeSymbol)type).TypeArguments[0].SpecialType != SpecialType.System_Int32)
                throw Wrong(parameter, "Take a SpecializedValue<int>");
            if (!parameter.Type.IsSpecialized())
                throw Wrong(parameter, "Take its SpecializedValue<int> as a parameter of its own");
            flat.Add(new(Names.Plain(parameter.Name), path, LaunchKind.Specialized,
                ((INamedTypeSymbol)type).TypeArguments[0], parameter));
        }
        else if (type.IsView() && StructLayout.Reordered(compilation, type.Element()) is { } tuple)
            throw new UnsupportedException(DiagnosticInfo.At(Unsupported.Layout, parameter.Locations[0],
                tuple.ToDisplayString(), "the layout of a tuple, whose fields .NET orders by size"));
        else if (type.IsView() && type is not IArrayTypeSymbol)
            flat.Add(new(name, path, LaunchKind.View, type.Element(), parameter));
        else if (type.Scalar(compilation).IsPrimitive() || type is ITypeParameterSymbol)
            flat.Add(new(name, path, LaunchKind.Scalar, type.Scalar(compilation), parameter));
        else if (type.IsStruct() && !type.IsForeign())
            foreach (var field in StructLayout.Fields(compilation, (INamedTypeSymbol)type))
            {
                CheckReach(compilation, parameter, (INamedTypeSymbol)type, field);
                Flatten(compilation, parameter, field.Type, $"{name}_{field.Text}", $"{path}.@{field.Name}", flat);
            }
        else throw Wrong(parameter, type.IsStridedView()
            ? "Take a view whose stride is Dense, DenseX, DenseY, DenseXY, DenseZY or General" : "Pass its parts");
    }

    // The launch takes the struct apart, and the managed device puts it together again.
    static void CheckReach(Compilation compilation, IParameterSymbol parameter, INamedTypeSymbol type,
        StructField field)
    {
        if (field.Symbol is null) return;
        var home = parameter.ContainingSymbol.ContainingType;
        var problem = !compilation.IsSymbolAccessibleWithin(field.Symbol, home) ? $"'{field.Name}' is private"
            : field.Symbol.DeclaringSyntaxReferences.Any(declared => HasBodies(declared.GetSyntax()))
                ? $"the accessors of '{field.Name}' do more than get and set"
            : field.Symbol is not IPropertySymbol property || type.IsPositional(StructLayout.Fields(compilation, type))
                ? null
            : property.SetMethod is not { } setter || !compilation.IsSymbolAccessibleWithin(setter, home)
                ? $"'{field.Name}' can only be set by its own members (give it 'init')"
            : null;
        if (problem is not null)
            throw new UnsupportedException(
                DiagnosticInfo.At(Unsupported.StructMembers, parameter.Locations[0], type.Name, problem));
    }

    static bool HasBodies(SyntaxNode property) =>
        property is PropertyDeclarationSyntax { AccessorList.Accessors: var accessors }
        && accessors.Any(accessor => accessor.Body is not null || accessor.ExpressionBody is not null);

    static UnsupportedException Wrong(IParameterSymbol parameter, string remedy) =>
        new(DiagnosticInfo.At(Unsupported.KernelParameter, parameter.Locations[0], parameter.Name,
            parameter.Type.ToDisplayString(), remedy));
}
