using LdNetGpu.Train.Metrics;

namespace LdNetGpu.Tests.Metrics;

/// <summary>Calibration errors against counts by hand.</summary>
public class ReliabilityTests
{
    // Two bins: 0.2 and 0.4 (one right), 0.6, 0.8 and 1.0 (two right).
    static readonly JudgedPrediction[] Five =
        [new(0.8, true), new(0.2, false), new(1, true), new(0.4, true), new(0.6, false)];

    [Fact]
    public void ErrorIsTheWeightedMeanOverBins()
    {
        var measured = new Reliability(Five, bins: 2);
        Assert.Equal((5, 0.6, 0.6), (measured.Count, measured.MeanConfidence, measured.Accuracy));
        // Of the bins 2/5 · |1/2 - 0.3| + 3/5 · |2/3 - 0.8|.
        Assert.Equal(0.4 * 0.2 + 0.6 * (0.8 - 2.0 / 3), measured.Error, 1e-12);
        Assert.Equal([2, 3], measured.EqualWidth.Select(bin => bin.Count));
        Assert.Equal([(0, 0.5), (0.5, 1)], measured.EqualWidth.Select(bin => (bin.Lower, bin.Upper)));
        Assert.Equal([0.3, 0.8], measured.EqualWidth.Select(bin => Math.Round(bin.Confidence, 12)));
        Assert.Equal([0.5, 2 / 3.0], measured.EqualWidth.Select(bin => bin.Accuracy));
        Assert.Equal([(0.2, 0.4), (0.6, 1)], measured.EqualCounts.Select(bin => (bin.Lower, bin.Upper)));
        Assert.Equal(measured.Error, measured.ErrorOfEqualCounts, 1e-12);
    }

    [Fact]
    public void BinsOfEqualCountsDifferByOne()
    {
        var measured = new Reliability(Five, bins: 3);
        Assert.Equal([1, 2, 2], measured.EqualCounts.Select(bin => bin.Count));
        // 1/5 · 0.2 + 2/5 · |1/2 - 0.5| + 2/5 · |1 - 0.9|
        Assert.Equal(0.2 * 0.2 + 0.4 * 0 + 0.4 * 0.1, measured.ErrorOfEqualCounts, 1e-12);
        // 0.2 | 0.4, 0.6 | 0.8, 1.0: the same here, for thirds of the width.
        Assert.Equal(measured.ErrorOfEqualCounts, measured.Error, 1e-12);
        Assert.Equal(5, new Reliability(Five, bins: 50).EqualCounts.Count);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 0)]
    [InlineData(0.1000001, 1)]
    [InlineData(0.3, 2)]
    [InlineData(1, 9)]
    public void AConfidenceOnABorderIsInTheBinBelow(double confidence, int bin)
    {
        var measured = new Reliability([new(confidence, true)]);
        Assert.Equal(bin, measured.EqualWidth.Index().Single(one => one.Item.Count == 1).Index);
        Assert.Equal(1 - confidence, measured.Error, 1e-12);
    }

    [Fact]
    public void OfNothingThereIsNoError()
    {
        var measured = new Reliability([]);
        Assert.Equal((0, 0, 0, 0, 0), (measured.Count, measured.MeanConfidence, measured.Accuracy, measured.Error,
            measured.ErrorOfEqualCounts));
        Assert.Equal(10, measured.EqualWidth.Count);
        Assert.Empty(measured.EqualCounts);
    }

    [Fact]
    public void WhatIsNoConfidenceIsRefused()
    {
        foreach (var value in new[] { -0.1, 1.1, double.NaN })
            Assert.Throws<ArgumentOutOfRangeException>(() => new Reliability([new(value, true)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Reliability(Five, bins: 0));
    }
}
