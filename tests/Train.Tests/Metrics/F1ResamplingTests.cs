using LdNetGpu.Train.Metrics;

namespace LdNetGpu.Tests.Metrics;

/// <summary>Intervals of F1 and significance of differences.</summary>
public class F1ResamplingTests
{
    // Sentences of one gold span each, some found.
    static SpanCounts[] Sentences(int right, int wrong) =>
    [
        .. Enumerable.Repeat(new SpanCounts(1, 1, 1), right),
        .. Enumerable.Repeat(new SpanCounts(1, 1, 0), wrong),
    ];

    // F1 is the share of right ones: its deviation is known, √(p (1 - p) / n).
    [Fact]
    public void TheIntervalIsThatOfAShare()
    {
        var (low, high) = F1Resampling.Interval(Sentences(320, 80), 4000, seed: 1);
        var deviation = 100 * Math.Sqrt(0.8 * 0.2 / 400);
        Assert.Equal(80 - 1.96 * deviation, low, 0.3);
        Assert.Equal(80 + 1.96 * deviation, high, 0.3);
        Assert.Equal((low, high), F1Resampling.Interval(Sentences(320, 80), 4000, seed: 1));
        Assert.NotEqual(F1Resampling.Interval(Sentences(320, 80), 100, seed: 1),
            F1Resampling.Interval(Sentences(320, 80), 100, seed: 2));
        Assert.Equal((100.0, 100.0), F1Resampling.Interval(Sentences(5, 0), 100, seed: 1));
        Assert.Equal((0.0, 0.0), F1Resampling.Interval([new(0, 0, 0)], 100, seed: 1));
    }

    // Of n sentences that one has right and the other wrong, sides are as far apart as all on one: 2 of 2ⁿ ways.
    [Theory, InlineData(1, 1.0), InlineData(3, 0.25), InlineData(5, 0.0625)]
    public void SignificanceIsTheShareOfWaysThatAreAsFarApart(int differing, double exact)
    {
        SpanCounts[] one = [.. Sentences(20 + differing, 10)], other = [.. Sentences(20, 10 + differing)];
        Assert.Equal(exact, F1Resampling.Significance(one, other, 20_000, seed: 1), 0.015);
        Assert.Equal(F1Resampling.Significance(one, other, 1000, seed: 3),
            F1Resampling.Significance(one, other, 1000, seed: 3));
    }

    [Fact]
    public void AlikeIsNotDifferent() =>
        Assert.Equal(1, F1Resampling.Significance(Sentences(3, 4), Sentences(3, 4), 1000, seed: 1));
}
