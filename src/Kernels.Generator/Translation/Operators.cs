using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Translation;

static class Operators
{
    public static (string Symbol, int Binding) Binary(BinaryOperatorKind kind, SyntaxNode where) => kind switch
    {
        BinaryOperatorKind.Add => ("+", Precedence.Add),
        BinaryOperatorKind.Subtract => ("-", Precedence.Add),
        BinaryOperatorKind.Multiply => ("*", Precedence.Multiply),
        BinaryOperatorKind.Divide => ("/", Precedence.Multiply),
        BinaryOperatorKind.Remainder => ("%", Precedence.Multiply),
        BinaryOperatorKind.LeftShift => ("<<", Precedence.Shift),
        BinaryOperatorKind.RightShift => (">>", Precedence.Shift),
        BinaryOperatorKind.UnsignedRightShift => (">>>", Precedence.Shift),
        BinaryOperatorKind.And => ("&", Precedence.And),
        BinaryOperatorKind.Or => ("|", Precedence.Or),
        BinaryOperatorKind.ExclusiveOr => ("^", Precedence.Xor),
        BinaryOperatorKind.ConditionalAnd => ("&&", Precedence.LogicalAnd),
        BinaryOperatorKind.ConditionalOr => ("||", Precedence.LogicalOr),
        BinaryOperatorKind.Equals => ("==", Precedence.Equality),
        BinaryOperatorKind.NotEquals => ("!=", Precedence.Equality),
        BinaryOperatorKind.LessThan => ("<", Precedence.Relation),
        BinaryOperatorKind.LessThanOrEqual => ("<=", Precedence.Relation),
        BinaryOperatorKind.GreaterThan => (">", Precedence.Relation),
        BinaryOperatorKind.GreaterThanOrEqual => (">=", Precedence.Relation),
        _ => throw new UnsupportedException(Unsupported.Expression, where, where.ToString()),
    };

    /// <summary>Whether an int may result that neither of two narrower operands' type has.</summary>
    public static bool LeavesRange(BinaryOperatorKind kind) => kind is BinaryOperatorKind.Add
        or BinaryOperatorKind.Subtract or BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide
        or BinaryOperatorKind.LeftShift;
}
