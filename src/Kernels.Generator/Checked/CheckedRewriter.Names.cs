using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LdNetGpu.Kernels.Generator;

// Names are written out in full: the generated file has none of the source's usings.
sealed partial class CheckedRewriter
{
    public override SyntaxNode? VisitIdentifierName(IdentifierNameSyntax node) => node.IsVar ? node : Qualified(node) ?? (IsElement(node) ? Load(node) : node);

    public override SyntaxNode? VisitGenericName(GenericNameSyntax node) => Qualified(node) ?? base.VisitGenericName(node);

    public override SyntaxNode? VisitQualifiedName(QualifiedNameSyntax node) => Qualified(node) ?? base.VisitQualifiedName(node);

    public override SyntaxNode? VisitMemberAccessExpression(MemberAccessExpressionSyntax node) =>
        model.GetSymbolInfo(node).Symbol is INamedTypeSymbol
            ? Qualified(node)
            : node.WithExpression((ExpressionSyntax)Visit(node.Expression)).WithName(Arguments(node.Name));

    SimpleNameSyntax Arguments(SimpleNameSyntax name) =>
        name is GenericNameSyntax generic ? generic.WithTypeArgumentList((TypeArgumentListSyntax)Visit(generic.TypeArgumentList)) : name;

    SyntaxNode? Qualified(ExpressionSyntax node)
    {
        if (node.Parent is NameColonSyntax or NameEqualsSyntax) return null;
        var text = model.GetSymbolInfo(node).Symbol switch
        {
            INamedTypeSymbol { IsAnonymousType: false } type => Name(type),
            IFieldSymbol { IsStatic: true } or IPropertySymbol { IsStatic: true } or IMethodSymbol { IsStatic: true, MethodKind: MethodKind.Ordinary }
                when node is SimpleNameSyntax simple =>
                Name(model.GetSymbolInfo(node).Symbol!.ContainingType) + "." + Arguments(simple),
            _ => null,
        };
        return text is null ? null : SyntaxFactory.ParseTypeName(text).WithTriviaFrom(node);
    }
}
