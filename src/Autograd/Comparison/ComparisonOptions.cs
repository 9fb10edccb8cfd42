namespace LdNetGpu.Autograd;

/// <summary>How two implementations are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Chooses the inputs' values.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// How far an element may be from that of double precision, by the largest magnitude of its result.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or no number.</exception>
    public double Tolerance
    {
        get;
        init => field = value >= 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A tolerance is 0 or more.");
    } = 1e-4;

    /// <summary>Times that are taken of each implementation, cold and warm.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two.</exception>
    public int Samples
    {
        get;
        init => field = value >= 2 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Two samples are needed at least.");
    } = 30;

    /// <summary>How far from 1 a ratio of times may be that counts as the same.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or no number.</exception>
    public double Margin
    {
        get;
        init => field = value >= 0 ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A margin is 0 or more.");
    } = 0.03;
}
