using LdNetGpu.Devices.Tuning;

namespace LdNetGpu.Autograd;

/// <summary>How far a search for tuned values is.</summary>
public sealed class TuningProgress
{
    internal TuningProgress(TuningRecord record, TuningResult? latest, int done, int total) =>
        (Record, Latest, Done, Total) = (record, latest, done, total);

    /// <summary>All that was found out so far.</summary>
    public TuningRecord Record { get; }

    /// <summary>The candidate that was just checked; null where a round of times was taken.</summary>
    public TuningResult? Latest { get; }

    /// <summary>Candidates that were checked, or rounds of times that were taken.</summary>
    public int Done { get; }

    /// <summary>Of so many at most.</summary>
    public int Total { get; }
}
