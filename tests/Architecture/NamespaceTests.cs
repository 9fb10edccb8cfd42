using System.Text.RegularExpressions;

namespace LdNetGpu.Tests;

/// <summary>Where many files share a project, a folder is a namespace: who knows a type's folder can name it.</summary>
public class NamespaceTests
{
    static readonly Regex Declared = new(@"^namespace (LdNetGpu[\w.]*);$", RegexOptions.Multiline);

    [Theory, InlineData("Kernels"), InlineData("Kernels.Generator")]
    public void ANamespaceIsCalledAsItsFolder(string project)
    {
        var folder = RepositoryRoot.Combine("src", project);
        var files = SourceFiles.Under("src", project).ToList();
        Assert.NotEmpty(files);
        Assert.Empty(
            from file in files
            let parts = Path.GetRelativePath(folder, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar)
            let expected = string.Join('.', ["LdNetGpu", project, .. parts.Where(part => part != ".")])
            let found = Declared.Match(File.ReadAllText(file)).Groups[1].Value
            where found != "" && found != expected
            select $"{file}: {found} and not {expected}");
    }
}
