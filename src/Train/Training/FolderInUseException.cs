using LdNetGpu.Devices;

namespace LdNetGpu.Train.Training;

/// <summary>A run was to write where another one is writing at the moment.</summary>
/// <param name="folder">The folder as it was given.</param>
public sealed class FolderInUseException(string folder) : UserException(
    $"{folder}: in use: another run is writing there.")
{
    /// <summary>The folder as it was given.</summary>
    public string Folder { get; } = folder;
}
