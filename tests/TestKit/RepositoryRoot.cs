namespace LdNetGpu.Tests;

/// <summary>The source tree that the running program was built from.</summary>
public static class RepositoryRoot
{
    const string Mark = "LdNetGpu.sln";

    static readonly Lazy<string?> Found = new(Find);

    /// <summary>The folder with LdNetGpu.sln.</summary>
    /// <exception cref="InvalidOperationException">No folder above the program has it.</exception>
    public static string Path => Found.Value
        ?? throw new InvalidOperationException(
            $"No {Mark} above {AppContext.BaseDirectory}: run it from where it was built.");

    /// <summary>A file or folder of the tree.</summary>
    /// <exception cref="InvalidOperationException">No folder above the program has LdNetGpu.sln.</exception>
    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, Mark))) return folder.FullName;
        return null;
    }
}
