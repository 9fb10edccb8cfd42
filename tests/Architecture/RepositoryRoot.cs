namespace LdNetGpu.Tests;

/// <summary>Finds the source tree from where the tests run.</summary>
static class RepositoryRoot
{
    public static string Path { get; } = Find();

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "LdNetGpu.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No LdNetGpu.sln above {AppContext.BaseDirectory}.");
    }
}
