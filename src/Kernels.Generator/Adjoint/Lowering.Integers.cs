using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>Integers and bools, which have no gradient, and what they tell of places.</summary>
partial class Lowering
{
    string Text(ExpressionSyntax expression)
    {
        if (IsNumber(model.GetTypeInfo(expression).Type)) return Real(expression).Name;
        if (expression is IdentifierNameSyntax && model.GetConstantValue(expression) is { Value: { } constant })
            return Constant(constant);
        switch (expression)
        {
            case ParenthesizedExpressionSyntax inner:
                return $"({Text(inner.Expression)})";
            case LiteralExpressionSyntax literal:
                return literal.ToString();
            case PrefixUnaryExpressionSyntax prefix when !prefix.IsKind(SyntaxKind.PreIncrementExpression)
                && !prefix.IsKind(SyntaxKind.PreDecrementExpression):
                return prefix.OperatorToken.Text + Text(prefix.Operand);
            case BinaryExpressionSyntax binary:
                return $"{Text(binary.Left)} {binary.OperatorToken.Text} {Text(binary.Right)}";
            case ConditionalExpressionSyntax choice:
                return $"({Text(choice.Condition)} ? {Text(choice.WhenTrue)} : {Text(choice.WhenFalse)})";
            case CastExpressionSyntax cast when model.GetTypeInfo(cast.Type).Type is { } type && type.IsPrimitive():
                return $"({type.ToDisplayString(Symbols.FullyQualified)}){Text(cast.Expression)}";
            case ElementAccessExpressionSyntax element when Known(element.Expression)?.Integers is { } view:
                var access = AccessOf(view, element);
                view.Loads.Add(access);
                return access.Text;
            case var name when Known(name) is { } known:
                return known.Text ?? known.View?.Operand.Access ?? known.Value?.Name
                    ?? throw Form(name, "it has several parts", "Take it apart first");
            case MemberAccessExpressionSyntax member when Known(member.Expression) is { } known
                && (known.Text ?? known.View?.Operand.Access) is { } owner:
                return $"{owner}.{member.Name.Identifier.Text}";
            case MemberAccessExpressionSyntax member when IsOfNumber(member):
                return $"{number.Name}.{member.Name.Identifier.Text}";
            case InvocationExpressionSyntax call:
                return CallText(call);
            case SwitchExpressionSyntax:
                throw Form(expression, "a switch is not run backwards", "Choose by ?: or if");
            case var other when model.GetSymbolInfo(other).Symbol is IFieldSymbol { IsStatic: true } field:
                return $"{field.ContainingType.ToDisplayString(Symbols.FullyQualified)}.{field.Name}";
            default:
                throw Form(expression, "it is no integer or condition that the adjoint can compute again",
                    "Use arithmetic, comparisons, ?: and calls of static methods");
        }
    }

    string CallText(InvocationExpressionSyntax call)
    {
        if (model.GetSymbolInfo(call).Symbol is not IMethodSymbol { IsStatic: true } method)
            throw Form(call, "it is no static method", "Call a static method");
        if (method.ReturnType.IsFloating())
            throw Form(call, "it makes a number of another kind, which has no gradient", $"Compute in {number.Name}");
        var owner = method.ContainingType.TypeKind == TypeKind.Interface
            ? number.Name : method.ContainingType.ToDisplayString(Symbols.FullyQualified);
        var generic = method.TypeArguments.Length == 1 && IsNumber(method.TypeArguments[0]) ? $"<{number.Name}>" : "";
        var arguments = call.ArgumentList.Arguments.Select(argument => Text(argument.Expression));
        return $"{owner}.{method.Name}{generic}({string.Join(", ", arguments)})";
    }

    /// <summary>An integer in terms of the lane.</summary>
    Affine Place(ExpressionSyntax expression)
    {
        expression = Bare(expression);
        if (model.GetConstantValue(expression) is { HasValue: true, Value: { } constant })
            return Affine.Of(Constant(constant));
        switch (expression)
        {
            case var name when Known(name)?.Place is { } place:
                return place;
            case MemberAccessExpressionSyntax { Name.Identifier.Text: "X" or "Y" } axis when IsPlaneIndex(axis):
                return Affine.Of(axis.Name.Identifier.Text == "X"
                    ? new Axis(AxisKind.X, "(extent.X - 1)") : new Axis(AxisKind.Y, "(extent.Y - 1)"));
            case CastExpressionSyntax cast:
                return Place(cast.Expression);
            case BinaryExpressionSyntax sum when sum.IsKind(SyntaxKind.AddExpression):
                return Place(sum.Left).Plus(Place(sum.Right));
            case BinaryExpressionSyntax difference when difference.IsKind(SyntaxKind.SubtractExpression):
                return Difference(difference);
            case BinaryExpressionSyntax product when product.IsKind(SyntaxKind.MultiplyExpression):
                return Scaled(product.Left, Place(product.Right).Fixed)
                    ?? Scaled(product.Right, Place(product.Left).Fixed) ?? Affine.Opaque;
            case BinaryExpressionSyntax quotient when quotient.IsKind(SyntaxKind.DivideExpression)
                && IsLane(quotient.Left) && Place(quotient.Right).Fixed is { } divisor:
                return Affine.Of(new Axis(AxisKind.Row, "(rows - 1)", divisor));
            case BinaryExpressionSyntax rest when rest.IsKind(SyntaxKind.ModuloExpression)
                && IsLane(rest.Left) && Place(rest.Right).Fixed is { } divisor:
                return Column(divisor);
            case BinaryExpressionSyntax other when Place(other.Left).Fixed is { } left
                && Place(other.Right).Fixed is { } right:
                var both = $"({left} {other.OperatorToken.Text} {right})";
                return Affine.Of($"({Text(other)})", both, both);
            case PrefixUnaryExpressionSyntax negated when negated.IsKind(SyntaxKind.UnaryMinusExpression)
                && IsUniform(negated.Operand):
                return Place(negated.Operand).Negated();
            default:
                return Affine.Opaque;
        }
    }

    // Places grow with the lane and with rounds: the operation asks that no factor is negative.
    Affine? Scaled(ExpressionSyntax expression, string? factor)
    {
        if (factor is null || int.TryParse(factor.Trim('(', ')'), out var number) && number < 0) return null;
        if (!char.IsDigit(factor[0])) factors.Add(factor);
        return Place(expression).Times(factor);
    }

    static Affine Column(string divisor) => Affine.Of(new Axis(AxisKind.Column, $"({divisor} - 1)", divisor));

    // i - row · columns is the column; else only what is the same for every lane can be taken away.
    Affine Difference(BinaryExpressionSyntax difference)
    {
        if (IsLane(difference.Left) && Place(difference.Right) is { IsOpaque: false, Terms.Count: 1 } taken
            && taken.Terms[0] is { Axis: { Kind: AxisKind.Row, Divisor: var divisor }, Coefficient: var coefficient }
            && coefficient == divisor)
            return Column(divisor);
        return IsUniform(difference.Right)
            ? Place(difference.Left).Plus(Place(difference.Right).Negated()) : Affine.Opaque;
    }

    bool IsLane(ExpressionSyntax expression) =>
        Place(expression) is { Only: { Kind: AxisKind.Lane }, Offset.Length: 0 };

    bool IsUniform(ExpressionSyntax expression) => Place(expression) is { IsOpaque: false } place && !place.Axes.Any();

    bool IsPlaneIndex(MemberAccessExpressionSyntax axis) =>
        model.GetSymbolInfo(axis.Expression).Symbol is IParameterSymbol { Ordinal: 0 } parameter
        && parameter.Type.IsDialect("Index2D")
        && SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, kernel.Method);

    Access AccessOf(ElementAccessExpressionSyntax element)
    {
        if (Known(element.Expression)?.View is not { } view)
            throw Form(element, "it is no parameter that is a view of the kernel's number",
                $"Read and write parameters of type ArrayView<{number.Name}> or Matrix<{number.Name}>");
        return AccessOf(view, element);
    }

    Access AccessOf(ViewOperand view, ElementAccessExpressionSyntax element)
    {
        var indices = element.ArgumentList.Arguments.Select(argument => argument.Expression).ToList();
        return new(view, [.. indices.Select(Text)], [.. indices.Select(Place)], element);
    }
}
