using LdNetGpu.Autograd;

namespace LdNetGpu.Cli.Benchmarks;

/// <summary>Microseconds that calls of one piece of work took.</summary>
/// <param name="Sorted">The shortest first; one at least.</param>
sealed record MeasuredTimes(IReadOnlyList<double> Sorted)
{
    // Standard normal quantile of 97.5 %, halved: ranks of a median are binomial.
    const double RanksAside = 0.98;

    /// <summary>Fewer calls do not tell where the median lies.</summary>
    public const int FewestToSettle = 10;

    public static MeasuredTimes Of(IEnumerable<double> times) => new([.. times.Order()]);

    public double Median => SpeedComparison.Median(Sorted);

    public double Least => Sorted[0];

    /// <summary>
    /// Half of the interval that holds the median with a probability of 95 %, by the median; of all calls' range where
    /// they are few.
    /// </summary>
    public double Noise
    {
        get
        {
            var low = Math.Max(0, (int)Math.Floor(Sorted.Count / 2.0 - RanksAside * Math.Sqrt(Sorted.Count)));
            return (Sorted[^(low + 1)] - Sorted[low]) / 2 / Median;
        }
    }
}
