using LdNetGpu.Devices;

namespace LdNetGpu.Train.Training;

/// <summary>A saved run that cannot go on as it is asked to: its place is counted in something else.</summary>
/// <param name="file">The saved state.</param>
/// <param name="saved">What the saved run counts in.</param>
/// <param name="here">What this one counts in.</param>
public sealed class ResumeException(string file, string saved, string here) : UserException(
    $"{file}: saved by a run over {saved}; this one has {here}. Resume with the same text, batch size and steps, or "
    + "train anew in another folder.")
{
    /// <summary>What the saved run counts in.</summary>
    public string Saved { get; } = saved;

    /// <summary>What this one counts in.</summary>
    public string Here { get; } = here;
}
