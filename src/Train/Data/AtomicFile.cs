using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Writes a file whole or not at all: to a temporary name beside it, flushed to the disk, then renamed. A kill or a
/// full disk leaves what was there before.
/// </summary>
static class AtomicFile
{
    /// <exception cref="UserException">The file cannot be written; names it and the cause.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None,
                bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            if (File.Exists(temporary)) File.Delete(temporary);
            if (e is IOException or UnauthorizedAccessException)
                throw new UserException($"{path}: cannot be written: {e.Message.TrimEnd('.')}. Nothing was changed. " +
                    "Free space on the disk or choose another folder.", e);
            throw;
        }
    }
}
