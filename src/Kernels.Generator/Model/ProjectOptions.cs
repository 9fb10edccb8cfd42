using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LdNetGpu.Kernels.Generator.Model;

/// <summary>What the build says of the project.</summary>
/// <param name="Folder">With a slash at the end; empty where unknown.</param>
/// <param name="Namespace">Of the catalogue of kernels.</param>
sealed record ProjectOptions(string Folder, string Namespace)
{
    public static ProjectOptions Read(AnalyzerConfigOptionsProvider options, CancellationToken cancellation)
    {
        options.GlobalOptions.TryGetValue("build_property.projectdir", out var folder);
        options.GlobalOptions.TryGetValue("build_property.rootnamespace", out var name);
        return new(folder?.Replace('\\', '/') ?? "", string.IsNullOrEmpty(name) ? "Kernels" : name!);
    }

    /// <summary>The file relative to the project.</summary>
    public string FileOf(SyntaxTree tree)
    {
        var path = tree.FilePath.Replace('\\', '/');
        return Folder.Length > 0 && path.StartsWith(Folder, StringComparison.Ordinal)
            ? path.Substring(Folder.Length) : Path.GetFileName(path);
    }
}

/// <summary>What the catalogue needs of a kernel.</summary>
sealed record CatalogEntry(ClassModel Class, EquatableArray<string> Instances);
