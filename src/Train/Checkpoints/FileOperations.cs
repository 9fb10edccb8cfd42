using LdNetGpu.Devices;

namespace LdNetGpu.Train.Checkpoints;

/// <summary>
/// The few things that are done to the disk where a file must be whole or not there, one method each, so that a test
/// can stop or fail any of them.
/// </summary>
class FileOperations
{
    const int NoSpaceUnix = 28, QuotaExceededLinux = 122, DiskFullWindows = unchecked((int)0x80070070);

    /// <summary>On the system's disk.</summary>
    public static FileOperations OnDisk { get; } = new();

    /// <summary>Whether there was no space on the disk, or none left to this user.</summary>
    public static bool IsDiskFull(Exception error) => error is IOException
    {
        HResult: NoSpaceUnix or QuotaExceededLinux or DiskFullWindows,
    };

    /// <summary>Makes a folder and those above it.</summary>
    public virtual void CreateFolder(string path) => Directory.CreateDirectory(path);

    /// <summary>Writes a new file and waits until the disk has it.</summary>
    /// <exception cref="IOException">Some of it could not be written, or the disk did not take it.</exception>
    public void Write(string path, Action<Stream> write)
    {
        using var stream = Create(path);
        write(stream);
        Synchronize(stream);
    }

    /// <summary>Opens a new file, over one that is there.</summary>
    public virtual Stream Create(string path) =>
        new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);

    /// <summary>Waits until the disk has what was written to a stream of <see cref="Create"/>.</summary>
    public virtual void Synchronize(Stream stream)
    {
        var file = (FileStream)stream;
        file.Flush();
        HostFile.Synchronize(file.SafeFileHandle);
        // Beyond the call above there: Windows knows no other, and macOS has it empty the disk's own cache too.
        if (!OperatingSystem.IsLinux()) file.Flush(flushToDisk: true);
    }

    /// <summary>Renames a file over another, in one step.</summary>
    public virtual void Replace(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Renames a folder to a name that is free, in one step.</summary>
    public virtual void RenameFolder(string from, string to) => Directory.Move(from, to);

    /// <summary>Deletes a file, where it is there.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Deletes a folder with all in it.</summary>
    public virtual void DeleteFolder(string path) => Directory.Delete(path, recursive: true);
}
