namespace LdNetGpu.Train.Checkpoints;

/// <summary>
/// One owner of a folder at a time, in this process and in all others: an open file that nobody else can open. The
/// system gives it free with the process, however that ends. Only its owner deletes the file, and one who comes to own
/// a file that was deleted meanwhile takes the folder's anew.
/// </summary>
sealed class FolderLock : IDisposable
{
    public const string FileName = ".lock";

    readonly FileStream file;

    FolderLock(FileStream file) => this.file = file;

    /// <summary>The folder's lock; null where somebody has it.</summary>
    /// <param name="folder">Must be there.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static FolderLock? TryTake(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            while (true)
            {
                var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (IsThere(file, path)) return new(file);
                file.Dispose();
            }
        }
        catch (IOException error) when (IsTaken(error))
        {
            return null;
        }
    }

    /// <summary>Gives the folder free and leaves no file there.</summary>
    public void Remove()
    {
        // Windows deletes no file that somebody has open.
        if (OperatingSystem.IsWindows()) Dispose();
        try
        {
            File.Delete(file.Name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Somebody has taken it, or the folder can no longer be written.
        }
        Dispose();
    }

    public void Dispose() => file.Dispose();

    // Between opening and locking the owner before may have deleted the file: a time that is written to the open one is
    // then not that of the path.
    static bool IsThere(FileStream file, string path)
    {
        if (OperatingSystem.IsWindows()) return true;
        File.SetLastWriteTimeUtc(file.SafeFileHandle, TimeProvider.System.GetUtcNow().UtcDateTime);
        return File.GetLastWriteTimeUtc(file.SafeFileHandle) == File.GetLastWriteTimeUtc(path);
    }

    // A sharing violation, or the EWOULDBLOCK that stands for one on Linux and on BSDs.
    static bool IsTaken(IOException error) => error.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020)
        : OperatingSystem.IsLinux() ? 11 : 35);
}
