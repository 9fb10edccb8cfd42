using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace LdNetGpu.Kernels.Generator;

// In C# sums, differences and products of signed integers wrap around; C leaves it undefined, and its compilers count on it. So they are computed
// unsigned, except for a view's indices and the steps of loops, which the compilers turn into addresses that grow, and which no view has elements for.
sealed partial class FunctionTranslator
{
    bool isIndex;

    bool Wraps(ITypeSymbol type) => !isIndex && types.Resolve(type).SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64;

    /// <summary>An index of a view, or a step of a loop.</summary>
    Expression Index(IOperation operation, Func<IOperation, Expression> translate) => As(true, operation, translate);

    Expression As(bool index, IOperation operation, Func<IOperation, Expression> translate)
    {
        var outer = isIndex;
        isIndex = index;
        var result = translate(operation);
        isIndex = outer;
        return result;
    }

    // A remainder or a mask of an index is within the view even where the index itself has wrapped around.
    static bool IsPartOfIndex(IOperation operation) => operation switch
    {
        IBinaryOperation binary => IsLinear(binary.OperatorKind),
        ICompoundAssignmentOperation step => IsLinear(step.OperatorKind),
        _ => operation is IIncrementOrDecrementOperation or IConversionOperation or IParenthesizedOperation,
    };

    static bool IsLinear(BinaryOperatorKind kind) => kind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply;

    Expression Wrapped(ITypeSymbol type, string symbol, int binding, Expression left, Expression right) =>
        Signed(type, new($"{Unsigned(type, left).Within(binding)} {symbol} {Unsigned(type, right).Within(binding + 1)}", binding));

    Expression Negated(ITypeSymbol type, Expression value) => Signed(type, new("-" + Unsigned(type, value).Within(Precedence.Unary), Precedence.Unary));

    /// <summary>A step as an assignment, whose value is the new one; the old one is a step back.</summary>
    Expression WrappedStep(IIncrementOrDecrementOperation step, string symbol)
    {
        var type = types.Resolve(step.Target.Type!);
        var target = FoundOnce(step.Target);
        var next = Wrapped(type, symbol, Precedence.Add, target, new("1"));
        var stored = new Expression($"{target.Text} = {next.Text}", Precedence.Assignment);
        return step.IsPostfix && step.Parent is not IExpressionStatementOperation
            ? Wrapped(type, symbol == "+" ? "-" : "+", Precedence.Add, stored, new("1"))
            : stored;
    }

    Expression Signed(ITypeSymbol type, Expression unsigned) =>
        new($"({Target.Number(type.SpecialType)}){unsigned.Within(Precedence.Unary)}", Precedence.Unary) { Unsigned = (Bits(type), unsigned) };

    // A literal takes the other operand's type.
    Expression Unsigned(ITypeSymbol type, Expression value) =>
        value.Unsigned is { } unsigned && unsigned.Bits == Bits(type) ? unsigned.Value
        : char.IsDigit(value.Text[0]) ? value
        : new($"({Target.Number(type.IsWide() ? SpecialType.System_UInt64 : SpecialType.System_UInt32)}){value.Within(Precedence.Unary)}", Precedence.Unary);

    static int Bits(ITypeSymbol type) => type.IsWide() ? 64 : 32;
}
