using LdNetGpu.Dialect;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Checked;

// view[i] read becomes lane__.Load, written lane__.Store; both at once, lane__.Update; its address, lane__.Reference
// or, for Atomic, lane__.AtomicTarget.
sealed partial class CheckedRewriter
{
    // Ref locals that stand for an element, or for a part of one: views of one element in the rewritten body, which
    // outlive a wait.
    readonly Dictionary<ISymbol, ElementPart> elementLocals = new(SymbolEqualityComparer.Default);
    int allocations;

    bool IsElement(ExpressionSyntax node) => node switch
    {
        ElementAccessExpressionSyntax access when model.GetTypeInfo(access.Expression).Type?.IsMemory() == true => true,
        IdentifierNameSyntax name when model.GetSymbolInfo(name).Symbol is ILocalSymbol local =>
            elementLocals.ContainsKey(local),
        ParenthesizedExpressionSyntax inner => IsElement(inner.Expression),
        _ => CallOf(node) is { } call && functions.Find(call.Method)?.ReturnsElement == true,
    };

    (string View, string Index) Element(ExpressionSyntax node)
    {
        while (node is ParenthesizedExpressionSyntax inner) node = inner.Expression;
        if (CallOf(node) is { } call && functions.Find(call.Method) is { } called)
            return (IsWaiting(call.Method) ? Wait(call) : Checked(called, call), "0");
        if (node is not ElementAccessExpressionSyntax access) return (node.ToString(), "0");
        var view = Visit(access.Expression).ToString();
        var indices = string.Join(", ",
            access.ArgumentList.Arguments.Select(argument => Visit(argument.Expression).ToString()));
        if (model.GetTypeInfo(access.Expression).Type is not { } type || !type.IsStridedView()) return (view, indices);
        if (access.ArgumentList.Arguments.Count > 1)
            indices = $"new global::ILGPU.LongIndex{type.Axes().Length}D({indices})";
        else if (model.GetSymbolInfo(access).Symbol is IPropertySymbol indexer)
            indices = $"({Name(indexer.Parameters[0].Type)})({indices})";
        return ($"({view}).BaseView", $"{Lane}.Place({view}, {indices}, {sites.Add(node)})");
    }

    /// <summary>The element that the expression is, or a field in it; null for any other.</summary>
    ElementPart? PartOf(ExpressionSyntax node)
    {
        if (node is ParenthesizedExpressionSyntax inner) return PartOf(inner.Expression);
        if (node is IdentifierNameSyntax name && model.GetSymbolInfo(name).Symbol is ILocalSymbol local
            && elementLocals.TryGetValue(local, out var known))
            return known with { Element = node };
        if (IsElement(node)) return new(node, model.GetTypeInfo(node).Type!, "");
        if (node is not MemberAccessExpressionSyntax member
            || model.GetSymbolInfo(member).Symbol is not IFieldSymbol { IsStatic: false } field
            || PartOf(member.Expression) is not { } outer)
            return null;
        CheckReach(member, field);
        return outer with { Members = $"{outer.Members}.{member.Name}" };
    }

    /// <summary>What the lane does with an element, or with a field in it.</summary>
    ExpressionSyntax Access(string operation, ElementPart part, ExpressionSyntax node, string value = "")
    {
        var (view, index) = Element(part.Element);
        return SyntaxFactory.ParseExpression(
            $"{Lane}.{operation}({view}, {index}{Selector(part)}{value}, {sites.Add(node)})").WithTriviaFrom(node);
    }

    string Selector(ElementPart part) => part.Members.Length == 0
        ? "" : $", static (ref {Name(part.Whole)} whole{Own}) => ref whole{Own}{part.Members}";

    ExpressionSyntax Load(ExpressionSyntax node) => Access("Load", PartOf(node)!, node);

    // The element's type is said: a constant alone would not convert to it.
    ExpressionSyntax Store(ElementPart element, ExpressionSyntax node, ExpressionSyntax value) =>
        Access($"Store<{Name(element.Whole)}>", element, node, ", " + Visit(value));

    public override SyntaxNode? VisitElementAccessExpression(ElementAccessExpressionSyntax node) =>
        IsElement(node) ? Load(node) : Rewritten(node) ?? base.VisitElementAccessExpression(node);

    public override SyntaxNode? VisitAssignmentExpression(AssignmentExpressionSyntax node)
    {
        if (node.Right is RefExpressionSyntax reference && node.Left is IdentifierNameSyntax name && IsElement(name))
            return Redirected(node, name, reference);
        var isStore = node.IsKind(SyntaxKind.SimpleAssignmentExpression);
        if (isStore && PartOf(node.Left) is { Members: "" } element)
            return Store(element, node.Left, node.Right).WithTriviaFrom(node);
        return node.WithLeft(Place(node.Left, isStore ? "Reference" : "Update"))
            .WithRight((ExpressionSyntax)Visit(node.Right));
    }

    // A ref local's element may change, the part of it may not: the part is the rewritten text's own.
    AssignmentExpressionSyntax Redirected(AssignmentExpressionSyntax node, IdentifierNameSyntax local,
        RefExpressionSyntax reference)
    {
        if (PartOf(reference.Expression) is { } part && part.Members == PartOf(local)!.Members)
            return node.WithRight(SyntaxFactory.ParseExpression(OneElement(part, reference.Expression)));
        Report(Unsupported.Unchecked, node, local.ToString(), "a reference to places of two kinds",
            "Use two references");
        return node;
    }

    /// <summary>What is written or taken by reference: elements in it are places, not values.</summary>
    ExpressionSyntax Place(ExpressionSyntax node, string operation) => node switch
    {
        _ when PartOf(node) is { } part => Access(operation, part, node),
        ParenthesizedExpressionSyntax inner => inner.WithExpression(Place(inner.Expression, operation)),
        TupleExpressionSyntax tuple => tuple.WithArguments(SyntaxFactory.SeparatedList(
            tuple.Arguments.Select(argument => argument.WithExpression(Place(argument.Expression, operation))))),
        MemberAccessExpressionSyntax member when IsPart(member) => Part(member, operation),
        _ => (ExpressionSyntax)Visit(node),
    };

    ExpressionSyntax Part(MemberAccessExpressionSyntax member, string operation)
    {
        CheckReach(member, model.GetSymbolInfo(member).Symbol!);
        return member.WithExpression(Place(member.Expression, operation));
    }

    bool IsPart(MemberAccessExpressionSyntax member) =>
        model.GetSymbolInfo(member).Symbol is IFieldSymbol { IsStatic: false }
            or IPropertySymbol { IsStatic: false, SetMethod: not null };

    /// <summary>Whether it is an element of a view, or a part of one.</summary>
    bool IsInElement(ExpressionSyntax node) => PartOf(node) is not null || node switch
    {
        ParenthesizedExpressionSyntax inner => IsInElement(inner.Expression),
        MemberAccessExpressionSyntax member => IsPart(member) && IsInElement(member.Expression),
        _ => false,
    };

    public override SyntaxNode? VisitPrefixUnaryExpression(PrefixUnaryExpressionSyntax node) =>
        node.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression
            ? node.WithOperand(Place(node.Operand, "Update"))
            : base.VisitPrefixUnaryExpression(node);

    public override SyntaxNode? VisitPostfixUnaryExpression(PostfixUnaryExpressionSyntax node) =>
        node.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression
            ? node.WithOperand(Place(node.Operand, "Update"))
            : base.VisitPostfixUnaryExpression(node);

    public override SyntaxNode? VisitArgument(ArgumentSyntax node)
    {
        if (node.RefKindKeyword.IsKind(SyntaxKind.None) || !IsInElement(node.Expression))
            return base.VisitArgument(node);
        // What was read is a value, which 'in' before it refuses.
        if (node.RefKindKeyword.IsKind(SyntaxKind.InKeyword))
            return node.WithRefKindKeyword(SyntaxFactory.Token(SyntaxKind.None))
                .WithExpression((ExpressionSyntax)Visit(node.Expression));
        var atomic = node.Parent?.Parent is InvocationExpressionSyntax call
            && model.GetSymbolInfo(call).Symbol is { } called
            && Intrinsics.Declared(called)?.Role == LaneRole.Atomic;
        return node.WithExpression(Place(node.Expression, atomic ? "AtomicTarget" : "Reference"));
    }

    public override SyntaxNode? VisitRefExpression(RefExpressionSyntax node) =>
        node.WithExpression(Place(node.Expression, "Reference"));

    public override SyntaxNode? VisitVariableDeclaration(VariableDeclarationSyntax node)
    {
        if (node.Type is RefTypeSyntax && node.Variables.Count == 1
            && node.Variables[0] is { Initializer.Value: RefExpressionSyntax { Expression: { } target } } variable
            && (PartOf(target) ?? SharedScalar(target)) is { } part)
        {
            elementLocals.Add(model.GetDeclaredSymbol(variable)!, part);
            return SyntaxFactory.ParseStatement($"var {variable.Identifier.ValueText} = {OneElement(part, target)};")
                is LocalDeclarationStatementSyntax local ? local.Declaration.WithTriviaFrom(node) : node;
        }
        return base.VisitVariableDeclaration(node);
    }

    ElementPart? SharedScalar(ExpressionSyntax node) => IsSharedScalar(node)
        ? new(node, model.GetTypeInfo(node).Type!, "") : null;

    bool IsSharedScalar(ExpressionSyntax node) =>
        node is InvocationExpressionSyntax call
            && model.GetSymbolInfo(call).Symbol is IMethodSymbol { ReturnsByRef: true } method
            && Intrinsics.Declared(method)?.Role == LaneRole.SharedAllocation;

    /// <summary>A view of the one element that a reference would lead to, or into.</summary>
    string OneElement(ElementPart part, ExpressionSyntax target)
    {
        if (IsSharedScalar(part.Element)) return Shared((IMethodSymbol)model.GetSymbolInfo(part.Element).Symbol!, "1");
        var (view, index) = Element(part.Element);
        return $"{Lane}.OneElement({view}, {index}, {sites.Add(target)})";
    }

    string Shared(IMethodSymbol allocate, string length) =>
        $"{Lane}.Shared<{Name(allocate.TypeArguments[0])}>({length}, \"{function.Name}_{allocations++}\")";
}

/// <summary>An element of a view, or a field in it.</summary>
/// <param name="Element">Of which view and which one.</param>
/// <param name="Whole">The element's type.</param>
/// <param name="Members">The fields that lead from the element to the part: empty, or .X.Y.</param>
sealed record ElementPart(ExpressionSyntax Element, ITypeSymbol Whole, string Members);
