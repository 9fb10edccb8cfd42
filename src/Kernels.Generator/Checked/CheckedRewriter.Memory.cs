using LdNetGpu.Dialect;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LdNetGpu.Kernels.Generator;

// view[i] read becomes lane__.Load, written lane__.Store; both at once, lane__.Update; its address, lane__.Reference or, for Atomic, lane__.AtomicTarget.
sealed partial class CheckedRewriter
{
    // Ref locals that stand for an element: views of one element in the rewritten body, which outlive a wait.
    readonly HashSet<ISymbol> elementLocals = new(SymbolEqualityComparer.Default);
    int allocations;

    bool IsElement(ExpressionSyntax node) => node switch
    {
        ElementAccessExpressionSyntax access when model.GetTypeInfo(access.Expression).Type?.IsMemory() == true => true,
        IdentifierNameSyntax name when model.GetSymbolInfo(name).Symbol is ILocalSymbol local => elementLocals.Contains(local),
        ParenthesizedExpressionSyntax inner => IsElement(inner.Expression),
        _ => CallOf(node) is { } call && functions.Find(call.Method)?.ReturnsElement == true,
    };

    (string View, string Index) Element(ExpressionSyntax node)
    {
        while (node is ParenthesizedExpressionSyntax inner) node = inner.Expression;
        if (CallOf(node) is { } call && functions.Find(call.Method) is { } called) return (IsWaiting(call.Method) ? Wait(call) : Checked(called, call), "0");
        if (node is not ElementAccessExpressionSyntax access) return (node.ToString(), "0");
        var view = Visit(access.Expression).ToString();
        var indices = access.ArgumentList.Arguments.Select(argument => Visit(argument.Expression).ToString()).ToArray();
        return indices.Length == 1 ? (view, indices[0]) : ($"({view}).BaseView", $"({indices[0]}) + (long)({indices[1]}) * ({view}).Stride.YStride");
    }

    ExpressionSyntax Access(string operation, ExpressionSyntax node, string value = "")
    {
        var (view, index) = Element(node);
        return SyntaxFactory.ParseExpression($"lane__.{operation}({view}, {index}{value}, {sites.Add(node)})").WithTriviaFrom(node);
    }

    ExpressionSyntax Load(ExpressionSyntax node) => Access("Load", node);

    public override SyntaxNode? VisitElementAccessExpression(ElementAccessExpressionSyntax node) =>
        IsElement(node) ? Load(node) : Rewritten(node) ?? base.VisitElementAccessExpression(node);

    public override SyntaxNode? VisitAssignmentExpression(AssignmentExpressionSyntax node)
    {
        if (node.Right is RefExpressionSyntax reference && node.Left is IdentifierNameSyntax name && IsElement(name))
            return node.WithRight(SyntaxFactory.ParseExpression(OneElement(reference.Expression)));
        if (IsElement(node.Left))
            return node.IsKind(SyntaxKind.SimpleAssignmentExpression)
                ? Access("Store", node.Left, ", " + Visit(node.Right)).WithTriviaFrom(node)
                : node.WithLeft(Access("Update", node.Left)).WithRight((ExpressionSyntax)Visit(node.Right));
        return node.WithLeft(Place(node.Left)).WithRight((ExpressionSyntax)Visit(node.Right));
    }

    /// <summary>The left side of an assignment: elements inside it are places, not values.</summary>
    ExpressionSyntax Place(ExpressionSyntax node) => node switch
    {
        _ when IsElement(node) => Access("Reference", node),
        TupleExpressionSyntax tuple =>
            tuple.WithArguments(SyntaxFactory.SeparatedList(tuple.Arguments.Select(argument => argument.WithExpression(Place(argument.Expression))))),
        MemberAccessExpressionSyntax member when model.GetSymbolInfo(member).Symbol is IFieldSymbol { IsStatic: false } =>
            member.WithExpression(Place(member.Expression)),
        _ => (ExpressionSyntax)Visit(node),
    };

    public override SyntaxNode? VisitPrefixUnaryExpression(PrefixUnaryExpressionSyntax node) =>
        node.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression && IsElement(node.Operand)
            ? node.WithOperand(Access("Update", node.Operand))
            : base.VisitPrefixUnaryExpression(node);

    public override SyntaxNode? VisitPostfixUnaryExpression(PostfixUnaryExpressionSyntax node) =>
        node.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression && IsElement(node.Operand)
            ? node.WithOperand(Access("Update", node.Operand))
            : base.VisitPostfixUnaryExpression(node);

    public override SyntaxNode? VisitArgument(ArgumentSyntax node)
    {
        if (node.RefKindKeyword.IsKind(SyntaxKind.None) || node.RefKindKeyword.IsKind(SyntaxKind.InKeyword) || !IsElement(node.Expression))
            return base.VisitArgument(node);
        var atomic = node.Parent?.Parent is InvocationExpressionSyntax call && model.GetSymbolInfo(call).Symbol is { } called
            && Intrinsics.Declared(called)?.Role == LaneRole.Atomic;
        return node.WithExpression(Access(atomic ? "AtomicTarget" : "Reference", node.Expression));
    }

    public override SyntaxNode? VisitRefExpression(RefExpressionSyntax node) =>
        IsElement(node.Expression) ? node.WithExpression(Access("Reference", node.Expression)) : base.VisitRefExpression(node);

    public override SyntaxNode? VisitVariableDeclaration(VariableDeclarationSyntax node)
    {
        if (node.Type is RefTypeSyntax && node.Variables.Count == 1
            && node.Variables[0] is { Initializer.Value: RefExpressionSyntax { Expression: { } target } } variable
            && (IsElement(target) || IsSharedScalar(target)))
        {
            elementLocals.Add(model.GetDeclaredSymbol(variable)!);
            return SyntaxFactory.ParseStatement($"var {variable.Identifier.ValueText} = {OneElement(target)};") is LocalDeclarationStatementSyntax local
                ? local.Declaration.WithTriviaFrom(node)
                : node;
        }
        return base.VisitVariableDeclaration(node);
    }

    bool IsSharedScalar(ExpressionSyntax node) =>
        node is InvocationExpressionSyntax call
            && model.GetSymbolInfo(call).Symbol is IMethodSymbol { ReturnsByRef: true } method
            && Intrinsics.Declared(method)?.Role == LaneRole.SharedAllocation;

    /// <summary>A view of the one element that a reference would lead to.</summary>
    string OneElement(ExpressionSyntax target)
    {
        if (IsSharedScalar(target)) return Shared((IMethodSymbol)model.GetSymbolInfo(target).Symbol!, "1");
        var (view, index) = Element(target);
        return $"lane__.OneElement({view}, {index}, {sites.Add(target)})";
    }

    string Shared(IMethodSymbol allocate, string length) => $"lane__.Shared<{Name(allocate.TypeArguments[0])}>({length}, \"{function.Name}_{allocations++}\")";
}
