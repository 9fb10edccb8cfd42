using LdNetGpu.Devices;

namespace LdNetGpu.Autograd;

/// <summary>Times of two implementations, taken in turns, and what they say.</summary>
/// <remarks>
/// The ratio is the second's median by the first's. Its interval holds 95 % of the ratios of 2,000 resamples of both
/// (percentile bootstrap, of a fixed seed); ranks differ where the two-sided test of Mann and Whitney, in its normal
/// approximation with ties, gives less than 0.01.
/// </remarks>
public sealed class SpeedComparison
{
    const int Resamples = 2000;
    const double Significance = 0.01, Outside = 0.025;

    /// <summary>Judges times.</summary>
    /// <param name="first">Seconds of the first's calls; two or more.</param>
    /// <param name="second">Seconds of the second's calls; two or more.</param>
    /// <param name="margin">How far from 1 a ratio may be that counts as the same, from 0 on.</param>
    /// <exception cref="ArgumentException">Fewer than two times of one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The margin is negative, or no number.</exception>
    public SpeedComparison(IReadOnlyList<double> first, IReadOnlyList<double> second, double margin = 0.03)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count < 2 || second.Count < 2)
            throw new ArgumentException($"{first.Count} and {second.Count} times: two of each are needed at least.",
                nameof(first));
        if (!(margin >= 0))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "A margin is 0 or more.");
        (First, Second) = ([.. first.Order()], [.. second.Order()]);
        var random = new RandomStream(new RandomKey(1, 0, 0));
        var ratios = Enumerable.Range(0, Resamples)
            .Select(_ => Median(Resample(Second, random)) / Median(Resample(First, random))).Order().ToArray();
        Interval = (ratios[(int)(Outside * Resamples)], ratios[(int)((1 - Outside) * Resamples)]);
        RankProbability = MannWhitney(First, Second);
        var (low, high) = Interval;
        Verdict = low >= 1 - margin && high <= 1 + margin ? SpeedVerdict.Same
            : high < 1 && RankProbability < Significance ? SpeedVerdict.Faster
            : low > 1 && RankProbability < Significance ? SpeedVerdict.Slower
            : SpeedVerdict.Ambiguous;
    }

    /// <summary>Seconds of the first, the shortest first.</summary>
    public IReadOnlyList<double> First { get; }

    /// <summary>Seconds of the second, the shortest first.</summary>
    public IReadOnlyList<double> Second { get; }

    /// <summary>The second's median by the first's.</summary>
    public double Ratio => Median(Second) / Median(First);

    /// <summary>Where the ratio lies with a probability of 95 %.</summary>
    public (double Low, double High) Interval { get; }

    /// <summary>How probable ranks as different as these are where both take equally long.</summary>
    public double RankProbability { get; }

    /// <summary>Of the second, beside the first.</summary>
    public SpeedVerdict Verdict { get; }

    /// <summary>The middle of times.</summary>
    /// <param name="sorted">The shortest first; one at least.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static double Median(IReadOnlyList<double> sorted)
    {
        RequireSome(sorted);
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The middle half's width by the median.</summary>
    /// <param name="sorted">The shortest first; one at least.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static double Noise(IReadOnlyList<double> sorted)
    {
        RequireSome(sorted);
        return (sorted[sorted.Count * 3 / 4] - sorted[sorted.Count / 4]) / Median(sorted);
    }

    static void RequireSome(IReadOnlyList<double> sorted)
    {
        ArgumentNullException.ThrowIfNull(sorted);
        if (sorted.Count == 0) throw new ArgumentException("Of no times there is none in the middle.", nameof(sorted));
    }

    static double[] Resample(IReadOnlyList<double> times, RandomStream random)
    {
        var drawn = new double[times.Count];
        for (var i = 0; i < drawn.Length; i++) drawn[i] = times[random.NextInt(times.Count)];
        Array.Sort(drawn);
        return drawn;
    }

    static double MannWhitney(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double m = first.Count, n = second.Count, all = m + n;
        var u = first.Sum(one => second.Sum(other => one < other ? 1 : one == other ? 0.5 : 0));
        var ties = first.Concat(second).GroupBy(time => time).Sum(group => Math.Pow(group.Count(), 3) - group.Count());
        var deviation = Math.Sqrt(m * n / 12 * (all + 1 - ties / (all * (all - 1))));
        if (deviation == 0) return 1;
        var z = Math.Max(0, Math.Abs(u - m * n / 2) - 0.5) / deviation;
        return Erfc(z / Math.Sqrt(2));
    }

    // Abramowitz and Stegun 7.1.26: off by at most 1.5e-7, which no threshold here asks for more than.
    static double Erfc(double x)
    {
        var t = 1 / (1 + 0.3275911 * x);
        return t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
            * Math.Exp(-x * x);
    }
}
