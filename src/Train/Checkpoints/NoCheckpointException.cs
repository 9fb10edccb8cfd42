using LdNetGpu.Devices;

namespace LdNetGpu.Train.Checkpoints;

/// <summary>A folder holds no checkpoint where one is needed.</summary>
/// <param name="folder">The folder as it was given.</param>
/// <param name="problem">What was expected there.</param>
public sealed class NoCheckpointException(string folder, string problem) : UserException($"{folder}: {problem}")
{
    /// <summary>The folder as it was given.</summary>
    public string Folder { get; } = folder;
}
