using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>Calls, which are written out.</summary>
partial class Lowering
{
    /// <summary>What a static method of this project returns; null where it returns nothing.</summary>
    Binding? Inline(InvocationExpressionSyntax call)
    {
        if (model.GetSymbolInfo(call).Symbol is not IMethodSymbol { IsStatic: true } method
            || method.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax()
                is not MethodDeclarationSyntax declaration || declaration is { Body: null, ExpressionBody: null })
            throw Form(call, "its source is not in this project, and its derivative is not known",
                "Use the number's own functions and static methods of this project");
        if (calls.Contains(method.OriginalDefinition, SymbolEqualityComparer.Default))
            throw Dynamic(call, "it calls itself", "Write a loop");
        var definition = method.OriginalDefinition;
        var arguments = new Dictionary<ISymbol, Binding>(SymbolEqualityComparer.Default);
        for (var i = 0; i < call.ArgumentList.Arguments.Count; i++)
        {
            var argument = call.ArgumentList.Arguments[i];
            if (argument.RefKindKeyword.ValueText.Length > 0 || argument.NameColon is not null)
                throw Form(argument, "it is passed by reference or by name", "Pass values, in their order");
            arguments[definition.Parameters[i]] = Argument(argument.Expression, definition.Parameters[i].Name);
        }
        foreach (var parameter in definition.Parameters.Skip(call.ArgumentList.Arguments.Count))
            throw Form(call, $"it leaves '{parameter.Name}' to its default", "Pass it");
        var (outerModel, outerResult) = (model, returned);
        calls.Add(definition);
        model = kernel.Compilation.GetSemanticModel(declaration.SyntaxTree);
        returned = null;
        // What the caller's variables have become is not touched by the callee's.
        foreach (var argument in arguments) Bind(argument.Key, argument.Value);
        if (declaration.ExpressionBody is { } body)
        {
            if (method.ReturnsVoid) Statement(body.Expression);
            else returned = Bound(body.Expression, Hint(method.Name));
        }
        else Statements([.. declaration.Body!.Statements]);
        var result = returned;
        calls.RemoveAt(calls.Count - 1);
        (model, returned) = (outerModel, outerResult);
        return result;
    }

    Binding Argument(ExpressionSyntax expression, string hint)
    {
        if (Known(Bare(expression)) is { } known) return known;
        var type = model.GetTypeInfo(expression).Type;
        return IsNumber(type) ? new(Real(expression, hint)) : Bound(expression, hint);
    }

    /// <summary>The parts of a tuple, written as such or returned by a method that is written out.</summary>
    /// <param name="expression">The tuple.</param>
    /// <param name="names">What the parts are called by whoever takes it apart.</param>
    IReadOnlyList<Binding>? Tuple(ExpressionSyntax expression, IReadOnlyList<string> names)
    {
        switch (Bare(expression))
        {
            case TupleExpressionSyntax tuple:
                return [.. tuple.Arguments.Select((argument, i) =>
                    Argument(argument.Expression, i < names.Count ? names[i] : "part"))];
            case InvocationExpressionSyntax call when model.GetTypeInfo(call).Type is { IsTupleType: true }:
                var outer = partNames;
                partNames = names;
                var parts = Inline(call)?.Parts;
                partNames = outer;
                return parts;
            default:
                return null;
        }
    }
}
