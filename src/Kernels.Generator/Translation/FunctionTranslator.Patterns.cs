using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Translation;

sealed partial class FunctionTranslator
{
    Expression SwitchExpression(ISwitchExpressionOperation choice)
    {
        var value = Simple(choice.Value);
        conditional++;
        var result = default(Expression);
        foreach (var arm in choice.Arms.Reverse())
        {
            if (arm.Value is IConversionOperation { Operand: IThrowOperation } or IThrowOperation
                || arm.Syntax.IsMissing)
                throw new UnsupportedException(Unsupported.Exceptions, arm.Syntax, FirstLine(arm));
            var test = Matches(arm.Pattern, value);
            var armValue = Expression(arm.Value);
            // The last arm needs no test: C# has seen to it that one fits, or throws where a device cannot.
            if (result is null)
            {
                result = armValue;
                continue;
            }
            if (arm.Guard is { } guard) test = Both(test, Expression(guard));
            RequireSameSpaces(arm, armValue.Spaces, result.Spaces);
            result = Select(test, armValue, result);
        }
        conditional--;
        return result!;
    }

    Expression IsPattern(IIsPatternOperation test) => Matches(test.Pattern, Simple(test.Value));

    /// <summary>A value that may be written several times over.</summary>
    Expression Simple(IOperation operation)
    {
        var value = Expression(operation);
        return operation is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation
            || ConstantOf(operation) is not null
            ? value
            : new(Temporary(unit.TypeName(types.Resolve(operation.Type!), value.Spaces, operation.Syntax), value));
    }

    Expression Matches(IPatternOperation pattern, Expression value) => pattern switch
    {
        IConstantPatternOperation constant => IsConstant(constant.Value, value),
        IRelationalPatternOperation relation => Relation(relation, value),
        INegatedPatternOperation negated =>
            new("!" + Matches(negated.Pattern, value).Within(Precedence.Unary), Precedence.Unary),
        IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } both =>
            Both(Matches(both.LeftPattern, value), Matches(both.RightPattern, value)),
        IBinaryPatternOperation either =>
            new($"{Matches(either.LeftPattern, value).Within(Precedence.LogicalOr)} || "
                + $"{Matches(either.RightPattern, value).Within(Precedence.LogicalAnd)}", Precedence.LogicalOr),
        IDiscardPatternOperation => new("true"),
        _ => throw new UnsupportedException(Unsupported.Pattern, pattern.Syntax, pattern.Syntax.ToString()),
    };

    // As C#'s Equals has it, NaN is NaN.
    Expression IsConstant(IOperation constant, Expression value) => ConstantOf(constant) is float.NaN or double.NaN
        ? new($"{value.Within(Precedence.Equality)} != {value.Within(Precedence.Relation)}", Precedence.Equality)
        : new($"{value.Within(Precedence.Equality)} == {Expression(constant).Within(Precedence.Relation)}",
            Precedence.Equality);

    Expression Relation(IRelationalPatternOperation relation, Expression value)
    {
        var (symbol, binding) = Operators.Binary(relation.OperatorKind, relation.Syntax);
        return new($"{value.Within(binding)} {symbol} {Expression(relation.Value).Within(binding + 1)}", binding);
    }

    static Expression Both(Expression first, Expression second) =>
        new($"{first.Within(Precedence.LogicalAnd)} && {second.Within(Precedence.Or)}", Precedence.LogicalAnd);
}
