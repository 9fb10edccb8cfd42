using LdNetGpu.Devices;

namespace LdNetGpu.Train.Training;

/// <summary>A run was to write where another one has left its model.</summary>
/// <param name="folder">The folder that holds the model.</param>
/// <param name="isOther">Whether the run cannot go on with that model: it is of another kind, or the folder is one of
/// its own.</param>
public sealed class FolderTakenException(string folder, bool isOther = false)
    : UserException($"{folder}: already holds {(isOther ? "a model that this run cannot go on with" : "a model")}.")
{
    /// <summary>The folder that holds the model.</summary>
    public string Folder { get; } = folder;

    /// <summary>
    /// Whether the run cannot go on with that model: it is of another kind, or the folder is one of its own.
    /// </summary>
    public bool IsOther { get; } = isOther;
}
