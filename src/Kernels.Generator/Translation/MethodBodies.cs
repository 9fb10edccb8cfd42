using Microsoft.CodeAnalysis;

namespace LdNetGpu.Kernels.Generator.Translation;

static class MethodBodies
{
    /// <summary>A method of this project as operations: of both parts, where it is partial.</summary>
    public static IEnumerable<IOperation> Bodies(this IMethodSymbol method, Compilation compilation,
        CancellationToken cancellation) =>
        method.OriginalDefinition.DeclaringSyntaxReferences
            .Concat((method.OriginalDefinition.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
            .Select(reference => reference.GetSyntax(cancellation)).Distinct()
            .Where(syntax => compilation.ContainsSyntaxTree(syntax.SyntaxTree))
            .Select(syntax => compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellation))
            .OfType<IOperation>();
}
