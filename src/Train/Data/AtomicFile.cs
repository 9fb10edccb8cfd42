using LdNetGpu.Devices;
using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Writes a file whole or not at all: to a temporary name beside it, flushed to the disk, then renamed. A kill or a
/// full disk leaves what was there before.
/// </summary>
static class AtomicFile
{
    /// <param name="path">Overwritten; its folder is made.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="files">What is done to the disk; null: what it says.</param>
    /// <exception cref="UserException">The file cannot be written; names it and the cause.</exception>
    public static void Write(string path, Action<Stream> write, FileOperations? files = null)
    {
        files ??= FileOperations.OnDisk;
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) files.CreateFolder(folder);
            files.Write(temporary, write);
            files.Replace(temporary, path);
        }
        catch (Exception e)
        {
            Remove(temporary, files);
            if (e is IOException or UnauthorizedAccessException)
                throw new UserException($"{path}: cannot be written: {e.Message.TrimEnd('.')}. Nothing was changed. " +
                    (FileOperations.IsDiskFull(e) ? "Free space on the disk." : "Choose another folder."), e);
            throw;
        }
    }

    // The first failure is the one to report.
    static void Remove(string temporary, FileOperations files)
    {
        try
        {
            files.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}
