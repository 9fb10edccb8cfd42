using LdNetGpu.Devices;
using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Train.Training;

static class Divergence
{
    /// <summary>What a user is told when numbers stopped being numbers.</summary>
    /// <param name="where">Epoch and batch.</param>
    public static UserException Error(string where, ArithmeticException error, CheckpointFolder folder) => new(
        $"{where}: {error.Message}. Nothing of this step was saved. " + (folder.Exists
            ? $"The last good state is in {folder.Root}: add --resume and a lower learning rate (--set learning_rate=...) or clip_norm."
            : "Train with a lower learning rate (--set learning_rate=...) or clip_norm."), error);
}
