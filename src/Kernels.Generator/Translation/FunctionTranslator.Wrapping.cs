using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace LdNetGpu.Kernels.Generator.Translation;

// C leaves it undefined what a signed integer does beyond its range, and its compilers count on it where they turn
// indices into addresses. Where C# says unchecked, sums, differences and products are computed unsigned, which wraps
// around in both.
sealed partial class FunctionTranslator
{
    /// <summary>What a type is resolved to: of an enum or an index, the number behind it.</summary>
    ITypeSymbol NumberOf(ITypeSymbol type) => types.Resolve(type).Scalar(unit.Compilation);

    bool Wraps(ITypeSymbol type, SyntaxNode where) =>
        NumberOf(type).SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 && IsUnchecked(where);

    static bool IsUnchecked(SyntaxNode node) =>
        node.AncestorsAndSelf()
            .FirstOrDefault(outer => outer is CheckedExpressionSyntax or CheckedStatementSyntax) is { } context
        && context.Kind() is SyntaxKind.UncheckedExpression or SyntaxKind.UncheckedStatement;

    static bool IsLinear(BinaryOperatorKind kind) =>
        kind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply;

    // A product of two ushorts, of which C#'s own operator takes the lower bits.
    static bool ExceedsInt(BinaryOperatorKind kind, ITypeSymbol type) =>
        kind == BinaryOperatorKind.Multiply && type.SpecialType == SpecialType.System_UInt16;

    /// <summary>The type that C computes in.</summary>
    ITypeSymbol Promoted(ITypeSymbol type) =>
        type.IsNarrow() ? unit.Compilation.GetSpecialType(SpecialType.System_Int32) : type;

    Expression Wrapped(ITypeSymbol type, string symbol, int binding, Expression left, Expression right) =>
        Signed(type, new($"{Unsigned(type, left).Within(binding)} {symbol} {Unsigned(type, right).Within(binding + 1)}",
            binding));

    Expression Negated(ITypeSymbol type, Expression value) =>
        Signed(type, Prefixed("-", Unsigned(type, value).Within(Precedence.Unary)));

    /// <summary>A step as an assignment, whose value is the new one; the old one is a step back.</summary>
    Expression WrappedStep(IIncrementOrDecrementOperation step, string symbol)
    {
        var type = NumberOf(step.Target.Type!);
        var target = FoundOnce(step.Target);
        var next = Wrapped(type, symbol, Precedence.Add, target, new("1"));
        var stored = new Expression($"{target.Text} = {next.Text}", Precedence.Assignment);
        return step.IsPostfix && step.Parent is not IExpressionStatementOperation
            ? Wrapped(type, symbol == "+" ? "-" : "+", Precedence.Add, stored, new("1"))
            : stored;
    }

    Expression Signed(ITypeSymbol type, Expression unsigned) =>
        new($"({Target.Number(type.SpecialType)}){unsigned.Within(Precedence.Unary)}",
            Precedence.Unary) { Unsigned = (type.Bits(), unsigned) };

    // A literal takes the other operand's type.
    Expression Unsigned(ITypeSymbol type, Expression value) =>
        value.Unsigned is { } unsigned && unsigned.Bits == type.Bits() ? unsigned.Value
        : value.Binding == Precedence.Primary && char.IsDigit(value.Text[0]) ? value
        : new($"({Target.Number(type.Unsigned())}){value.Within(Precedence.Unary)}", Precedence.Unary);
}
