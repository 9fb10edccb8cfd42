using LdNetGpu.Devices;

namespace LdNetGpu.Train.Training;

/// <summary>A new run was to write where another one has left its model.</summary>
/// <param name="folder">The folder as it was given.</param>
public sealed class FolderTakenException(string folder) : UserException($"{folder}: already holds a model.")
{
    /// <summary>The folder as it was given.</summary>
    public string Folder { get; } = folder;
}
