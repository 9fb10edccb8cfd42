using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Train.Training;

/// <summary>Where a run is to write: looked at before the work starts, not after hours of it.</summary>
static class OutputFolder
{
    /// <summary>
    /// True when there is a run to go on with; else the folder is there, empty of one, and can be written to.
    /// </summary>
    /// <exception cref="FolderTakenException">It holds a run and <paramref name="resume"/> was not given.</exception>
    public static bool Claim(CheckpointFolder folder, bool resume, IProgress<WorkProgress>? progress = null)
    {
        var isTaken = folder.Exists || folder.Has(TrainingState.FileName);
        if (isTaken && !resume) throw new FolderTakenException(folder.Root);
        if (isTaken) return true;
        if (resume)
            progress?.Report(WorkProgress.Note($"{folder.Root}: nothing to resume: starting from the beginning."));
        Directory.CreateDirectory(folder.Root);
        folder.RewindMetrics();
        return false;
    }
}
