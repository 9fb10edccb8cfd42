using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LdNetGpu.Kernels.Generator.Adjoint;

/// <summary>Variables of a generated kernel, none twice, none that hides what the kernel's class has.</summary>
sealed class AdjointNames
{
    readonly HashSet<string> taken;

    public AdjointNames(IMethodSymbol kernel, IReadOnlyList<Operand> operands)
    {
        taken = [.. kernel.Parameters.Select(parameter => parameter.Name), .. operands.Select(operand => operand.Name)];
        for (var type = kernel.ContainingType; type is not null; type = type.ContainingType)
            taken.UnionWith(type.MemberNames);
    }

    public string Fresh(string hint)
    {
        if (SyntaxFacts.GetKeywordKind(hint) != SyntaxKind.None) hint += "Value";
        var name = hint;
        for (var i = 2; !taken.Add(name); i++) name = hint + i;
        return name;
    }

    /// <summary>A name for the adjoint of a variable.</summary>
    public string Adjoint(string name) =>
        Fresh("d" + char.ToUpperInvariant(name[0]) + name.Substring(1));
}
