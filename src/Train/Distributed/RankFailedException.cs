using LdNetGpu.Devices;

namespace LdNetGpu.Train.Distributed;

/// <summary>A process of the run has ended, or cannot go on: the others end too.</summary>
/// <param name="rank">Which one.</param>
/// <param name="message">What happened to it, in its own words or in those of who missed it.</param>
/// <param name="isReported">Whether it has told rank 0 so, and people are told there.</param>
/// <param name="inner">The error beneath, where it was this process's own.</param>
public sealed class RankFailedException(int rank, string message, bool isReported, Exception? inner = null)
    : UserException(message, inner)
{
    /// <summary>The rank that failed.</summary>
    public int Rank { get; } = rank;

    /// <summary>Whether rank 0 tells people, so that others need not.</summary>
    public bool IsReported { get; } = isReported;

    /// <summary>Whether it is not heard of any more, and did not say why.</summary>
    public bool IsLost { get; init; }
}
