using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LdNetGpu.Kernels.Generator;

// A collective inside a statement is lifted before it: the arguments, the wait, the result. Statements lifted stay on their line.
sealed partial class CheckedRewriter
{
    static readonly SyntaxAnnotation Lifted = new("Lifted");
    readonly Stack<List<string>> hoisted = new();
    int temporaries;

    bool IsWaiting(IMethodSymbol method) => Intrinsics.IsCollective(method.OriginalDefinition) || functions.Find(method)?.IsCollective == true;

    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        if (model.GetSymbolInfo(node).Symbol is not IMethodSymbol method) return base.VisitInvocationExpression(node);
        if (method.ContainingType.IsDialect("SharedMemory") && method.Name == "Allocate" && node.ArgumentList.Arguments.Count == 1)
            return SyntaxFactory.ParseExpression(Shared(method, Visit(node.ArgumentList.Arguments[0].Expression).ToString())).WithTriviaFrom(node);
        if (Intrinsics.IsWideAccess(method)) return SyntaxFactory.ParseExpression(WideAccess(node, method)).WithTriviaFrom(node);
        if (IsWaiting(method)) return SyntaxFactory.ParseExpression(Wait(node, method)).WithTriviaFrom(node);
        return functions.Find(method) is { } called
            ? SyntaxFactory.ParseExpression($"{Target(called, method)}({string.Join(", ", Passed(node, method))})").WithTriviaFrom(node)
            : base.VisitInvocationExpression(node);
    }

    static string Target(CheckedFunction called, IMethodSymbol method) =>
        called.Name + (method.TypeArguments.Length > 0 ? $"<{string.Join(", ", method.TypeArguments.Select(Name))}>" : "");

    IEnumerable<string> Passed(InvocationExpressionSyntax node, IMethodSymbol method)
    {
        var receiver = method.ReducedFrom is not null && node.Expression is MemberAccessExpressionSyntax access
            ? [Visit(access.Expression).ToString()]
            : Array.Empty<string>();
        return new[] { "lane__" }.Concat(receiver).Concat(node.ArgumentList.Arguments.Select(argument => Visit(argument).ToString()));
    }

    string WideAccess(InvocationExpressionSyntax node, IMethodSymbol method)
    {
        var arguments = node.ArgumentList.Arguments.Select(argument => Visit(argument).ToString()).Concat([$"site: {sites.Add(node)}"]);
        return $"lane__.{method.ContainingType.Name}{method.Name}({string.Join(", ", arguments)})";
    }

    /// <summary>Lifts a wait before the statement; the expression for its result, empty for none.</summary>
    string Wait(InvocationExpressionSyntax node, IMethodSymbol method)
    {
        CheckPlace(node, method);
        var number = temporaries++;
        var before = hoisted.Count > 0 ? hoisted.Peek() : [];
        if (functions.Find(method) is { } called)
        {
            var arguments = Passed(node, method).ToList();
            var result = !method.ReturnsVoid;
            if (result)
            {
                before.Add($"var result{number}__ = new {Managed}Box<{Name(method.ReturnType)}>(); ");
                arguments.Add($"result{number}__");
            }
            before.Add($"var wait{number}__ = {Target(called, method)}({string.Join(", ", arguments)}); " +
                $"while (wait{number}__.MoveNext()) yield return wait{number}__.Current; ");
            return result ? $"result{number}__.Value" : "";
        }
        var values = node.ArgumentList.Arguments.Select((argument, i) =>
        {
            before.Add($"{Name(method.Parameters[i].Type)} value{number}_{i}__ = {Visit(argument.Expression)}; ");
            return $"value{number}_{i}__";
        }).ToList();
        var owner = method.ContainingType.Name;
        var name = owner switch
        {
            "Mma" => "WarpMma",
            "CooperativeGrid" => "Grid",
            _ when owner.StartsWith("Warp", StringComparison.Ordinal) => "Warp",
            _ => "Group",
        } + method.Name;
        var generic = method.TypeArguments.Length > 0 ? $"<{string.Join(", ", method.TypeArguments.Select(Name))}>" : "";
        var point = sites.Add(node);
        if (values.Count == 0)
        {
            before.Add($"yield return lane__.{name}({point}); ");
            return "";
        }
        if (owner == "Mma")
        {
            before.Add($"yield return lane__.Offer(\"{name}\", ({string.Join(", ", values)}), {point}); ");
            return $"lane__.{name}({point})";
        }
        before.Add($"yield return lane__.Offer(\"{name}\", {values[0]}, {point}); ");
        return $"lane__.{name}{generic}({string.Join(", ", values.Skip(1))})".Replace("Barrier", "Vote");
    }

    string VisitStatementCall(InvocationExpressionSyntax node)
    {
        var method = (IMethodSymbol)model.GetSymbolInfo(node).Symbol!;
        var result = Wait(node, method);
        return result.Contains("(") ? "_ = " + result : "";
    }

    void CheckPlace(InvocationExpressionSyntax node, IMethodSymbol method)
    {
        var name = $"{method.ContainingType.Name}.{method.Name}";
        if (overExtent) Report(Unsupported.CollectiveInExtent, node, name);
        SyntaxNode inner = node;
        for (var outer = node.Parent; outer is not null and not StatementSyntax; inner = outer, outer = outer.Parent)
            if (outer is ConditionalExpressionSyntax choice && inner != choice.Condition || outer is SwitchExpressionArmSyntax
                || outer is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression } both
                    && inner == both.Right)
                Report(Unsupported.ConditionalCollective, node, name);
        var statement = node.FirstAncestorOrSelf<StatementSyntax>();
        if (statement is ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax) Report(Unsupported.ConditionalCollective, node, name);
        else if (statement is ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax)
            foreach (var other in statement.DescendantNodes().OfType<ElementAccessExpressionSyntax>())
                if (IsElement(other) && !node.Span.Contains(other.Span)
                    && !(other.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment
                        && assignment.Left == other))
                    Report(Unsupported.CollectiveOrder, other, other.ToString());
    }

    void Report(DiagnosticDescriptor descriptor, SyntaxNode where, params string[] arguments)
    {
        var diagnostic = DiagnosticInfo.At(descriptor, where.GetLocation(), arguments);
        if (!Diagnostics.Contains(diagnostic)) Diagnostics.Add(diagnostic);
    }

    /// <summary>Visits a statement; what it lifts goes before it in a block that its surroundings dissolve.</summary>
    SyntaxNode? Statement<T>(T node, Func<T, SyntaxNode?> visit) where T : StatementSyntax
    {
        hoisted.Push([]);
        var visited = visit(node);
        var before = string.Concat(hoisted.Pop());
        if (before.Length == 0) return visited;
        var text = visited is null ? "" : visited.ToFullString();
        var leading = node.GetLeadingTrivia().ToFullString();
        var block = (BlockSyntax)SyntaxFactory.ParseStatement(
            $"{{ {leading}{before}{(text.StartsWith(leading, StringComparison.Ordinal) ? text.Substring(leading.Length) : text)} }}");
        return block.WithAdditionalAnnotations(Lifted);
    }

    public override SyntaxNode? VisitBlock(BlockSyntax node) => node.WithStatements(SyntaxFactory.List(node.Statements.SelectMany(Dissolved)));

    public override SyntaxNode? VisitSwitchSection(SwitchSectionSyntax node) => node.WithStatements(SyntaxFactory.List(node.Statements.SelectMany(Dissolved)));

    IEnumerable<StatementSyntax> Dissolved(StatementSyntax statement)
    {
        var visited = Visit(statement);
        if (visited is BlockSyntax block && block.HasAnnotation(Lifted)) return block.Statements;
        return visited is null ? [] : [(StatementSyntax)visited];
    }

    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node) => Statement(node, statement =>
    {
        if (statement.Expression is InvocationExpressionSyntax call && model.GetSymbolInfo(call).Symbol is IMethodSymbol method && IsWaiting(method))
            return SyntaxFactory.ParseStatement(VisitStatementCall(call) + ";").WithTriviaFrom(node);
        return base.VisitExpressionStatement(statement);
    });

    public override SyntaxNode? VisitLocalDeclarationStatement(LocalDeclarationStatementSyntax node) => Statement(node, base.VisitLocalDeclarationStatement);

    public override SyntaxNode? VisitIfStatement(IfStatementSyntax node) => Statement(node, base.VisitIfStatement);

    public override SyntaxNode? VisitSwitchStatement(SwitchStatementSyntax node) => Statement(node, base.VisitSwitchStatement);
}
