using MathNet.Numerics.Statistics;

namespace LdNetGpu.Train.Metrics;

/// <summary>
/// Mean and sample standard deviation (divisor n - 1) of a figure over seeds; the deviation of a single run is NaN.
/// </summary>
sealed record MeanAndDeviation(double Mean, double StandardDeviation, int Count)
{
    /// <exception cref="ArgumentException">No figures.</exception>
    public static MeanAndDeviation Of(IReadOnlyCollection<double> figures)
    {
        if (figures.Count == 0) throw new ArgumentException("No figures to take the mean of.", nameof(figures));
        var (mean, deviation) = figures.MeanStandardDeviation();
        return new MeanAndDeviation(mean, deviation, figures.Count);
    }

    /// <summary>As tables give it: 91.84 ± 0.14, or the figure alone for a single run.</summary>
    public override string ToString() => Count == 1
        ? Invariant($"{Mean:F2}")
        : Invariant($"{Mean:F2} ± {StandardDeviation:F2}");
}
