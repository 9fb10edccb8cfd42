using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Train.Training;

/// <summary>What a folder's run was begun with.</summary>
/// <param name="Seed">Of every random draw.</param>
/// <param name="Settings">By name; null where they were not kept.</param>
/// <param name="Sources">Of a tagger, besides its text; null where they were not kept.</param>
sealed record SavedRun(ulong Seed, IReadOnlyDictionary<string, string>? Settings, TaggerSources? Sources = null)
{
    /// <summary>Read from the saved position, without the tensors; null where the folder holds no run.</summary>
    /// <exception cref="Devices.UserException">The state to go on from is missing or damaged.</exception>
    public static SavedRun? Find(CheckpointFolder folder) => OutputFolder.HoldsRun(folder)
        ? TrainingPosition.Run(TrainingState.ReadPosition(folder), folder.PathOf(TrainingState.FileName)) with
        {
            Settings = RunSettings.Find(folder),
        }
        : null;
}
