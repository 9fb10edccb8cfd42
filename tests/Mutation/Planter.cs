using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace LdNetGpu.Mutation;

/// <summary>Plants faults in the members of one file that are chosen, each behind its switch.</summary>
/// <param name="model">Of the file as it is.</param>
/// <param name="file">Its name below src.</param>
/// <param name="partOf">What a member is to the score; null where it is left as it is.</param>
/// <param name="take">Takes a fault and gives it a number; null to leave it out.</param>
sealed class Planter(SemanticModel model, string file, Func<ISymbol, Part?> partOf,
    Func<Part, FaultKind, string, int, string, string, string, int?> take) : CSharpSyntaxRewriter
{
    Part? part;
    string member = "";

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node) =>
        Member(node, () => base.VisitMethodDeclaration(node));

    public override SyntaxNode? VisitConstructorDeclaration(ConstructorDeclarationSyntax node) =>
        Member(node, () => node.WithBody((BlockSyntax?)Visit(node.Body)));

    public override SyntaxNode? VisitIndexerDeclaration(IndexerDeclarationSyntax node) =>
        Member(node, () => base.VisitIndexerDeclaration(node));

    public override SyntaxNode? VisitOperatorDeclaration(OperatorDeclarationSyntax node) =>
        Member(node, () => base.VisitOperatorDeclaration(node));

    // An initializer runs once, for whichever test comes first.
    public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node) =>
        Member(node, () => node.Initializer is null ? base.VisitPropertyDeclaration(node) : node);

    public override SyntaxNode? VisitAttributeList(AttributeListSyntax node) => node;

    // Of two places that take turns [NoAlias] promises too much, and without it nothing is different.
    public override SyntaxNode? VisitParameter(ParameterSyntax node) => node.WithAttributeLists(List(
        node.AttributeLists.Where(list => !list.ToString().Contains("NoAlias", StringComparison.Ordinal))));

    SyntaxNode? Member(MemberDeclarationSyntax node, Func<SyntaxNode?> visit)
    {
        var symbol = model.GetDeclaredSymbol(node)!;
        part = partOf(symbol);
        if (part is null) return node;
        var name = symbol is IPropertySymbol { IsIndexer: true } ? "this" : symbol.Name;
        member = $"{symbol.ContainingType.Name}.{name}";
        var visited = visit();
        part = null;
        return visited;
    }

    public override SyntaxNode? VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        var visited = (ExpressionSyntax)base.VisitBinaryExpression(node)!;
        if (!IsNumber(node) || !CanRepeat(node)) return visited;
        var real = IsReal(node);
        var term = real ? FaultKind.DroppedTerm : FaultKind.WrongIndex;
        var sign = real ? FaultKind.WrongSign : FaultKind.WrongIndex;
        var (left, right) = (As(node, node.Left), IsPointer(node) ? null : As(node, node.Right));
        return node.Kind() switch
        {
            SyntaxKind.AddExpression => Plant(node, visited, (sign, With(node, SyntaxKind.SubtractExpression)),
                (term, left), (term, real ? right : null)),
            SyntaxKind.SubtractExpression => Plant(node, visited, (sign, With(node, SyntaxKind.AddExpression)),
                (term, real ? left : null)),
            SyntaxKind.MultiplyExpression => Plant(node, visited, (term, left), (term, real ? right : null)),
            SyntaxKind.DivideExpression when real => Plant(node, visited, (term, left)),
            _ => visited,
        };
    }

    public override SyntaxNode? VisitPrefixUnaryExpression(PrefixUnaryExpressionSyntax node)
    {
        var visited = (ExpressionSyntax)base.VisitPrefixUnaryExpression(node)!;
        return node.IsKind(SyntaxKind.UnaryMinusExpression) && IsNumber(node) && CanRepeat(node)
            ? Plant(node, visited, (FaultKind.WrongSign, node.Operand)) : visited;
    }

    // accumulate: false where it may be true is '=' for '+='.
    public override SyntaxNode? VisitIdentifierName(IdentifierNameSyntax node)
    {
        if (part is null || node.Identifier.Text != "accumulate"
            || model.GetSymbolInfo(node).Symbol is not (ILocalSymbol or IParameterSymbol)
            || node.Parent is AssignmentExpressionSyntax assignment && assignment.Left == node
            || node.Parent is MemberAccessExpressionSyntax or NameColonSyntax
            || node.Parent is ArgumentSyntax argument && (!argument.RefKindKeyword.IsKind(SyntaxKind.None)
                || argument.Parent?.Parent is InvocationExpressionSyntax { Expression: IdentifierNameSyntax
                    { Identifier.Text: "nameof" } }))
            return node;
        ExpressionSyntax condition = model.GetTypeInfo(node).Type?.SpecialType == SpecialType.System_Boolean ? node
            : CastExpression(PredefinedType(Token(SyntaxKind.BoolKeyword)), node.WithoutTrivia());
        return Plant(node, condition,
            (FaultKind.PlainAssignment, LiteralExpression(SyntaxKind.FalseLiteralExpression)));
    }

    public override SyntaxNode? VisitArgument(ArgumentSyntax node)
    {
        var visited = (ArgumentSyntax)base.VisitArgument(node)!;
        return part is not null && node.NameColon?.Name.Identifier.Text == "accumulate"
            && node.Expression.IsKind(SyntaxKind.TrueLiteralExpression)
            ? visited.WithExpression(Plant(node, node.Expression,
                (FaultKind.PlainAssignment, LiteralExpression(SyntaxKind.FalseLiteralExpression)))) : visited;
    }

    public override SyntaxNode? VisitElementAccessExpression(ElementAccessExpressionSyntax node)
    {
        var visited = (ElementAccessExpressionSyntax)base.VisitElementAccessExpression(node)!;
        var arguments = node.ArgumentList.Arguments;
        if (part is null || !arguments.All(argument => IsInteger(argument.Expression)
            && CanRepeat(argument.Expression, constants: true))) return visited;
        var indices = visited.ArgumentList.Arguments.Select(argument => argument.Expression).ToArray();
        for (var i = 0; i < indices.Length; i++)
        {
            var plain = arguments[i].Expression.WithoutTrivia();
            indices[i] = Plant(arguments[i], indices[i], (FaultKind.WrongIndex,
                BinaryExpression(SyntaxKind.AddExpression, ParenthesizedExpression(plain),
                    LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(1)))));
        }
        var swapped = indices.Length == 2
            ? Take(FaultKind.WrongIndex, node, $"{node.Expression}[{arguments[1]}, {arguments[0]}]") : null;
        if (swapped is { } id)
            indices = [Choose(id, arguments[1].Expression, indices[0]),
                Choose(id, arguments[0].Expression, indices[1])];
        return visited.WithArgumentList(visited.ArgumentList.WithArguments(SeparatedList(
            visited.ArgumentList.Arguments.Select((argument, i) => argument.WithExpression(indices[i])))));
    }

    public override SyntaxNode? VisitForStatement(ForStatementSyntax node)
    {
        var visited = (ForStatementSyntax)base.VisitForStatement(node)!;
        if (part is null || node.Condition is not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LessThanExpression }
            condition || !IsInteger(condition.Right) || !CanRepeat(condition)) return visited;
        var shorter = condition.WithRight(BinaryExpression(SyntaxKind.SubtractExpression,
            ParenthesizedExpression(condition.Right.WithoutTrivia()),
            LiteralExpression(SyntaxKind.NumericLiteralExpression, Literal(1))));
        return visited.WithCondition(Plant(condition, visited.Condition!, (FaultKind.WrongIndex, shorter),
            (FaultKind.WrongIndex, With(condition, SyntaxKind.LessThanOrEqualExpression))));
    }

    // Sizes of shared and local memory are constants to a device's compiler.
    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node) =>
        model.GetSymbolInfo(node).Symbol?.ContainingType?.Name is "SharedMemory" or "LocalMemory" ? node
            : base.VisitInvocationExpression(node);

    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        var visited = (ExpressionStatementSyntax)base.VisitExpressionStatement(node)!;
        if (part is null || node.DescendantNodes().Any(Declares)) return visited;
        return node.Expression switch
        {
            AssignmentExpressionSyntax assignment => Assignment(node, assignment, visited),
            InvocationExpressionSyntax call => Call(node, call, visited),
            _ => visited,
        };
    }

    StatementSyntax Assignment(ExpressionStatementSyntax node, AssignmentExpressionSyntax assignment,
        StatementSyntax visited)
    {
        var real = IsReal(assignment.Left);
        var adds = assignment.IsKind(SyntaxKind.AddAssignmentExpression);
        if ((adds || assignment.IsKind(SyntaxKind.SubtractAssignmentExpression)) && IsNumber(assignment.Left))
        {
            visited = Alternative(node, visited, real ? FaultKind.DroppedTerm : FaultKind.WrongIndex, null);
            visited = Alternative(node, visited, real ? FaultKind.WrongSign : FaultKind.WrongIndex,
                Assign(adds ? SyntaxKind.SubtractAssignmentExpression : SyntaxKind.AddAssignmentExpression));
            if (adds)
                visited = Alternative(node, visited, FaultKind.PlainAssignment,
                    Assign(SyntaxKind.SimpleAssignmentExpression));
        }
        else if (assignment.IsKind(SyntaxKind.SimpleAssignmentExpression)
            && assignment.Left is ElementAccessExpressionSyntax)
            visited = Alternative(node, visited, FaultKind.DroppedTerm, null);
        return visited;

        StatementSyntax Assign(SyntaxKind kind) => ExpressionStatement(AssignmentExpression(kind,
            assignment.Left.WithoutTrivia(), assignment.Right.WithoutTrivia()));
    }

    StatementSyntax Call(ExpressionStatementSyntax node, InvocationExpressionSyntax call, StatementSyntax visited)
    {
        if (model.GetSymbolInfo(call).Symbol is not IMethodSymbol method) return visited;
        var type = method.ContainingType.Name;
        if (method.Name.Contains("Barrier", StringComparison.Ordinal))
            return Alternative(node, visited, FaultKind.MissingBarrier, null);
        // A check refuses bad operands; what is given back is not a number; a pragma changes none.
        var checks = method.Name.StartsWith("Throw", StringComparison.Ordinal)
            || method.Name.StartsWith("Require", StringComparison.Ordinal) || method.Name == "Dispose"
            || method.Name.StartsWith("Refuse", StringComparison.Ordinal)
            || type.EndsWith("Checks", StringComparison.Ordinal) || type is "Overlap" or "Pragma" or "Debug" or "GC"
                or "ArrayPool";
        return checks ? visited : Alternative(node, visited, FaultKind.DroppedTerm, null);
    }

    StatementSyntax Alternative(StatementSyntax node, StatementSyntax visited, FaultKind kind, StatementSyntax? other)
    {
        if (Take(kind, node, other?.NormalizeWhitespace().ToString() ?? "") is not { } id) return visited;
        StatementSyntax[] others = other is null ? [] : [other];
        var planted = IfStatement(IsOn(id), Block(others), ElseClause(Block(visited)));
        return Block(planted).WithLeadingTrivia(node.GetLeadingTrivia()).WithTrailingTrivia(node.GetTrailingTrivia());
    }

    ExpressionSyntax Plant(SyntaxNode node, ExpressionSyntax visited,
        params ReadOnlySpan<(FaultKind Kind, ExpressionSyntax? Other)> others)
    {
        foreach (var (kind, other) in others)
            // With its spaces: a - -b is not a--b.
            if (other?.WithoutTrivia().NormalizeWhitespace() is { } spaced
                && Take(kind, node, spaced.ToString()) is { } id)
                visited = Choose(id, spaced, visited);
        return visited;
    }

    static ExpressionSyntax Choose(int id, ExpressionSyntax other, ExpressionSyntax visited) =>
        ParenthesizedExpression(ConditionalExpression(IsOn(id), ParenthesizedExpression(other.WithoutTrivia()),
            ParenthesizedExpression(visited.WithoutTrivia()))).WithTriviaFrom(visited);

    // Of two types that convert into each other neither would be the conditional's.
    ExpressionSyntax As(ExpressionSyntax node, ExpressionSyntax part)
    {
        var (whole, own) = (model.GetTypeInfo(node).Type!, model.GetTypeInfo(part).Type);
        return SymbolEqualityComparer.Default.Equals(whole, own) ? part
            : CastExpression(ParseTypeName(whole.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)),
                ParenthesizedExpression(part.WithoutTrivia()));
    }

    static ExpressionSyntax IsOn(int id) => ParseExpression($"{Switch.Call}({id})");

    int? Take(FaultKind kind, SyntaxNode node, string to) => part is not { } known ? null
        : take(known, kind, file, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, member,
            OneLine(node.ToString()), OneLine(to));

    static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null,
        StringSplitOptions.RemoveEmptyEntries));

    static BinaryExpressionSyntax With(BinaryExpressionSyntax node, SyntaxKind kind) =>
        BinaryExpression(kind, node.Left.WithoutTrivia(), node.Right.WithoutTrivia());

    // A constant stays one; what declares something cannot be there twice.
    bool CanRepeat(ExpressionSyntax node, bool constants = false) => part is not null
        && (constants || !model.GetConstantValue(node).HasValue) && !node.DescendantNodesAndSelf().Any(Declares);

    static bool Declares(SyntaxNode node) => node is DeclarationExpressionSyntax or SingleVariableDesignationSyntax
        or AnonymousFunctionExpressionSyntax or ThrowExpressionSyntax or AwaitExpressionSyntax
        or StackAllocArrayCreationExpressionSyntax or QueryExpressionSyntax;

    bool IsNumber(ExpressionSyntax node) => IsReal(node) || IsInteger(node) || IsPointer(node);

    bool IsPointer(ExpressionSyntax node) => model.GetTypeInfo(node).Type is IPointerTypeSymbol;

    bool IsReal(ExpressionSyntax node) => model.GetTypeInfo(node).Type is { } type
        && (type is ITypeParameterSymbol || type.SpecialType is SpecialType.System_Single or SpecialType.System_Double
            || type.Name is "Vector" or "Vector128" or "Vector256" or "Vector512");

    bool IsInteger(ExpressionSyntax node) => model.GetTypeInfo(node).Type is { } type
        && (type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_UInt32
            or SpecialType.System_UInt64 || type.Name is "Index1D" or "LongIndex1D");
}
