using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LdNetGpu.Kernels.Generator;

/// <summary>Rewrites one method for the managed device. Memory accesses, names and collectives are in files of their own.</summary>
sealed partial class CheckedRewriter(SemanticModel model, CheckedFunctions functions, CheckedFunction function, SourceSites sites, bool overExtent)
    : CSharpSyntaxRewriter
{
    const string Managed = "global::LdNetGpu.Devices.Managed.", Waits = "global::System.Collections.Generic.IEnumerator<" + Managed + "Rendezvous>";

    public List<DiagnosticInfo> Diagnostics { get; } = [];

    bool ReturnsValue => !function.Method.ReturnsVoid;

    public string Text()
    {
        var method = function.Method;
        if (function.IsCollective && method.Parameters.FirstOrDefault(parameter => parameter.RefKind != RefKind.None) is { } reference)
            Diagnostics.Add(DiagnosticInfo.At(Unsupported.CollectiveByReference, function.Syntax.Identifier.GetLocation(), method.Name, reference.Name));
        var parameters = new List<string> { Managed + "Lane lane__" };
        parameters.AddRange(method.Parameters.Select(parameter => $"{Modifier(parameter.RefKind)}{Name(parameter.Type)} @{parameter.Name}"));
        if (function.IsCollective && ReturnsValue) parameters.Add($"{Managed}Box<{Name(method.ReturnType)}> returned__");
        var result = function.IsCollective ? Waits : ReturnsValue ? (method.ReturnsByRef ? "ref " : "") + Name(method.ReturnType) : "void";
        var generic = method.Arity > 0 ? $"<{string.Join(", ", method.TypeParameters.Select(parameter => parameter.Name))}>" : "";
        SyntaxNode start = function.Syntax.Body ?? (SyntaxNode)function.Syntax.ExpressionBody!.Expression;
        var body = function.Syntax.Body is { } block ? Visit(block).ToFullString() : ExpressionBody(function.Syntax.ExpressionBody!.Expression);
        var lines = start.GetLocation().GetLineSpan();
        var end = function.IsCollective ? "yield break; " : "";
        return $"        internal static {result} {function.Name}{generic}({string.Join(", ", parameters)}){LaunchMethod.Constraints(method)}\n        {{\n"
            + $"#line {lines.StartLinePosition.Line + 1} \"{function.Syntax.SyntaxTree.FilePath}\"\n{body}\n#line default\n        {end}}}\n\n";
    }

    string ExpressionBody(ExpressionSyntax expression)
    {
        var statement = ReturnsValue ? (StatementSyntax)SyntaxFactory.ReturnStatement(expression) : SyntaxFactory.ExpressionStatement(expression);
        hoisted.Push([]);
        // The model knows the expression in its own tree only.
        var value = model.GetSymbolInfo(expression).Symbol is IMethodSymbol call && !ReturnsValue && IsWaiting(call)
            ? VisitStatementCall((InvocationExpressionSyntax)expression)
            : Visit(expression).ToString();
        var before = string.Concat(hoisted.Pop());
        if (!ReturnsValue) return before + (value.Length > 0 ? value + ";" : "");
        return before + (function.IsCollective ? $"returned__.Value = {value};" : function.Method.ReturnsByRef ? $"return ref {value};" : $"return {value};");
    }

    // Without comments, so that editing one changes nothing; with their line breaks, so that lines stay where they are.
    public override SyntaxTrivia VisitTrivia(SyntaxTrivia trivia) => trivia.Kind() switch
    {
        SyntaxKind.SingleLineCommentTrivia => SyntaxFactory.Whitespace(""),
        SyntaxKind.MultiLineCommentTrivia => SyntaxFactory.Whitespace(new string('\n', trivia.ToString().Count(c => c == '\n'))),
        _ => base.VisitTrivia(trivia),
    };

    static string Modifier(RefKind kind) => kind switch { RefKind.Ref => "ref ", RefKind.Out => "out ", RefKind.In => "in ", _ => "" };

    static string Name(ITypeSymbol type) => type.ToDisplayString(Symbols.FullyQualified);

    public override SyntaxNode? VisitReturnStatement(ReturnStatementSyntax node)
    {
        if (!function.IsCollective) return Statement(node, base.VisitReturnStatement);
        return Statement(node, _ => SyntaxFactory.ParseStatement(node.Expression is null
            ? "yield break;"
            : $"{{ returned__.Value = {Visit(node.Expression)}; yield break; }}").WithTriviaFrom(node));
    }
}
