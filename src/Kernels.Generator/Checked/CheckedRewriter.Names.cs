using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Checked;

// Names are written out in full: the generated file has none of the source's usings, and stands in another class.
sealed partial class CheckedRewriter
{
    public override SyntaxNode? VisitIdentifierName(IdentifierNameSyntax node) =>
        node.IsVar ? node : IsElement(node) ? Load(node) : Rewritten(node) ?? Qualified(node) ?? OfSelf(node) ?? node;

    /// <summary>The name of a parameter, of a tuple's element or of a pattern's member.</summary>
    public override SyntaxNode? VisitNameColon(NameColonSyntax node) => node;

    public override SyntaxNode? VisitGenericName(GenericNameSyntax node) =>
        Qualified(node) ?? OfSelf(node) ?? base.VisitGenericName(node);

    public override SyntaxNode? VisitQualifiedName(QualifiedNameSyntax node) =>
        Qualified(node) ?? base.VisitQualifiedName(node);

    public override SyntaxNode? VisitThisExpression(ThisExpressionSyntax node) =>
        SyntaxFactory.IdentifierName(This).WithTriviaFrom(node);

    public override SyntaxNode? VisitMemberAccessExpression(MemberAccessExpressionSyntax node)
    {
        if (PartOf(node) is not null) return Load(node);
        if (Rewritten(node) is { } rewritten) return rewritten;
        var symbol = model.GetSymbolInfo(node).Symbol;
        if (symbol is INamedTypeSymbol) return Qualified(node);
        if (Constant(node, symbol) is { } constant) return constant;
        // A member that changes its struct works on the place itself.
        var method = symbol as IMethodSymbol;
        var receiver = IsByReference(method) ? Place(node.Expression, "Reference")
            : functions.Known(method)?.ChangesSelf == true ? Place(node.Expression, "Update")
            : (ExpressionSyntax)Visit(node.Expression);
        return node.WithExpression(receiver).WithName(Arguments(node.Name));
    }

    // global::Index2D is named in full already, and the Field of one?.Field is found by what stands before it.
    public override SyntaxNode? VisitAliasQualifiedName(AliasQualifiedNameSyntax node) =>
        node.WithName(Arguments(node.Name));

    public override SyntaxNode? VisitMemberBindingExpression(MemberBindingExpressionSyntax node) =>
        node.WithName(Arguments(node.Name));

    public override SyntaxNode? VisitObjectCreationExpression(ObjectCreationExpressionSyntax node)
    {
        CheckConstructor(node);
        return base.VisitObjectCreationExpression(node);
    }

    public override SyntaxNode? VisitImplicitObjectCreationExpression(ImplicitObjectCreationExpressionSyntax node)
    {
        CheckConstructor(node);
        return base.VisitImplicitObjectCreationExpression(node);
    }

    void CheckConstructor(BaseObjectCreationExpressionSyntax node)
    {
        if (model.GetSymbolInfo(node).Symbol is { } constructor) CheckReach(node, constructor);
    }

    SimpleNameSyntax Arguments(SimpleNameSyntax name) =>
        name is GenericNameSyntax generic
            ? generic.WithTypeArgumentList((TypeArgumentListSyntax)Visit(generic.TypeArgumentList)) : name;

    SyntaxNode? Qualified(ExpressionSyntax node)
    {
        if (node.Parent is NameColonSyntax or NameEqualsSyntax) return null;
        var symbol = model.GetSymbolInfo(node).Symbol;
        if (symbol is IFieldSymbol && Constant(node, symbol) is { } constant) return constant;
        var text = symbol switch
        {
            INamedTypeSymbol { IsAnonymousType: false } type => Name(type),
            IFieldSymbol { IsStatic: true } or IPropertySymbol { IsStatic: true }
                or IMethodSymbol { IsStatic: true, MethodKind: MethodKind.Ordinary }
                when node is SimpleNameSyntax simple => $"{Name(symbol.ContainingType)}.{Arguments(simple)}",
            _ => null,
        };
        return text is null ? null : SyntaxFactory.ParseTypeName(text).WithTriviaFrom(node);
    }

    /// <summary>A member of the struct itself, named without 'this'.</summary>
    ExpressionSyntax? OfSelf(SimpleNameSyntax node)
    {
        if (node.Parent is NameColonSyntax or NameEqualsSyntax
            || node.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } initializer
                && initializer.Left == node)
            return null;
        var symbol = model.GetSymbolInfo(node).Symbol;
        if (symbol is not (IFieldSymbol or IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary })
            || symbol.IsStatic)
            return null;
        CheckReach(node, symbol);
        return SyntaxFactory.ParseExpression($"{This}.{Arguments(node)}").WithTriviaFrom(node);
    }

    /// <summary>The value of a constant that the kernel's class cannot name.</summary>
    ExpressionSyntax? Constant(ExpressionSyntax node, ISymbol? symbol)
    {
        if (symbol is null || functions.IsAccessible(symbol)) return null;
        if (symbol is IFieldSymbol { HasConstantValue: true } constant)
            return SyntaxFactory.ParseExpression(Literal(constant.Type, constant.ConstantValue)).WithTriviaFrom(node);
        CheckReach(node, symbol);
        return null;
    }

    /// <summary>A constant of a type, its default where it has no other value.</summary>
    static string Literal(ITypeSymbol type, object? value) => value switch
    {
        null => $"default({Name(type)})",
        float.NaN or double.NaN => $"({Name(type)})(0.0 / 0.0)",
        float.PositiveInfinity or double.PositiveInfinity => $"({Name(type)})(1.0 / 0.0)",
        float.NegativeInfinity or double.NegativeInfinity => $"({Name(type)})(-1.0 / 0.0)",
        float or double => $"({Name(type)})({Digits(value)}d)",
        _ => $"({Name(type)})({Digits(value)})",
    };

    static string Digits(object value) =>
        SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false)!;

    void CheckReach(SyntaxNode node, ISymbol symbol)
    {
        if (functions.IsAccessible(symbol)) return;
        var name = symbol is IMethodSymbol method ? Symbols.MemberName(method) : symbol.Name;
        Report(Unsupported.Hidden, node, name, symbol.ContainingType.Name, function.Method.Name);
    }
}
