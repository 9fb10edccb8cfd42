using System.IO.Compression;
using System.Text;
using LdNetGpu.Devices;

namespace LdNetGpu.Tests.Data;

/// <summary>
/// A folder of small files for one test, removed with it; and the shared real data, where it is there.
/// </summary>
public sealed class TestFiles : IDisposable
{
    const string Memory = "/dev/shm";

    readonly DirectoryInfo folder;

    public TestFiles() : this(Directory.CreateTempSubdirectory("ldnet-test-"))
    {
    }

    TestFiles(DirectoryInfo folder) => this.folder = folder;

    /// <summary>
    /// In memory where the system has such a place (Linux) and room in it: a disk takes its time for each of the many
    /// saves of a run of a few steps. No place for libraries and programs: it may be closed to them.
    /// </summary>
    public static TestFiles InMemory() =>
        Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace > 1L << 30
            ? new(Directory.CreateDirectory(Path.Combine(Memory, $"ldnet-test-{Path.GetRandomFileName()}"))) : new();

    public string Folder => folder.FullName;

    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public static byte[] Gzip(string text)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Fastest)) zip.Write(Encoding.UTF8.GetBytes(text));
        return memory.ToArray();
    }

    /// <summary>The message of the user's fault; every part must be in it.</summary>
    public static string Refused(Action action, params string[] parts)
    {
        var message = Assert.ThrowsAny<UserException>(action).Message;
        foreach (var part in parts) Assert.Contains(part, message, StringComparison.Ordinal);
        return message;
    }

    /// <summary>
    /// A file of the shared data in the repository or beside it; without it the test is skipped, visibly.
    /// </summary>
    public static string Shared(string relative)
    {
        foreach (var folder in (string[])[RepositoryRoot.Path, RepositoryRoot.Combine("..")])
        {
            var path = Path.GetFullPath(Path.Combine(folder, "shared", "data", relative));
            if (File.Exists(path)) return path;
        }
        Assert.Skip($"shared/data/{relative} is not beside this repository.");
        return "";
    }

    public void Dispose() => folder.Delete(recursive: true);
}
