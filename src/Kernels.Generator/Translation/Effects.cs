using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>What a part of an expression reads and changes, by which its place among the other parts matters.</summary>
sealed class Effects
{
    readonly HashSet<ISymbol> read = new(SymbolEqualityComparer.Default), changed = new(SymbolEqualityComparer.Default);
    bool readsMemory, changesMemory;

    /// <summary>Of what reads and changes nothing.</summary>
    public static readonly Effects None = new();

    Effects() { }

    public static Effects Of(IOperation operation, CancellationToken cancellation)
    {
        var effects = new Effects();
        foreach (var part in operation.DescendantsAndSelf()) effects.Add(part, cancellation);
        return effects;
    }

    /// <summary>What finding a place does, without reading what is there.</summary>
    public static Effects OfFinding(IOperation place, CancellationToken cancellation)
    {
        if (place is not (IArrayElementReferenceOperation or IPropertyReferenceOperation { Property.IsIndexer: true }
            or IFieldReferenceOperation))
            return Of(place, cancellation);
        var effects = new Effects();
        foreach (var part in place.Descendants()) effects.Add(part, cancellation);
        return effects;
    }

    /// <summary>What storing to a place changes, beside what finding the place does.</summary>
    public static Effects OfStore(IOperation place)
    {
        var effects = new Effects();
        effects.Change(place);
        return effects;
    }

    /// <summary>What all of these read and change.</summary>
    public static Effects OfAll(IEnumerable<Effects> parts)
    {
        var all = new Effects();
        foreach (var part in parts)
        {
            all.read.UnionWith(part.read);
            all.changed.UnionWith(part.changed);
            all.readsMemory |= part.readsMemory;
            all.changesMemory |= part.changesMemory;
        }
        return all;
    }

    /// <summary>Whether one changes what the other reads or changes.</summary>
    public bool Conflict(Effects other) => InterferesWith(other) || other.InterferesWith(this);

    /// <summary>Whether both change one variable.</summary>
    public bool ChangeTheSame(Effects other) => changed.Overlaps(other.changed);

    bool InterferesWith(Effects other) => changesMemory && (other.readsMemory || other.changesMemory)
        || changed.Overlaps(other.read) || changed.Overlaps(other.changed);

    void Add(IOperation part, CancellationToken cancellation)
    {
        switch (part)
        {
            case ILocalReferenceOperation { IsDeclaration: false } local:
                read.Add(local.Local);
                readsMemory |= local.Local.RefKind != RefKind.None;
                break;
            case IParameterReferenceOperation parameter:
                read.Add(parameter.Parameter);
                readsMemory |= parameter.Parameter.RefKind != RefKind.None;
                break;
            case IInstanceReferenceOperation self:
                read.Add(self.Type!);
                break;
            case IArrayElementReferenceOperation:
                readsMemory = true;
                break;
            case IPropertyReferenceOperation property:
                readsMemory = true;
                if (property.Property.GetMethod is { } getter) Call(getter, property.Instance, [], cancellation);
                break;
            case IDeconstructionAssignmentOperation deconstruction:
                Change(deconstruction.Target);
                break;
            case IAssignmentOperation assignment:
                Change(assignment.Target);
                break;
            case IIncrementOrDecrementOperation step:
                Change(step.Target);
                break;
            case IInvocationOperation call:
                readsMemory = true;
                Call(call.TargetMethod, call.Instance, call.Arguments, cancellation);
                break;
        }
    }

    void Call(IMethodSymbol method, IOperation? instance, IEnumerable<IArgumentOperation> arguments,
        CancellationToken cancellation)
    {
        foreach (var argument in arguments)
            if (argument.Parameter!.RefKind is RefKind.Ref or RefKind.Out) Change(argument.Value);
        if (instance?.Type?.IsValueType == true && !instance.Type.IsDialect() && !method.IsReadOnly
            && !method.ContainingType.IsReadOnly)
            Change(instance);
        changesMemory |= method.ContainingType.IsDialect("Atomic") || Writes(method, cancellation);
    }

    // Whether its source holds a store to anything but its own variables; what it calls stores for itself.
    bool Writes(IMethodSymbol method, CancellationToken cancellation)
    {
        if (method.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(
            cancellation) is not { } syntax)
            return false;
        return syntax.DescendantNodes().Any(node => node switch
        {
            AssignmentExpressionSyntax assignment => IsElement(assignment.Left),
            PostfixUnaryExpressionSyntax step => IsElement(step.Operand),
            PrefixUnaryExpressionSyntax step => IsElement(step.Operand),
            RefExpressionSyntax { Parent: EqualsValueClauseSyntax or AssignmentExpressionSyntax } => true,
            ArgumentSyntax { RefKindKeyword.RawKind: not 0 } => true,
            _ => false,
        });

        static bool IsElement(SyntaxNode target) => target is ElementAccessExpressionSyntax;
    }

    // The variable that a store changes; memory where it is an element or goes through a reference.
    void Change(IOperation place)
    {
        switch (place)
        {
            case ILocalReferenceOperation { Local.RefKind: RefKind.None } local: changed.Add(local.Local); break;
            case IParameterReferenceOperation { Parameter.RefKind: RefKind.None } parameter: changed.Add(
                parameter.Parameter); break;
            case IFieldReferenceOperation { Instance: { } instance }: Change(instance); break;
            case IPropertyReferenceOperation { Instance: { } instance, Property.ReturnsByRef: false,
                Property.IsIndexer: false }: Change(instance); break;
            case IInstanceReferenceOperation self: changed.Add(self.Type!); break;
            case IParenthesizedOperation inner: Change(inner.Operand); break;
            case IDeclarationExpressionOperation or IDiscardOperation: break;
            case ITupleOperation tuple:
                foreach (var element in tuple.Elements) Change(element);
                break;
            default: changesMemory = true; break;
        }
    }
}
