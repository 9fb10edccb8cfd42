using LdNetGpu.Devices;

namespace LdNetGpu.Train.Training;

/// <summary>What a run is to write to is no folder and can be made none. Nothing was written.</summary>
/// <param name="folder">The folder as it was given.</param>
/// <param name="problem">What stands in the way.</param>
/// <param name="inner">The system's own error, where there is one.</param>
public sealed class OutputFolderException(string folder, string problem, Exception? inner = null)
    : UserException($"output folder '{folder}': {problem}", inner)
{
    /// <summary>The folder as it was given.</summary>
    public string Folder { get; } = folder;
}
