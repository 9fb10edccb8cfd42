using LdNetGpu.Devices;

namespace LdNetGpu.Cli;

/// <summary>
/// A file that an option names to be written. Its folder is there, or the name is mistyped: only folders that are
/// themselves asked for are made.
/// </summary>
static class OutputFile
{
    /// <summary>Before the work is done whose result it is to hold.</summary>
    /// <param name="option">Its name.</param>
    /// <param name="file">The file, as it was given.</param>
    /// <exception cref="UserException">There is no folder for it, or it is no name.</exception>
    public static void RequireFolder(string option, string file)
    {
        if (string.IsNullOrWhiteSpace(file) || file.Contains('\0'))
            throw new UserException($"{option} '{file}' is no name of a file.");
        if (new FileInfo(file) is { Directory: not { Exists: true }, DirectoryName: var folder })
            throw new UserException($"{option} {file}: there is no folder {folder}. Make it first.");
    }
}
