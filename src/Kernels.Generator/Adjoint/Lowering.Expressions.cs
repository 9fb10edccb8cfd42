using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>Numbers that may have a gradient.</summary>
partial class Lowering
{
    Value Real(ExpressionSyntax expression, string? hint = null)
    {
        switch (Bare(expression))
        {
            case PrefixUnaryExpressionSyntax negated when negated.IsKind(SyntaxKind.UnaryMinusExpression):
                return Computed("negate", [Real(negated.Operand)], hint);
            case PrefixUnaryExpressionSyntax plus when plus.IsKind(SyntaxKind.UnaryPlusExpression):
                return Real(plus.Operand, hint);
            case BinaryExpressionSyntax binary:
                return Computed(binary.OperatorToken.Text, [Real(binary.Left), Real(binary.Right)], hint, binary);
            case ConditionalExpressionSyntax choice:
                return Chosen(choice);
            case ElementAccessExpressionSyntax element:
                return Loaded(element);
            case InvocationExpressionSyntax call:
                return Called(call, hint);
            case SwitchExpressionSyntax choice:
                throw Form(choice, "a switch is not run backwards", "Choose by ?: or if");
            case PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax or AssignmentExpressionSyntax:
                throw Form(expression, "it changes a variable in the midst of an expression",
                    "Write it as a statement of its own");
            case var name when Known(name)?.Value is { } value:
                return value;
            case MemberAccessExpressionSyntax member when IsOfNumber(member):
                return Value.Of($"{number.Name}.{member.Name.Identifier.Text}");
            case var other when model.GetConstantValue(other) is { HasValue: true, Value: { } constant }:
                return Value.Of($"{number.Name}.CreateTruncating({Constant(constant)})");
            case var other:
                throw Form(other, "its derivative is not known",
                    $"Use arithmetic of {number.Name}, its functions, ?: and static methods of this project");
        }
    }

    Binding? Known(ExpressionSyntax expression)
    {
        if (expression is MemberAccessExpressionSyntax member && Known(member.Expression)?.Members is { } members)
            return members.TryGetValue(member.Name.Identifier.Text, out var part) ? part : null;
        return model.GetSymbolInfo(expression).Symbol is { } symbol && bindings.TryGetValue(symbol, out var binding)
            ? binding : null;
    }

    // A member of the number's type, such as T.One.
    bool IsOfNumber(MemberAccessExpressionSyntax member) =>
        member.Expression is IdentifierNameSyntax
        && model.GetSymbolInfo(member.Expression).Symbol is ITypeParameterSymbol;

    static string Constant(object value) => value switch
    {
        double number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture) + "d",
        float number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture) + "f",
        bool choice => choice ? "true" : "false",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    Value Computed(string operation, IReadOnlyList<Value> operands, string? hint, SyntaxNode? where = null)
    {
        if (!DerivativeRules.IsKnown(operation))
            throw Form(where ?? kernel.Syntax, $"the derivative of '{operation}' is not known",
                "Write it by functions whose derivatives are");
        string Name(int i) => operands[i].Name;
        var text = operation switch
        {
            "negate" => $"-{Name(0)}",
            "+" or "-" or "*" or "/" => $"{Name(0)} {operation} {Name(1)}",
            _ => $"{number.Name}.{operation}({string.Join(", ", operands.Select(operand => operand.Name))})",
        };
        return Let(text, operation, operands, hint ?? Hint(operation));
    }

    Value Let(string text, string operation, IReadOnlyList<Value> operands, string hint, Access? source = null)
    {
        var value = new Value(names.Fresh(hint), text, operation, operands, block) { Source = source };
        if (source is not null) value.IsActive = true;
        block.Items.Add(new Let(value));
        return value;
    }

    static string Hint(string operation) => operation switch
    {
        "+" => "sum",
        "-" => "difference",
        "*" => "product",
        "/" => "quotient",
        "negate" => "negated",
        _ => char.ToLowerInvariant(operation[0]) + operation.Substring(1),
    };

    // A side is computed only where it is asked for: a derivative that is infinite on the other side stays there.
    Value Chosen(ConditionalExpressionSyntax choice)
    {
        var outer = returned;
        Branch(choice.Condition, () => returned = new(Real(choice.WhenTrue)),
            () => returned = new(Real(choice.WhenFalse)));
        var value = returned!.Value!;
        returned = outer;
        return value;
    }

    Value Loaded(ElementAccessExpressionSyntax element)
    {
        var access = AccessOf(element);
        var known = block.Items.OfType<Let>().Select(item => item.Value)
            .FirstOrDefault(value => value.Source is { } source && source.Text == access.Text);
        if (known is not null) return known;
        access.View.Loads.Add(access);
        return Let(access.Text, Value.Load, [], access.View.Name + "Value", access);
    }

    Value Called(InvocationExpressionSyntax call, string? hint)
    {
        var method = (IMethodSymbol?)model.GetSymbolInfo(call).Symbol
            ?? throw Form(call, "it is not known", "Call a method that compiles");
        var arguments = call.ArgumentList.Arguments.Select(argument => argument.Expression).ToList();
        var isOfNumber = call.Expression is MemberAccessExpressionSyntax member && IsOfNumber(member);
        if (isOfNumber && method.Name.StartsWith("Create", StringComparison.Ordinal))
            return IsNumber(model.GetTypeInfo(arguments[0]).Type)
                ? Real(arguments[0], hint) : Value.Of($"{number.Name}.{method.Name}({Text(arguments[0])})");
        if (isOfNumber && method.Name == "Clamp" && arguments.Count == 3)
            return Computed("Min", [Computed("Max", [Real(arguments[0]), Real(arguments[1])], null),
                Real(arguments[2])], hint ?? "clamped");
        if (isOfNumber && DerivativeRules.IsStep(method.Name))
            return Step(method.Name, [.. arguments.Select(argument => Real(argument))]);
        if (isOfNumber && method.Parameters.All(parameter => IsNumber(parameter.Type) || IsSelf(parameter.Type)))
            return Computed(method.Name, [.. arguments.Select(argument => Real(argument))], hint, call);
        return Inline(call)?.Value
            ?? throw Form(call, "it returns no number", "Return one on every path");
    }

    // A parameter of the interface's own type: TSelf.
    static bool IsSelf(ITypeSymbol type) => type is ITypeParameterSymbol;

    // Its derivative is 0: a constant that is computed.
    Value Step(string function, IReadOnlyList<Value> operands)
    {
        var value = Let($"{number.Name}.{function}({string.Join(", ", operands.Select(operand => operand.Name))})",
            Value.Constant, operands, Hint(function));
        value.IsActive = false;
        return value;
    }
}
