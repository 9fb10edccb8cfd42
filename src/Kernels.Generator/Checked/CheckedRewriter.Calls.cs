using LdNetGpu.Dialect;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Checked;

// A collective inside a statement is lifted before it: the arguments, the wait, the result. Statements lifted stay on
// their line.
sealed partial class CheckedRewriter
{
    static readonly SyntaxAnnotation Lifted = new("Lifted");
    readonly Stack<List<string>> hoisted = new();
    int temporaries;

    /// <summary>A call of a method, a getter or an indexer.</summary>
    /// <param name="Receiver">What an instance member or an extension is called on; null for a static member, and for
    /// one of the struct itself.</param>
    sealed record Call(ExpressionSyntax Node, IMethodSymbol Method, ExpressionSyntax? Receiver,
        IReadOnlyList<ArgumentSyntax> Arguments);

    bool IsWaiting(IMethodSymbol method) => Intrinsics.Declared(method)?.Scope is not null
        || functions.Find(method)?.IsCollective == true;

    Call? CallOf(ExpressionSyntax node) => (node, model.GetSymbolInfo(node).Symbol) switch
    {
        (InvocationExpressionSyntax call, IMethodSymbol method) =>
            new(node, method, ReceiverOf(call.Expression, method), call.ArgumentList.Arguments),
        (ElementAccessExpressionSyntax access, IPropertySymbol { GetMethod: { } getter }) =>
            new(node, getter, access.Expression, access.ArgumentList.Arguments),
        (MemberAccessExpressionSyntax or IdentifierNameSyntax, IPropertySymbol { GetMethod: { } getter }) =>
            new(node, getter, ReceiverOf(node, getter), []),
        _ => null,
    };

    static ExpressionSyntax? ReceiverOf(ExpressionSyntax called, IMethodSymbol method) =>
        (method.ReducedFrom is not null || !method.IsStatic) && called is MemberAccessExpressionSyntax access
            ? access.Expression : null;

    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node) =>
        Rewritten(node) ?? base.VisitInvocationExpression(node);

    /// <summary>
    /// What stands for a call whose member has a checked body, waits, or reaches memory by itself; null for any other
    /// expression.
    /// </summary>
    ExpressionSyntax? Rewritten(ExpressionSyntax node)
    {
        if (CallOf(node) is not { } call) return null;
        var declared = Intrinsics.Declared(call.Method);
        var text = IsElement(node) ? Load(node).ToString() : declared?.Role switch
        {
            LaneRole.SharedAllocation when call.Arguments.Count == 1 =>
                Shared(call.Method, Visit(call.Arguments[0].Expression).ToString()),
            LaneRole.VectorisedAccess => VectorisedAccess(call, declared.Lane!),
            LaneRole.ViewPart => ViewPart(call, declared.Lane!),
            LaneRole.Memory => LaneMemory(call, declared.Lane!),
            LaneRole.Position => $"{Lane}.{declared.Lane}",
            _ when IsWaiting(call.Method) => Wait(call),
            _ => functions.Find(call.Method) is { } called ? Checked(called, call) : null,
        };
        return text is null ? null : SyntaxFactory.ParseExpression(text).WithTriviaFrom(node);
    }

    string Checked(CheckedFunction called, Call call) =>
        $"{Target(called, call.Method)}({string.Join(", ", Passed(called, call))})";

    static string Target(CheckedFunction called, IMethodSymbol method) =>
        called.Name + Generic((method.ReducedFrom ?? method).ContainingType.TypeArguments.Concat(method.TypeArguments));

    // What has no name comes first: the arguments that follow may be named, in any order.
    IEnumerable<string> Passed(CheckedFunction called, Call call, string? result = null)
    {
        yield return Lane;
        if (!called.Method.IsStatic) yield return Self(called, call.Receiver);
        if (result is not null) yield return result;
        if (called.Method.IsStatic && call.Receiver is not null) yield return Visit(call.Receiver).ToString();
        foreach (var argument in call.Arguments) yield return Visit(argument).ToString();
        foreach (var omitted in Omitted(call)) yield return omitted;
    }

    /// <summary>The values of the optional parameters that a call leaves out, by name.</summary>
    IEnumerable<string> Omitted(Call call) =>
        from argument in ArgumentsOf(call)
        where argument.ArgumentKind == ArgumentKind.DefaultValue
        let parameter = argument.Parameter!
        select $"@{parameter.Name}: {Literal(parameter.Type,
            argument.Value.ConstantValue is { HasValue: true, Value: var value } ? value : null)}";

    IEnumerable<IArgumentOperation> ArgumentsOf(Call call) => model.GetOperation(call.Node) switch
    {
        IInvocationOperation invocation => invocation.Arguments,
        IPropertyReferenceOperation property => property.Arguments,
        _ => [],
    };

    /// <summary>The struct that a member works on: its value, or its address where the member changes it.</summary>
    string Self(CheckedFunction called, ExpressionSyntax? receiver)
    {
        if (!called.ChangesSelf) return receiver is null ? This : Visit(receiver).ToString();
        if (receiver is null or ThisExpressionSyntax) return "ref " + This;
        // C# calls it on a copy where the struct is no variable.
        return IsVariable(receiver) ? "ref " + Place(receiver, "Update")
            : $"ref {Managed}Box<{Name(called.Method.ContainingType)}>.Of({Visit(receiver)})";
    }

    bool IsVariable(ExpressionSyntax node) => IsElement(node) || model.GetSymbolInfo(node).Symbol switch
    {
        ILocalSymbol local => local.RefKind != RefKind.RefReadOnly,
        IParameterSymbol parameter => parameter.RefKind != RefKind.In,
        IFieldSymbol { IsStatic: false, IsReadOnly: false } => node is not MemberAccessExpressionSyntax access
            || IsVariable(access.Expression),
        _ => false,
    };

    string VectorisedAccess(Call call, string name)
    {
        var arguments = Values(call).Concat([$"{sites.Add(call.Node)}"]);
        return $"{Lane}.{name}({string.Join(", ", arguments)})";
    }

    string ViewPart(Call call, string name)
    {
        var generic = call.Method.Name == "Cast"
            ? Generic([call.Method.ContainingType.TypeArguments[0], call.Method.TypeArguments[0]]) : "";
        var arguments = new[] { Visit(call.Receiver!).ToString() }.Concat(Values(call));
        return $"{Lane}.{name}{generic}({string.Join(", ", arguments)}, {sites.Add(call.Node)})";
    }

    string LaneMemory(Call call, string name) =>
        $"{Lane}.{name}{Generic(call.Method.TypeArguments)}({string.Join(", ", Values(call))})";

    // In the parameters' order, since the lane's own have other names.
    IEnumerable<string> Values(Call call) => Given(call).OrderBy(argument => argument.Parameter.Ordinal)
        .Select(argument => Visit(argument.Value).ToString());

    /// <summary>The arguments that a call gives, in the order of the text.</summary>
    IEnumerable<(IParameterSymbol Parameter, ExpressionSyntax Value)> Given(Call call) =>
        from argument in ArgumentsOf(call)
        where argument.Syntax is ArgumentSyntax
        select (argument.Parameter, ((ArgumentSyntax)argument.Syntax).Expression);

    /// <summary>Lifts a wait before the statement; the expression for its result, empty for none.</summary>
    string Wait(Call call)
    {
        CheckPlace(call.Node, call.Method);
        var before = hoisted.Count > 0 ? hoisted.Peek() : [];
        return functions.Find(call.Method) is { } called
            ? WaitIn(called, call, before) : WaitAt(call, Intrinsics.Declared(call.Method)!, before);
    }

    string WaitIn(CheckedFunction called, Call call, List<string> before)
    {
        var number = temporaries++;
        var result = call.Method.ReturnsVoid ? null : $"result{number}{Own}";
        var arguments = Passed(called, call, result).ToList();
        if (result is not null) before.Add($"var {result} = new {Managed}Box<{ResultName(call.Method)}>(); ");
        before.Add($"var wait{number}{Own} = {Target(called, call.Method)}({string.Join(", ", arguments)}); " +
            $"while (wait{number}{Own}.MoveNext()) yield return wait{number}{Own}.Current; ");
        return result is null ? "" : $"{result}.Value";
    }

    // A barrier is Lane.GroupBarrier(point). What brings a value offers it first: Lane.Offer, then
    // Lane.GroupBroadcast(lane).
    string WaitAt(Call call, LaneIntrinsic collective, List<string> before)
    {
        var (number, method) = (temporaries++, call.Method);
        var given = Given(call).ToList();
        foreach (var (parameter, value) in given) before.Add(
            $"{Name(parameter.Type)} value{number}_{parameter.Ordinal}{Own} = {Visit(value)}; ");
        var values = given.Select(argument => argument.Parameter.Ordinal).OrderBy(ordinal => ordinal)
            .Select(ordinal => $"value{number}_{ordinal}{Own}").ToList();
        var isMma = collective.Type == "Mma";
        var point = sites.Add(call.Node);
        if (values.Count == 0)
        {
            before.Add($"yield return {Lane}.{collective.Lane}({point}); ");
            return "";
        }
        var offered = isMma ? $"({string.Join(", ", values)})" : values[0];
        before.Add($"yield return {Lane}.Offer({Managed}BarrierScope.{collective.Scope}, {offered}, {point}); ");
        var rest = isMma ? [Invariant($"{point}")] : values.Skip(1);
        return $"{Lane}.{collective.Lane}{Generic(method.TypeArguments)}({string.Join(", ", rest)})";
    }

    /// <summary>An expression that stands as a statement; empty where lifting left nothing of it.</summary>
    string Discarded(ExpressionSyntax expression)
    {
        if (CallOf(expression) is not { } call || !IsWaiting(call.Method)) return Visit(expression).ToString();
        Wait(call);
        return "";
    }

    void CheckPlace(ExpressionSyntax node, IMethodSymbol method)
    {
        var name = $"{method.ContainingType.Name}.{method.Name}";
        if (overExtent) Report(Unsupported.CollectiveInExtent, node, name);
        SyntaxNode inner = node;
        for (var outer = node.Parent; outer is not null and not StatementSyntax; inner = outer, outer = outer.Parent)
            if (outer is ConditionalExpressionSyntax choice && inner != choice.Condition
                || outer is SwitchExpressionArmSyntax
                || outer is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression
                    or (int)SyntaxKind.LogicalOrExpression } both
                    && inner == both.Right)
                Report(Unsupported.ConditionalCollective, node, name);
        var statement = node.FirstAncestorOrSelf<StatementSyntax>();
        if (statement is ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax)
            Report(Unsupported.ConditionalCollective, node, name);
        else if (statement is ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax)
            foreach (var other in statement.DescendantNodes().OfType<ElementAccessExpressionSyntax>())
                if (IsElement(other) && !node.Span.Contains(other.Span) && !IsAssigned(other))
                    Report(Unsupported.CollectiveOrder, other, other.ToString());
    }

    static bool IsAssigned(ElementAccessExpressionSyntax element) =>
        element.Parent is AssignmentExpressionSyntax assignment && assignment.Left == element
        && assignment.IsKind(SyntaxKind.SimpleAssignmentExpression);

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
            $"{{ {leading}{before}"
            + $"{(text.StartsWith(leading, StringComparison.Ordinal) ? text.Substring(leading.Length) : text)} }}");
        return block.WithAdditionalAnnotations(Lifted);
    }

    public override SyntaxNode? VisitBlock(BlockSyntax node) =>
        node.WithStatements(SyntaxFactory.List(node.Statements.SelectMany(Dissolved)));

    public override SyntaxNode? VisitSwitchSection(SwitchSectionSyntax node) =>
        node.WithStatements(SyntaxFactory.List(node.Statements.SelectMany(Dissolved)));

    IEnumerable<StatementSyntax> Dissolved(StatementSyntax statement)
    {
        var visited = Visit(statement);
        if (visited is BlockSyntax block && block.HasAnnotation(Lifted)) return block.Statements;
        return visited is null ? [] : [(StatementSyntax)visited];
    }

    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node) => Statement(node, statement =>
        CallOf(statement.Expression) is { } call && IsWaiting(call.Method)
            ? SyntaxFactory.ParseStatement(Discarded(statement.Expression) + ";").WithTriviaFrom(node)
            : base.VisitExpressionStatement(statement));

    public override SyntaxNode? VisitLocalDeclarationStatement(LocalDeclarationStatementSyntax node) =>
        Statement(node, base.VisitLocalDeclarationStatement);

    public override SyntaxNode? VisitIfStatement(IfStatementSyntax node) => Statement(node, base.VisitIfStatement);

    public override SyntaxNode? VisitSwitchStatement(SwitchStatementSyntax node) =>
        Statement(node, base.VisitSwitchStatement);
}
