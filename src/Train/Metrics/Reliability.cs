namespace LdNetGpu.Train.Metrics;

/// <summary>A prediction with its confidence, and whether it came true.</summary>
/// <param name="Confidence">The probability that was claimed, 0 to 1.</param>
/// <param name="IsCorrect">Whether it was right.</param>
public readonly record struct JudgedPrediction(double Confidence, bool IsCorrect);

/// <summary>Predictions of like confidence.</summary>
/// <param name="Lower">The bin's lower bound; in a bin of equal counts its least confidence.</param>
/// <param name="Upper">The bin's upper bound; in a bin of equal counts its largest confidence.</param>
/// <param name="Count">Predictions in it.</param>
/// <param name="Confidence">Their mean confidence; 0 where there are none.</param>
/// <param name="Accuracy">The share of them that is right; 0 where there are none.</param>
public readonly record struct ReliabilityBin(double Lower, double Upper, int Count, double Confidence,
    double Accuracy);

/// <summary>
/// How far confidence is what comes true (Naeini et al., AAAI 2015; Guo et al., ICML 2017): predictions are put in
/// bins, and the expected calibration error is the mean of |accuracy - mean confidence| over bins, weighted by their
/// counts.
/// </summary>
public sealed class Reliability
{
    /// <summary>Judges predictions.</summary>
    /// <param name="predictions">Any number, none too.</param>
    /// <param name="bins">M. Bin m of equal width holds confidence above (m - 1) / M, and the first one 0 too.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no bin, or a confidence is not 0 to 1.</exception>
    public Reliability(IReadOnlyList<JudgedPrediction> predictions, int bins = 10)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        foreach (var one in predictions)
            if (!(one.Confidence is >= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(predictions), one.Confidence,
                    "A confidence is not 0 to 1.");
        Count = predictions.Count;
        MeanConfidence = Mean(predictions, one => one.Confidence);
        Accuracy = Mean(predictions, one => one.IsCorrect ? 1 : 0);
        var byWidth = predictions.ToLookup(one =>
            Math.Clamp((int)Math.Ceiling(one.Confidence * bins) - 1, 0, bins - 1));
        EqualWidth = [.. Enumerable.Range(0, bins)
            .Select(bin => Bin((double)bin / bins, (bin + 1.0) / bins, [.. byWidth[bin]]))];
        // Equal ones stay in their order.
        var sorted = predictions.OrderBy(one => one.Confidence).ToArray();
        EqualCounts = [.. Enumerable.Range(0, bins)
            .Select(bin => sorted[(int)((long)Count * bin / bins)..(int)((long)Count * (bin + 1) / bins)])
            .Where(own => own.Length > 0).Select(own => Bin(own[0].Confidence, own[^1].Confidence, own))];
    }

    /// <summary>Predictions.</summary>
    public int Count { get; }

    /// <summary>0 without predictions.</summary>
    public double MeanConfidence { get; }

    /// <summary>The share that is right; 0 without predictions.</summary>
    public double Accuracy { get; }

    /// <summary>M bins of equal width, empty ones too.</summary>
    public IReadOnlyList<ReliabilityBin> EqualWidth { get; }

    /// <summary>Bins of equal counts, but for one prediction; fewer than M where there are fewer predictions.</summary>
    public IReadOnlyList<ReliabilityBin> EqualCounts { get; }

    /// <summary>Expected calibration error over <see cref="EqualWidth"/>, 0 to 1; 0 without predictions.</summary>
    public double Error => ErrorOver(EqualWidth);

    /// <summary>The same over <see cref="EqualCounts"/>.</summary>
    public double ErrorOfEqualCounts => ErrorOver(EqualCounts);

    double ErrorOver(IReadOnlyList<ReliabilityBin> bins) => Count == 0 ? 0
        : bins.Sum(bin => bin.Count * Math.Abs(bin.Accuracy - bin.Confidence)) / Count;

    static ReliabilityBin Bin(double lower, double upper, IReadOnlyList<JudgedPrediction> own) => new(lower, upper,
        own.Count, Mean(own, one => one.Confidence), Mean(own, one => one.IsCorrect ? 1 : 0));

    static double Mean(IReadOnlyList<JudgedPrediction> predictions, Func<JudgedPrediction, double> value) =>
        predictions.Count == 0 ? 0 : predictions.Sum(value) / predictions.Count;
}
