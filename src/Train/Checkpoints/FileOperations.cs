namespace LdNetGpu.Train.Checkpoints;

/// <summary>
/// The few things a checkpoint does to the disk, one method each, so that a test can stop between any two of them.
/// </summary>
class FileOperations
{
    /// <summary>Makes a folder and those above it.</summary>
    public virtual void CreateFolder(string path) => Directory.CreateDirectory(path);

    /// <summary>Writes a new file and waits until the disk has it.</summary>
    public virtual void Write(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Renames a file over another, in one step.</summary>
    public virtual void Replace(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Renames a folder to a name that is free, in one step.</summary>
    public virtual void RenameFolder(string from, string to) => Directory.Move(from, to);

    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Deletes a folder with all in it.</summary>
    public virtual void DeleteFolder(string path) => Directory.Delete(path, recursive: true);
}
