using LdNetGpu.Devices;

namespace LdNetGpu.Train.Checkpoints;

/// <summary>A checkpoint could not be written; the one before it, if any, is whole.</summary>
/// <param name="folder">The folder as it was given.</param>
/// <param name="cause">The system's error.</param>
public sealed class CheckpointWriteException(string folder, Exception cause) : UserException(
    $"{folder}: the checkpoint cannot be written: {cause.Message.TrimEnd('.')}. The last one saved there, if any, is "
    + "whole: make room.", cause)
{
    /// <summary>The folder as it was given.</summary>
    public string Folder { get; } = folder;
}
