using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>What the type parameters of a generic method stand for in one instance.</summary>
sealed class TypeMap(Compilation compilation, IReadOnlyDictionary<ITypeParameterSymbol, ITypeSymbol> arguments)
{
    /// <summary>Of no type parameters.</summary>
    public static TypeMap Empty(Compilation compilation) =>
        new(compilation, ImmutableDictionary<ITypeParameterSymbol, ITypeSymbol>.Empty);

    /// <summary>The map for a method whose type arguments, and those of its class, are known types.</summary>
    public static TypeMap Of(Compilation compilation, IMethodSymbol method)
    {
        var map = new Dictionary<ITypeParameterSymbol, ITypeSymbol>(SymbolEqualityComparer.Default);
        for (var i = 0; i < method.TypeParameters.Length; i++)
            map[method.OriginalDefinition.TypeParameters[i]] = method.TypeArguments[i];
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
            for (var i = 0; i < type.TypeParameters.Length; i++)
                map[type.OriginalDefinition.TypeParameters[i]] = type.TypeArguments[i];
        return new(compilation, map);
    }

    public ITypeSymbol Resolve(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => arguments.TryGetValue(parameter, out var argument) ? argument : type,
        IArrayTypeSymbol array => compilation.CreateArrayTypeSymbol(Resolve(array.ElementType), array.Rank),
        INamedTypeSymbol named => Resolve(named),
        _ => type,
    };

    public INamedTypeSymbol Resolve(INamedTypeSymbol type)
    {
        if (type.IsTupleType)
            return compilation.CreateTupleTypeSymbol([.. type.TupleElements.Select(element => Resolve(element.Type))]);
        var definition = type.OriginalDefinition;
        if (type.ContainingType is { IsGenericType: true } outer)
            definition = Resolve(outer).GetTypeMembers(type.Name, type.Arity).First();
        return type.Arity == 0 ? definition : definition.Construct([.. type.TypeArguments.Select(Resolve)]);
    }

    /// <summary>The method with its own and its class's type parameters replaced.</summary>
    public IMethodSymbol Resolve(IMethodSymbol method)
    {
        var definition = method.OriginalDefinition;
        if (method.ContainingType is { IsGenericType: true } or { ContainingType.IsGenericType: true })
            definition = Resolve(method.ContainingType).GetMembers(method.Name).OfType<IMethodSymbol>()
                .First(candidate =>
                    SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, method.OriginalDefinition));
        return method.Arity == 0 ? definition : definition.Construct([.. method.TypeArguments.Select(Resolve)]);
    }

    /// <summary>
    /// The method that runs when an interface's member is called on a type argument; the method itself where it is no
    /// interface's.
    /// </summary>
    public IMethodSymbol Implementation(IMethodSymbol method, ITypeSymbol? receiver)
    {
        var resolved = Resolve(method);
        if (resolved.ContainingType.TypeKind != TypeKind.Interface || receiver is null) return resolved;
        var member = resolved.Arity == 0 ? resolved : resolved.ConstructedFrom;
        if (Resolve(receiver).FindImplementationForInterfaceMember(member) is not IMethodSymbol implementation)
            return resolved;
        return resolved.Arity == 0 ? implementation : implementation.Construct([.. resolved.TypeArguments]);
    }
}
