using LdNetGpu.Devices;

namespace LdNetGpu.Train.Data;

/// <summary>A file was to be written where there is one already, perhaps the one that is read. It is left as it
/// was.</summary>
/// <param name="file">The file that is there.</param>
public sealed class FileTakenException(string file) : UserException(
    $"{file}: is there already, and would be written over. Nothing was written.")
{
    /// <summary>The file that is there.</summary>
    public string File { get; } = file;

    /// <summary>Refuses to write over files that are there.</summary>
    /// <param name="files">That are to be written.</param>
    /// <exception cref="FileTakenException">One is there; names the first.</exception>
    internal static void RequireFree(IEnumerable<string> files)
    {
        foreach (var file in files)
            if (Path.Exists(file)) throw new FileTakenException(file);
    }
}
