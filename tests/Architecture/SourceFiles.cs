namespace LdNetGpu.Tests;

/// <summary>The C# files of the source tree that people write.</summary>
static class SourceFiles
{
    /// <summary>Those in a folder, named from the repository's root, without what builds leave there.</summary>
    public static IEnumerable<string> Under(params string[] folder) =>
        Directory.GetFiles(RepositoryRoot.Combine(folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any());
}
