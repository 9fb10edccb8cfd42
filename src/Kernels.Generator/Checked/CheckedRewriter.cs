using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using LdNetGpu.Kernels.Generator.Diagnostics;
using LdNetGpu.Kernels.Generator.Output;
using LdNetGpu.Kernels.Generator.Translation;

namespace LdNetGpu.Kernels.Generator.Checked;

/// <summary>
/// Rewrites one method for the managed device. Memory accesses, names and collectives are in files of their own.
/// </summary>
sealed partial class CheckedRewriter(SemanticModel model, CheckedFunctions functions, CheckedFunction function,
    SourceSites sites, bool overExtent)
    : CSharpSyntaxRewriter
{
    const string Managed = "global::LdNetGpu.Devices.Managed.",
        Waits = "global::System.Collections.Generic.IEnumerator<" + Managed + "BarrierScope>";

    // Names of its own, which no name of the source is.
    string Own => functions.Own;

    string Lane => "lane" + Own;

    string This => "self" + Own;

    string Result => "returned" + Own;

    public List<DiagnosticInfo> Diagnostics { get; } = [];

    bool ReturnsValue => !function.Method.ReturnsVoid;

    public string Text()
    {
        var method = function.Method;
        var start = function.Body.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        CheckSignature();
        var parameters = new List<string> { $"{Managed}Lane {Lane}" };
        if (!method.IsStatic)
            parameters.Add($"{(function.ChangesSelf ? "ref " : "")}{Name(method.ContainingType)} {This}");
        if (function.IsCollective && ReturnsValue) parameters.Add($"{Managed}Box<{ResultName(method)}> {Result}");
        parameters.AddRange(
            method.Parameters.Select(
                parameter => $"{Modifier(parameter.RefKind)}{Name(parameter.Type)} @{parameter.Name}"));
        var result = function.IsCollective ? Waits : ReturnsValue ? ResultName(method) : "void";
        var generic = Generic(function.TypeParameters);
        var body = function.Body is BlockSyntax block
            ? Visit(block).ToFullString() : ExpressionBody((ExpressionSyntax)function.Body);
        var end = function.IsCollective ? "yield break; " : "";
        var constraints = LaunchMethod.Constraints(function.TypeParameters);
        return $"        internal static {result} "
            + $"{function.Name}{generic}({string.Join(", ", parameters)}){constraints}\n"
            + $"        {{\n#line {start} \"{function.Body.SyntaxTree.FilePath}\"\n{body}\n#line default\n       "
            + $" {end}}}\n\n";
    }

    // A wait is an iterator, which takes no references.
    void CheckSignature()
    {
        var method = function.Method;
        if (!function.IsCollective) return;
        var reference = method.Parameters.FirstOrDefault(parameter => parameter.RefKind != RefKind.None)?.Name
            ?? (function.ChangesSelf ? "this" : null);
        if (reference is not null) Report(Unsupported.CollectiveByReference, function.Body, method.Name, reference);
    }

    string ExpressionBody(ExpressionSyntax expression)
    {
        hoisted.Push([]);
        var value = ReturnsValue ? Returned(expression) : Discarded(expression);
        var before = string.Concat(hoisted.Pop());
        if (value.Length == 0) return before;
        if (!ReturnsValue) return $"{before}{value};";
        return function.IsCollective ? $"{before}{Result}.Value = {value};" : $"{before}return {value};";
    }

    /// <summary>What a return gives: a value, or the view of the one element that a reference leads to.</summary>
    string Returned(ExpressionSyntax expression)
    {
        if (expression is not RefExpressionSyntax reference) return Visit(expression).ToString();
        if ((PartOf(reference.Expression) ?? SharedScalar(reference.Expression)) is { Members: "" } element)
            return OneElement(element, reference.Expression);
        Report(Unsupported.Unchecked, expression, function.Method.Name,
            "one that returns a reference to no element of a view", "Return the value");
        return "default";
    }

    // Without comments, so that editing one changes nothing; with their line breaks, so that lines stay where they are.
    public override SyntaxTrivia VisitTrivia(SyntaxTrivia trivia) => trivia.Kind() switch
    {
        SyntaxKind.SingleLineCommentTrivia => SyntaxFactory.Whitespace(""),
        SyntaxKind.MultiLineCommentTrivia =>
            SyntaxFactory.Whitespace(new string('\n', trivia.ToString().Count(c => c == '\n'))),
        _ => base.VisitTrivia(trivia),
    };

    static string ResultName(IMethodSymbol method) => method.ReturnsByRef || method.ReturnsByRefReadonly
        ? $"global::ILGPU.ArrayView<{Name(method.ReturnType)}>"
        : Name(method.ReturnType);

    static string Generic(IEnumerable<ITypeSymbol> arguments) => arguments.Any()
        ? $"<{string.Join(", ", arguments.Select(Name))}>" : "";

    static string Modifier(RefKind kind) => kind switch
    {
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In or RefKind.RefReadOnlyParameter => "in ",
        _ => "",
    };

    static string Name(ITypeSymbol type) => type.ToDisplayString(Symbols.FullyQualified);

    public override SyntaxNode? VisitReturnStatement(ReturnStatementSyntax node) =>
        Statement(node, _ => SyntaxFactory.ParseStatement(
        node.Expression is null ? (function.IsCollective ? "yield break;" : "return;")
        : function.IsCollective ? $"{{ {Result}.Value = {Returned(node.Expression)}; yield break; }}"
        : $"return {Returned(node.Expression)};").WithTriviaFrom(node));
}
