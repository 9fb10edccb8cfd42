using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Translation;

sealed partial class FunctionTranslator
{
    Expression Create(IObjectCreationOperation creation)
    {
        var type = types.Resolve(creation.Type!);
        if (!type.IsValueType)
            throw new UnsupportedException(Unsupported.Allocation, creation.Syntax, creation.Syntax.ToString());
        if (creation.Initializer is { } initializer)
            throw new UnsupportedException(Unsupported.Expression, initializer.Syntax, creation.Syntax.ToString());
        if (creation.Arguments.Length == 0 && creation.Constructor is null or { IsImplicitlyDeclared: true })
            return Default(type, creation.Syntax);
        if (!type.IsStruct()) return Converted(creation.Arguments[0].Value);
        return Construct((INamedTypeSymbol)type, types.Resolve(creation.Constructor!), creation.Arguments, creation);
    }

    Expression Construct(INamedTypeSymbol type, IMethodSymbol constructor, IReadOnlyList<IArgumentOperation> arguments,
        IOperation where)
    {
        constructor = constructor.PartialImplementationPart ?? constructor;
        var values = ArgumentsInOrder(arguments, Argument);
        if (type.IsDialect())
            return values.Count == unit.Fields(type).Count ? MakeStruct(type, values, where.Syntax)
                : throw new UnsupportedException(Unsupported.Call, where.Syntax,
                    constructor.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat));
        if (Constructors.Order(unit.Compilation, constructor, unit.Fields(type), unit.Cancellation) is { } order)
            return MakeStruct(type, order.Select(i => values[i]), where.Syntax);
        if (unit.Pointers(type) > 0)
            throw new UnsupportedException(Unsupported.StructMembers, where.Syntax, type.Name,
                "it holds views and its constructor does more than to set each field to a parameter");
        if (!constructor.HasBody(unit.Cancellation) && values.Any(value => value.Spaces.Length > 0))
            throw new UnsupportedException(Unsupported.StructMembers, where.Syntax, type.Name,
                "its primary constructor takes a view and does more than to set each field to a parameter");
        return CallFunction(constructor, null, values, where.Syntax);
    }

    /// <summary>
    /// The body of a constructor: its fields' initial values first, or the constructor that it names by
    /// <c>: this(...)</c>.
    /// </summary>
    void Constructor(IConstructorBodyOperation? constructor)
    {
        var type = method.ContainingType;
        writer.Line($"{unit.TypeName(type, "", syntax)} self = {{0}};");
        variables[type] = new("self");
        if (Chained(constructor) is { } other)
            Emit(other, $"self = {Construct(type, types.Resolve(other.TargetMethod), other.Arguments, other).Text};");
        else
            foreach (var field in unit.Fields(type)) Initialize(field);
        if ((constructor?.BlockBody ?? constructor?.ExpressionBody) is { } body) Statements(body);
        writer.Line("return self;");
    }

    // The one without parameters that C# adds to a struct leaves the initial values to the constructor that names it.
    static IInvocationOperation? Chained(IConstructorBodyOperation? constructor) =>
        constructor?.Initializer?.DescendantsAndSelf()
        .OfType<IInvocationOperation>().FirstOrDefault(call => !call.TargetMethod.IsImplicitlyDeclared);

    void Initialize(StructField field)
    {
        if (Constructors.Initial(unit.Compilation, method, field, unit.Cancellation) is not { } initial) return;
        var value = initial.Value is { } operation ? Converted(operation) : variables[initial.Parameter!];
        var target = Member(variables[method.ContainingType], method.ContainingType, field.Name);
        if (initial.Value is { } where) Emit(where, $"{target.Text} = {value.Text};");
        else writer.Line($"{target.Text} = {value.Text};");
    }
}
