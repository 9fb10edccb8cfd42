using LdNetGpu.Autograd;
using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Train.Training;

/// <summary>Training stopped at a number that is no longer finite; nothing of that step was saved.</summary>
public sealed class TrainingDivergedException : DivergedException
{
    /// <param name="where">Epoch and batch.</param>
    /// <param name="cause">What is not finite.</param>
    /// <param name="folder">Where the run saves.</param>
    internal TrainingDivergedException(string where, DivergedException cause, CheckpointFolder folder) : base(
        cause.Step, cause.Quantity, cause.Value,
        $"{where}: {cause.Message.TrimEnd('.')}. Nothing of this step was saved.", cause)
    {
        Where = where;
        LastGood = folder.Exists ? folder.Root : null;
    }

    /// <summary>Epoch and batch, for people.</summary>
    public string Where { get; }

    /// <summary>The folder with the last good state; null where none was saved yet.</summary>
    public string? LastGood { get; }
}
