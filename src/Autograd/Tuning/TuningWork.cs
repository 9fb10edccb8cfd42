namespace LdNetGpu.Autograd;

/// <summary>What a kernel is tuned in: an operation that launches it, at the size that counts and at a small one.
/// </summary>
public sealed class TuningWork
{
    /// <summary>A work by two implementations of one operation.</summary>
    /// <param name="timed">At the size that is timed.</param>
    /// <param name="small">
    /// At a size that the managed device runs in moments and that meets the kernel's edges: a tile and a part of one.
    /// </param>
    public TuningWork(IImplementation timed, IImplementation small)
    {
        ArgumentNullException.ThrowIfNull(timed);
        ArgumentNullException.ThrowIfNull(small);
        (Timed, Small) = (timed, small);
    }

    /// <summary>At the size that is timed; its name is the work's.</summary>
    public IImplementation Timed { get; }

    /// <summary>At a size that the managed device runs in moments.</summary>
    public IImplementation Small { get; }

    /// <summary>
    /// How far an element may be from double precision's, in roundings: by so many times ε · max(1, |right|), ε the
    /// distance from 1 to the next float.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or no number.</exception>
    public double Roundings
    {
        get;
        init => field = value >= 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A tolerance is 0 or more.");
    } = 64;
}
