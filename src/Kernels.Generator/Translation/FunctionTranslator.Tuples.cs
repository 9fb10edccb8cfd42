using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace LdNetGpu.Kernels.Generator;

sealed partial class FunctionTranslator
{
    /// <summary>(a, b) = ...: every value is taken before the first is stored.</summary>
    void Deconstruct(IDeconstructionAssignmentOperation deconstruction)
    {
        var target = deconstruction.Target is IDeclarationExpressionOperation { Expression: ITupleOperation declared }
            ? declared
            : (ITupleOperation)deconstruction.Target;
        var values = Parts(deconstruction.Value).ToList();
        for (var i = 0; i < target.Elements.Length; i++)
        {
            var (element, (value, type)) = (target.Elements[i], values[i]);
            if (element is IDiscardOperation) continue;
            var local = element switch
            {
                IDeclarationExpressionOperation { Expression: ILocalReferenceOperation inner } => inner.Local,
                ILocalReferenceOperation { IsDeclaration: true } outer => outer.Local,
                _ => null,
            };
            if (local is not null) Declare(deconstruction, local, types.Resolve(local.Type), value);
            else Emit(deconstruction, $"{Written(element).Text} = {value.Text};");
        }
    }

    IEnumerable<(Expression Value, ITypeSymbol Type)> Parts(IOperation value)
    {
        while (value is IConversionOperation conversion) value = conversion.Operand;
        if (value is ITupleOperation tuple)
        {
            foreach (var element in tuple.Elements)
            {
                var type = types.Resolve(element.Type!);
                var part = Expression(element);
                yield return (
                    ConstantOf(element) is not null || type.IsView()
                        ? part
                        : new(Temporary(unit.TypeName(type, part.Spaces, element.Syntax), part)),
                    type);
            }
            yield break;
        }
        var structType = types.Resolve(value.Type!);
        if (!structType.IsStruct()) throw new UnsupportedException(Unsupported.Expression, value.Syntax, value.Syntax.ToString());
        var whole = Expression(value);
        whole = new(Temporary(unit.TypeName(structType, whole.Spaces, value.Syntax), whole)) { Spaces = whole.Spaces };
        foreach (var field in unit.Fields(structType)) yield return (Member(whole, structType, field.Name), field.Type);
    }

    Expression MakeStruct(ITypeSymbol type, IEnumerable<Expression> fields, IOperation where)
    {
        var values = fields.ToList();
        var held = string.Concat(values.Select(value => value.Spaces));
        return new($"make_{unit.TypeName(type, held, where.Syntax)}({string.Join(", ", values.Select(Pass))})") { Spaces = held };
    }

    Expression Default(ITypeSymbol type, SyntaxNode where)
    {
        if (type.IsView())
            return new($"({unit.PointerTo(type.Element(), Target.Distinguish(Space.Global), where)})0", Precedence.Unary)
            {
                Spaces = Target.Distinguish(Space.Global).ToString(),
                Length = "0",
            };
        if (type.Scalar(unit.Compilation).IsPrimitive()) return new(Zero(type));
        var held = new string(Target.Distinguish(Space.Global), unit.Pointers(type));
        var name = Local("zero");
        Before($"{unit.TypeName(type, held, where)} {name} = {{0}};");
        return new(name) { Spaces = held };
    }

    string Zero(ITypeSymbol type) => type.Scalar(unit.Compilation).SpecialType switch
    {
        SpecialType.System_Boolean => "false",
        SpecialType.System_Single => "0.0f",
        SpecialType.System_Double => "0.0",
        SpecialType.System_UInt32 => "0u",
        SpecialType.System_Int64 => "0" + Target.LongSuffix,
        SpecialType.System_UInt64 => "0u" + Target.LongSuffix,
        _ => "0",
    };
}
