using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator.Checked;

/// <summary>A member with source that a kernel reaches: a method, a getter, an indexer, a constructor.</summary>
/// <param name="Body">A block, or the expression behind an arrow; of a constructor, its declaration.</param>
sealed record CheckedFunction(IMethodSymbol Method, SyntaxNode Body, string Name)
{
    /// <summary>Whether it gets a checked body.</summary>
    public bool IsWritten { get; set; }

    /// <summary>Whether lanes wait for each other in it, itself or in what it calls.</summary>
    public bool IsCollective { get; set; }

    /// <summary>Whether it reaches memory or other lanes, itself or in what it calls.</summary>
    public bool ReachesMemory { get; set; }

    /// <summary>Whether it changes the struct that it is called on, so that it takes its address.</summary>
    public bool ChangesSelf { get; set; }

    /// <summary>
    /// A reference that it returns is a view of the one element in its checked body, so that the caller's use of it is
    /// checked.
    /// </summary>
    public bool ReturnsElement => Method.ReturnsByRef || Method.ReturnsByRefReadonly;

    /// <summary>The type parameters of its class and its own.</summary>
    public IEnumerable<ITypeParameterSymbol> TypeParameters =>
        Method.ContainingType.TypeParameters.Concat(Method.TypeParameters);
}
