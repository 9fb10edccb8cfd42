using LdNetGpu.Devices;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Train.Shards;

/// <summary>A file to work on.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">
/// What it is called wherever its folder lies: its path within the folder that was named, with <c>/</c>, or its file
/// name.
/// </param>
/// <param name="Bytes">Its size; 0 where that cannot be told.</param>
sealed record ShardInput(string Path, string Name, long Bytes)
{
    /// <summary>The files of the sources, in ordinal order of their names.</summary>
    /// <param name="sources">Files, and folders as <see cref="Corpus"/> goes through them.</param>
    /// <exception cref="UserException">
    /// One is missing, a folder holds no file, or two files have one name.
    /// </exception>
    public static IReadOnlyList<ShardInput> Find(IEnumerable<string> sources)
    {
        var inputs = sources.SelectMany(Of).DistinctBy(input => System.IO.Path.GetFullPath(input.Path)).ToList();
        inputs.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (var i = 1; i < inputs.Count; i++)
            if (inputs[i].Name == inputs[i - 1].Name)
                throw new UserException($"{inputs[i - 1].Path} and {inputs[i].Path}: both are called {inputs[i].Name}, "
                    + "and would be written to one file. Name the folder above both.");
        return inputs;
    }

    static IEnumerable<ShardInput> Of(string source)
    {
        var isFolder = Directory.Exists(source);
        return Corpus.Expand(source).Select(path => new ShardInput(path, isFolder
            ? System.IO.Path.GetRelativePath(source, path).Replace(System.IO.Path.DirectorySeparatorChar, '/')
            : System.IO.Path.GetFileName(path), SizeOf(path)));
    }

    // A link to nowhere, or a file that was deleted just now, has none; reading it says so.
    static long SizeOf(string path)
    {
        try
        {
            return new FileInfo(path).Length;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
