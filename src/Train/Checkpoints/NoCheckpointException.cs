using LdNetGpu.Devices;

namespace LdNetGpu.Train.Checkpoints;

/// <summary>A folder holds no checkpoint where one is needed.</summary>
/// <param name="folder">The folder as it was given.</param>
/// <param name="problem">What was expected there.</param>
public sealed class NoCheckpointException(string folder, string problem)
    : UserException($"{(string.IsNullOrWhiteSpace(folder) ? $"'{folder}'" : folder)}: {problem}")
{
    /// <summary>The folder as it was given.</summary>
    public string Folder { get; } = folder;

    /// <summary>Refuses an empty name: the folder that the program runs in would be read.</summary>
    /// <param name="folder">As it was given.</param>
    /// <param name="expected">What it is to hold, for the message: <c>tagger</c>.</param>
    /// <exception cref="NoCheckpointException">It is empty.</exception>
    internal static void RequireName(string folder, string expected)
    {
        if (string.IsNullOrWhiteSpace(folder))
            throw new NoCheckpointException(folder, $"is no name of a folder, where that of a {expected} is expected.");
    }
}
