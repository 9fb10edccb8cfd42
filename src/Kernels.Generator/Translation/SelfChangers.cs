using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using LdNetGpu.Kernels.Generator.Checked;

namespace LdNetGpu.Kernels.Generator.Translation;

/// <summary>
/// The members that change the struct that they are called on, by themselves or by what they call on it.
/// </summary>
sealed class SelfChangers(Compilation compilation, CancellationToken cancellation)
{
    readonly Dictionary<ISymbol, bool> known = new(SymbolEqualityComparer.Default);

    public bool Contain(IMethodSymbol method)
    {
        method = method.OriginalDefinition;
        if (known.TryGetValue(method, out var changes)) return changes;
        // What calls itself changes where another of its parts does.
        known[method] = false;
        return known[method] = method.Bodies(compilation, cancellation).SelectMany(body => body.DescendantsAndSelf())
            .Any(part => part.ChangesSelf() || part.IsOnSelf() && part.Called() is { } called && Contain(called));
    }
}
