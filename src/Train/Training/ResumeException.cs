using LdNetGpu.Devices;

namespace LdNetGpu.Train.Training;

/// <summary>A saved run that cannot go on as it is asked to: it was begun with something else.</summary>
/// <param name="place">The saved state, or its folder.</param>
/// <param name="saved">What the saved run was begun with.</param>
/// <param name="here">What this one has.</param>
public sealed class ResumeException(string place, string saved, string here) : UserException(
    $"{place}: saved by a run with {saved}; this one has {here}. Resume with the same text, seed and settings "
    + "(max_epochs and patience may be raised, learning_rate and clip_norm be others), or train anew in another "
    + "folder.")
{
    /// <summary>What the saved run was begun with.</summary>
    public string Saved { get; } = saved;

    /// <summary>What this one has.</summary>
    public string Here { get; } = here;
}
