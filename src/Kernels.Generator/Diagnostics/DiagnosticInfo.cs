using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using LdNetGpu.Kernels.Generator.Model;

namespace LdNetGpu.Kernels.Generator.Diagnostics;

/// <summary>A diagnostic as plain values.</summary>
sealed record DiagnosticInfo(string Id, string Path, TextSpan Span, LinePositionSpan Lines,
    EquatableArray<string> Arguments)
{
    public static DiagnosticInfo At(DiagnosticDescriptor descriptor, Location location, params string[] arguments) =>
        new(descriptor.Id, location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span,
            new(arguments));

    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Unsupported.ById[Id], Location.Create(Path, Span, Lines), [.. Arguments]);
}

/// <summary>Stops the translation of a statement that no device can run.</summary>
sealed class UnsupportedException(DiagnosticInfo diagnostic) : Exception(diagnostic.Id)
{
    public UnsupportedException(DiagnosticDescriptor descriptor, SyntaxNode node, params string[] arguments)
        : this(DiagnosticInfo.At(descriptor, node.GetLocation(), arguments)) { }

    public DiagnosticInfo Diagnostic { get; } = diagnostic;
}
