using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Checked;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>Reads the effects of parts of one method.</summary>
/// <param name="types">What the method's type parameters stand for: which members it calls.</param>
/// <param name="body">Its operations, which say to what variables references lead.</param>
/// <param name="writers">Knows of what it calls whether that stores to memory.</param>
sealed class EffectsReader(TypeMap types, IOperation? body, MemoryWriters writers)
{
    readonly HashSet<ISymbol> referred = new(Referred(body), SymbolEqualityComparer.Default);

    public Effects Of(IOperation operation) => OfParts(operation.DescendantsAndSelf());

    /// <summary>What finding a place does, without reading what is there.</summary>
    public Effects OfFinding(IOperation place) =>
        place is IArrayElementReferenceOperation or IPropertyReferenceOperation { Property.IsIndexer: true }
            or IFieldReferenceOperation ? OfParts(place.Descendants()) : Of(place);

    /// <summary>What storing to a place changes, beside what finding the place does.</summary>
    public Effects OfStore(IOperation place)
    {
        var effects = new Effects();
        Change(effects, place);
        return effects;
    }

    Effects OfParts(IEnumerable<IOperation> parts)
    {
        var effects = new Effects();
        foreach (var part in parts) Add(effects, part);
        return effects;
    }

    void Add(Effects effects, IOperation part)
    {
        switch (part)
        {
            case ILocalReferenceOperation { IsDeclaration: false } local:
                Read(effects, local.Local, local.Local.RefKind);
                break;
            case IParameterReferenceOperation parameter:
                Read(effects, parameter.Parameter, parameter.Parameter.RefKind);
                break;
            case IInstanceReferenceOperation self:
                Read(effects, self.Type!, RefKind.None);
                break;
            case IArrayElementReferenceOperation or IPropertyReferenceOperation or IInvocationOperation:
                effects.ReadsMemory = true;
                break;
            case ISimpleAssignmentOperation { IsRef: true, Target: ILocalReferenceOperation reference }:
                effects.Change(reference.Local);
                break;
            case IAssignmentOperation assignment: Change(effects, assignment.Target); break;
            case IIncrementOrDecrementOperation step: Change(effects, step.Target); break;
        }
        if (part.Called() is { } method) Call(effects, part, method);
    }

    void Read(Effects effects, ISymbol variable, RefKind kind)
    {
        effects.Read(variable);
        effects.ReadsMemory |= kind != RefKind.None || referred.Contains(variable);
    }

    void Call(Effects effects, IOperation part, IMethodSymbol method)
    {
        foreach (var argument in ArgumentsOf(part))
            if (argument.Parameter!.RefKind is RefKind.Ref or RefKind.Out) Change(effects, argument.Value);
        if (InstanceOf(part) is { Type: { IsValueType: true } type } instance && !type.IsDialect()
            && !method.IsReadOnly && !method.ContainingType.IsReadOnly)
            Change(effects, instance);
        effects.ChangesMemory |= writers.Contain(part, method, types);
    }

    static IEnumerable<IArgumentOperation> ArgumentsOf(IOperation call) => call switch
    {
        IInvocationOperation invocation => invocation.Arguments,
        IObjectCreationOperation creation => creation.Arguments,
        _ => [],
    };

    static IOperation? InstanceOf(IOperation call) => call switch
    {
        IInvocationOperation invocation => invocation.Instance,
        IPropertyReferenceOperation property => property.Instance,
        _ => null,
    };

    // The variable that a store changes; memory where it is an element or goes through a reference.
    void Change(Effects effects, IOperation place)
    {
        switch (place)
        {
            case ILocalReferenceOperation { Local.RefKind: RefKind.None } local: Change(effects, local.Local); break;
            case IParameterReferenceOperation { Parameter.RefKind: RefKind.None } parameter:
                Change(effects, parameter.Parameter);
                break;
            case IFieldReferenceOperation { Instance: { } instance }: Change(effects, instance); break;
            case IPropertyReferenceOperation { Instance: { } instance, Property: { ReturnsByRef: false,
                IsIndexer: false } }: Change(effects, instance); break;
            case IInstanceReferenceOperation self: Change(effects, self.Type!); break;
            case IParenthesizedOperation inner: Change(effects, inner.Operand); break;
            case IDeclarationExpressionOperation or IDiscardOperation: break;
            case ITupleOperation tuple:
                foreach (var element in tuple.Elements) Change(effects, element);
                break;
            default: effects.ChangesMemory = true; break;
        }
    }

    void Change(Effects effects, ISymbol variable)
    {
        effects.Change(variable);
        effects.ChangesMemory |= referred.Contains(variable);
    }

    // Variables to which a local reference may lead: one is changed where the other is.
    static IEnumerable<ISymbol> Referred(IOperation? body) =>
        body?.DescendantsAndSelf().SelectMany(part => part switch
        {
            IVariableDeclaratorOperation { Symbol.RefKind: not RefKind.None } local
                when local.GetVariableInitializer() is { Value: { } place } => Roots(place),
            ISimpleAssignmentOperation { IsRef: true, Value: { } place } => Roots(place),
            _ => [],
        }) ?? [];

    static IEnumerable<ISymbol> Roots(IOperation place) => place switch
    {
        ILocalReferenceOperation local => [local.Local],
        IParameterReferenceOperation parameter => [parameter.Parameter],
        IInstanceReferenceOperation self => [self.Type!],
        IParenthesizedOperation inner => Roots(inner.Operand),
        IFieldReferenceOperation { Instance: { } instance } => Roots(instance),
        IPropertyReferenceOperation { Instance: { Type: { } type } instance } when !type.IsDialect() => Roots(instance),
        IInvocationOperation call => call.Arguments.Where(argument => argument.Parameter!.RefKind != RefKind.None)
            .Select(argument => argument.Value).Concat(call.Instance is { } instance ? [instance] : [])
            .SelectMany(Roots),
        _ => [],
    };
}
