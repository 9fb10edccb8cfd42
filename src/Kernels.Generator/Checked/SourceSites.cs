using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using LdNetGpu.Kernels.Generator.Model;

namespace LdNetGpu.Kernels.Generator.Checked;

/// <summary>The places in the source that errors speak of, by number.</summary>
sealed class SourceSites(ProjectOptions project)
{
    readonly List<string> sites = [];

    public int Add(SyntaxNode node)
    {
        var line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        var code = SymbolDisplay.FormatLiteral(node.ToString().Split('\n')[0].Trim(), quote: true);
        sites.Add($"            new(\"{project.FileOf(node.SyntaxTree)}\", {line}, {code}),\n");
        return sites.Count - 1;
    }

    public override string ToString() => string.Concat(sites);
}
