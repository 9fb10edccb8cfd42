using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Checked;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>
/// The functions that store to memory: to elements, or through references that they were not given as arguments, by
/// themselves or by what they call.
/// </summary>
sealed class MemoryWriters(Compilation compilation, CancellationToken cancellation)
{
    readonly Dictionary<string, bool> known = [];

    /// <summary>Whether a call runs one of them.</summary>
    /// <param name="call">An operation that runs a method.</param>
    /// <param name="method">The method that it names.</param>
    /// <param name="types">What the type parameters around the call stand for.</param>
    public bool Contain(IOperation call, IMethodSymbol method, TypeMap types)
    {
        if (method.ContainingType.IsDialect())
            return method.ContainingType.IsDialect("Atomic")
                || method.ReturnsVoid && method.MethodKind != MethodKind.Constructor;
        method = method.ReducedFrom?.Construct([.. method.TypeArguments]) ?? method;
        var parameter = call.ThroughParameter();
        return (parameter is not null || method.OriginalDefinition.DeclaringSyntaxReferences.Length > 0)
            && Contain(types.Implementation(method, parameter));
    }

    bool Contain(IMethodSymbol method)
    {
        var key = method.ToDisplayString(Symbols.Key);
        if (known.TryGetValue(key, out var writes)) return writes;
        // What calls itself stores where another of its calls does.
        known[key] = false;
        return known[key] = Writes(method);
    }

    bool Writes(IMethodSymbol method)
    {
        var types = TypeMap.Of(compilation, method);
        foreach (var body in Bodies(method))
        {
            var reader = new EffectsReader(types, body, this);
            foreach (var part in body.DescendantsAndSelf())
            {
                cancellation.ThrowIfCancellationRequested();
                if (part is IAssignmentOperation { Target: var target } and not ISimpleAssignmentOperation
                    { IsRef: true } ? Stores(target)
                    : part is IIncrementOrDecrementOperation step && Stores(step.Target)
                        || part is IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument
                            && Stores(argument.Value)
                        || part.Called() is { } called && Contain(part, called, types))
                    return true;
            }

            // A reference that came as an argument leads where the caller says that it may change.
            bool Stores(IOperation place) => !IsGiven(place) && reader.OfStore(place).ChangesMemory;
        }
        return false;
    }

    static bool IsGiven(IOperation place) => place switch
    {
        IParameterReferenceOperation => true,
        IFieldReferenceOperation { Instance: { } instance } => IsGiven(instance),
        IPropertyReferenceOperation { Instance: { } instance, Property: { ReturnsByRef: false, IsIndexer: false } } =>
            IsGiven(instance),
        _ => false,
    };

    IEnumerable<IOperation> Bodies(IMethodSymbol method) =>
        method.OriginalDefinition.DeclaringSyntaxReferences
            .Concat((method.OriginalDefinition.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
            .Select(reference => reference.GetSyntax(cancellation)).Distinct()
            .Where(syntax => compilation.ContainsSyntaxTree(syntax.SyntaxTree))
            .Select(syntax => compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellation))
            .OfType<IOperation>();
}
