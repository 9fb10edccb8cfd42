namespace LdNetGpu.Autograd;

/// <summary>How tuned values are searched.</summary>
public sealed record TuningOptions
{
    /// <summary>Chooses the order in which values are tried, and the operands' numbers.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Most candidates that are tried; the standard one is the first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one.</exception>
    public int MostCandidates
    {
        get;
        init => field = value >= 1 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "One candidate is needed at least.");
    } = int.MaxValue;

    /// <summary>The time after which no candidate and no round of times begins.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TimeSpan MostTime
    {
        get;
        init => field = value >= TimeSpan.Zero ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A time is 0 or more.");
    } = TimeSpan.MaxValue;

    /// <summary>Times that are taken of each candidate at most, in turns with the others.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two.</exception>
    public int Samples
    {
        get;
        init => field = value >= 2 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Two samples are needed at least.");
    } = 40;

    /// <summary>How far from 1 a ratio of times may be that counts as the same.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or no number.</exception>
    public double Margin
    {
        get;
        init => field = value >= 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A margin is 0 or more.");
    } = 0.03;

    /// <summary>Milliseconds below which the work cannot come; null where that is not known.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0, or no number.</exception>
    public double? Bound
    {
        get;
        init => field = value is null or > 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A bound is above 0.");
    }

    /// <summary>Where <see cref="Bound"/> is from, in words.</summary>
    public string BoundBy
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(BoundBy));
    } = "";
}
