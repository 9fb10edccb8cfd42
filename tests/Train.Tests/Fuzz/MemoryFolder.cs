namespace LdNetGpu.Tests.Fuzz;

/// <summary>
/// A folder for one file that is written thousands of times: in memory where the system has such a place (Linux), for
/// a disk takes ten times as long; removed with it.
/// </summary>
sealed class MemoryFolder : IDisposable
{
    const string Shared = "/dev/shm";

    readonly DirectoryInfo folder = Directory.Exists(Shared)
        ? Directory.CreateDirectory(Path.Combine(Shared, $"ldnet-fuzz-{Path.GetRandomFileName()}"))
        : Directory.CreateTempSubdirectory("ldnet-fuzz-");

    public string Root => folder.FullName;

    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return PathOf(name);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
