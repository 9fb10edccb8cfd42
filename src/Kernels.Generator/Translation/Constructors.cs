using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>What the constructors of a struct do.</summary>
static class Constructors
{
    /// <summary>Whether it has a body of its own; a primary constructor has none.</summary>
    public static bool HasBody(this IMethodSymbol constructor, CancellationToken cancellation) =>
        constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is ConstructorDeclarationSyntax;

    /// <summary>
    /// For each field the place among the parameters of the one that it is set to; null where the constructor does
    /// anything else, or leaves a field or a parameter out.
    /// </summary>
    public static IReadOnlyList<int>? Order(Compilation compilation, IMethodSymbol constructor,
        IReadOnlyList<StructField> fields,
        CancellationToken cancellation)
    {
        if (Stores(compilation, constructor, fields, cancellation) is not { } stores
            || constructor.Parameters.Length != fields.Count)
            return null;
        var sources = fields.Select(
            field => stores.LastOrDefault(
                store => SymbolEqualityComparer.Default.Equals(store.Field, field.Symbol?.OriginalDefinition))
            .Parameter?.Ordinal ?? -1).ToList();
        return stores.Count == fields.Count && !sources.Contains(-1) && sources.Distinct().Count() == fields.Count
            ? sources : null;
    }

    /// <summary>
    /// The value that a field has before a constructor's body runs, or the parameter of a positional record; null for
    /// none.
    /// </summary>
    public static (IOperation? Value, IParameterSymbol? Parameter)? Initial(Compilation compilation,
        IMethodSymbol constructor, StructField field,
        CancellationToken cancellation)
    {
        var syntax = field.Symbol?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
        if (syntax is ParameterSyntax)
            return (null,
                constructor.OriginalDefinition.Parameters.FirstOrDefault(parameter => parameter.Name == field.Name));
        var initializer = syntax switch
        {
            VariableDeclaratorSyntax variable => variable.Initializer,
            PropertyDeclarationSyntax property => property.Initializer,
            _ => null,
        };
        if (initializer is null) return null;
        var operation = compilation.GetSemanticModel(initializer.SyntaxTree).GetOperation(initializer, cancellation);
        return (((ISymbolInitializerOperation)operation!).Value, null);
    }

    // Each field that is set, and the parameter that it is set to; null where something else is done.
    static List<(ISymbol Field, IParameterSymbol? Parameter)>? Stores(Compilation compilation,
        IMethodSymbol constructor, IReadOnlyList<StructField> fields,
        CancellationToken cancellation)
    {
        var stores = new List<(ISymbol, IParameterSymbol?)>();
        foreach (var field in fields)
            if (Initial(compilation, constructor, field, cancellation) is { } initial)
                stores.Add((field.Symbol!.OriginalDefinition, initial.Parameter ?? Parameter(initial.Value!)));
        if (!constructor.HasBody(cancellation)) return stores;
        var syntax = constructor.DeclaringSyntaxReferences[0].GetSyntax(cancellation);
        var body = (IConstructorBodyOperation)compilation.GetSemanticModel(syntax.SyntaxTree)
            .GetOperation(syntax, cancellation)!;
        if (body.Initializer is not null) return null;
        foreach (var statement in (body.BlockBody ?? body.ExpressionBody)!.Operations)
            switch ((statement as IExpressionStatementOperation)?.Operation)
            {
                case ISimpleAssignmentOperation { IsRef: false } assignment when Field(assignment.Target) is { } field:
                    stores.Add((field, Parameter(assignment.Value)));
                    break;
                case IDeconstructionAssignmentOperation { Target: ITupleOperation targets } assignment
                    when Value(assignment.Value) is ITupleOperation values
                    && targets.Elements.All(target => Field(target) is not null):
                    stores.AddRange(
                        targets.Elements.Zip(values.Elements, (target, value) => (Field(target)!, Parameter(value))));
                    break;
                default: return null;
            }
        return stores;
    }

    static ISymbol? Field(IOperation target) => target switch
    {
        IFieldReferenceOperation { Instance: IInstanceReferenceOperation } field => field.Field.OriginalDefinition,
        IPropertyReferenceOperation { Instance: IInstanceReferenceOperation } property =>
            property.Property.OriginalDefinition,
        _ => null,
    };

    static IParameterSymbol? Parameter(IOperation value) => (Value(value) as IParameterReferenceOperation)?.Parameter;

    static IOperation Value(IOperation value)
    {
        while (value is IConversionOperation { IsImplicit: true, OperatorMethod: null } conversion)
            value = conversion.Operand;
        return value;
    }
}
