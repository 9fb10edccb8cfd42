namespace LdNetGpu.Train.Checkpoints;

/// <summary>
/// One owner of a folder at a time, in this process and in all others: an open file that nobody else can open. The
/// system gives it free with the process, however that ends. The file stays where it is: one that was deleted could be
/// held by one run and made again by the next.
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
        try
        {
            return new(new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None));
        }
        catch (IOException error) when (IsTaken(error))
        {
            return null;
        }
    }

    public void Dispose() => file.Dispose();

    // A sharing violation, or the EWOULDBLOCK that stands for one on Linux and on BSDs.
    static bool IsTaken(IOException error) => error.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x80070020)
        : OperatingSystem.IsLinux() ? 11 : 35);
}
