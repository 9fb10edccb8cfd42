using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>
/// Opens what the user named for reading; gzip is told by its first two bytes (1F 8B), never by the file's name.
/// </summary>
static class InputFile
{
    /// <summary>The bytes of a file, inflated where it is gzip.</summary>
    /// <param name="path">As the user gave it.</param>
    /// <param name="reading">What it keeps to; null for the current one.</param>
    /// <exception cref="UserException">The file is missing, is a folder or may not be read.</exception>
    public static Stream Open(string path, FileReading? reading = null) => Inflate(OpenRaw(path), path, reading);

    /// <summary>The bytes of a file as they are.</summary>
    /// <exception cref="UserException">The file is missing, is a folder or may not be read.</exception>
    public static FileStream OpenRaw(string path)
    {
        RequireName(path, "text to read");
        if (Directory.Exists(path))
            throw new UserException($"{path}: is a folder where a file is expected. Name one file in it.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16,
                FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserException($"{path}: no such file. Looked in {Path.GetDirectoryName(Path.GetFullPath(path))}.",
                e);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UserException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Refuses an empty name, which messages would begin with as with nothing.</summary>
    /// <param name="path">As the user gave it.</param>
    /// <param name="expected">What the file is to be, for the message: <c>labelled text</c>.</param>
    /// <exception cref="UserException">It is empty.</exception>
    public static void RequireName(string path, string expected)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new UserException($"'{path}': is no name of a file, where that of a {expected} is expected.");
    }

    /// <summary>Refuses pipes and the like, for work that reads its files more than once.</summary>
    /// <exception cref="UserException">A file can be read only once, or not at all.</exception>
    public static void RequireRereadable(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            using var file = OpenRaw(path);
            if (!file.CanSeek)
                throw new UserException($"{path}: a pipe can be read only once, and this text is read several times. "
                    + "Write it to a file first.");
        }
    }

    /// <summary>The same for an open stream, such as standard input. The result owns the stream.</summary>
    /// <param name="stream">Read from where it is.</param>
    /// <param name="name">For messages.</param>
    /// <param name="reading">What it keeps to; null for the current one.</param>
    public static Stream Inflate(Stream stream, string name, FileReading? reading = null)
    {
        reading ??= FileReading.Current;
        var magic = new byte[2];
        var count = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        var whole = new InputStream(magic.AsMemory(0, count), stream, reading);
        return count == 2 && magic[0] == 0x1F && magic[1] == 0x8B
            ? new InflatedStream(whole, reading, name) : whole;
    }
}
