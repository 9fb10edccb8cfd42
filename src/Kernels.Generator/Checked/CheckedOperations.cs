using LdNetGpu.Dialect;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Checked;

/// <summary>What an operation runs, reaches and changes.</summary>
static class CheckedOperations
{
    /// <summary>
    /// What a call, a property that is read, an operator or an object's making runs; null for other operations. Setters
    /// with a body of their own have no text.
    /// </summary>
    public static IMethodSymbol? Called(this IOperation operation) => operation switch
    {
        IInvocationOperation call => call.TargetMethod,
        IPropertyReferenceOperation property => property.Property.GetMethod,
        IObjectCreationOperation creation => creation.Constructor,
        IBinaryOperation binary => binary.OperatorMethod,
        IUnaryOperation unary => unary.OperatorMethod,
        IConversionOperation conversion => conversion.OperatorMethod,
        ICompoundAssignmentOperation compound => compound.OperatorMethod,
        IIncrementOrDecrementOperation step => step.OperatorMethod,
        _ => null,
    };

    /// <summary>
    /// The type parameter through which an interface's member is called; null where the member called is the one that
    /// runs.
    /// </summary>
    public static ITypeParameterSymbol? ThroughParameter(this IOperation operation) =>
        operation.Called()?.ContainingType?.TypeKind != TypeKind.Interface ? null : operation switch
        {
            IInvocationOperation call => call.ConstrainedToType ?? call.Instance?.Type,
            IPropertyReferenceOperation property => property.ConstrainedToType ?? property.Instance?.Type,
            IBinaryOperation binary => binary.ConstrainedToType,
            IUnaryOperation unary => unary.ConstrainedToType,
            IConversionOperation conversion => conversion.ConstrainedToType,
            ICompoundAssignmentOperation compound => compound.ConstrainedToType,
            IIncrementOrDecrementOperation step => step.ConstrainedToType,
            _ => null,
        } as ITypeParameterSymbol;

    /// <summary>Whether it reaches memory, or asks where the lane is.</summary>
    public static bool ReachesMemory(this IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property: { IsIndexer: true, ContainingType: var owner } } => owner.IsMemory(),
        IPropertyReferenceOperation { Property: var property } =>
            Intrinsics.Declared(property)?.Role == LaneRole.Position,
        IInvocationOperation { TargetMethod: var method } =>
            Intrinsics.Declared(method)?.Role is LaneRole.VectorisedAccess or LaneRole.SharedAllocation
                or LaneRole.ViewPart or LaneRole.Memory,
        _ => false,
    };

    /// <summary>Whether it changes the struct whose member it stands in.</summary>
    public static bool ChangesSelf(this IOperation operation) => operation switch
    {
        IAssignmentOperation assignment => IsOfSelf(assignment.Target),
        IIncrementOrDecrementOperation step => IsOfSelf(step.Target),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument => IsOfSelf(argument.Value),
        _ => false,
    };

    /// <summary>Whether it calls a member of that struct, or of a part of it.</summary>
    public static bool IsOnSelf(this IOperation operation) => operation switch
    {
        IInvocationOperation { Instance: { } instance } => IsOfSelf(instance),
        IPropertyReferenceOperation { Instance: { } instance } => IsOfSelf(instance),
        _ => false,
    };

    // this, this.a, this.a.b
    static bool IsOfSelf(IOperation operation) => operation switch
    {
        IInstanceReferenceOperation => true,
        IFieldReferenceOperation { Instance: { } instance } => IsOfSelf(instance),
        IPropertyReferenceOperation { Instance: { } instance, Property.IsIndexer: false } => IsOfSelf(instance),
        _ => false,
    };
}
