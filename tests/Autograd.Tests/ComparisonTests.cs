using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>Two implementations of one result, held against each other.</summary>
public sealed class ComparisonTests
{
    // x + y of 4 x 32 floats.
    static readonly IImplementation Sum = new ScaledSum("sum"), Detour = new HalvesTwice("detour");

    [Fact]
    public void BytesAndFlopsAreThoseByHand()
    {
        var comparison = new Comparison(Sum, Detour);
        var sum = comparison.Count(Sum);
        const int Matrix = 4 * 32 * 4;
        Assert.Equal((1, 2 * Matrix, Matrix), (sum.Launches.Count, sum.LoadedBytes, sum.StoredBytes));
        Assert.Equal((3 * Matrix, 3 * Matrix), (sum.MovedBytes, sum.NecessaryBytes));
        Assert.Equal(new OperationCounts(Additions: 128, 0, 0, 0, 0, 0), sum.Operations);
        Assert.Equal(128.0 / (3 * Matrix), sum.Intensity);
        // Three scalings of a matrix each, and the sum.
        var detour = comparison.Count(Detour);
        Assert.Equal((4, 3 * 2 * Matrix + 3 * Matrix, 3 * Matrix),
            (detour.Launches.Count, detour.MovedBytes, detour.NecessaryBytes));
        Assert.Equal(new OperationCounts(128, Multiplications: 3 * 128, 0, 0, 0, 0), detour.Operations);
        // Bytes alone, then FLOPs alone, then as much of both.
        Assert.Equal(3 * Matrix / 1e9, sum.FloorSeconds(new("bytes", 1e9, 1e15)), 15);
        Assert.Equal(128 / 1e6, sum.FloorSeconds(new("flops", 1e15, 1e6)), 15);
        Assert.Equal(512 / 1e6, detour.FloorSeconds(new("flops", 1e15, 1e6)), 15);
    }

    [Fact]
    public void AFloorIsSummedLaunchByLaunch()
    {
        // A launch that is bound by FLOPs behind one that is bound by bytes.
        var counts = new ImplementationCounts([], 0, 0, 0,
        [
            new ProfiledLaunch(KernelCatalog.All[0], 100, 100, default),
            new ProfiledLaunch(KernelCatalog.All[0], 0, 10, new(300, 0, 0, 0, 0, 0)),
        ]);
        Assert.Equal(200 + 300, counts.FloorSeconds(new("one a second", 1, 1)));
    }

    [Fact]
    public void EqualResultsAreNoFloatApart()
    {
        var results = new Comparison(Sum, Sum).Check();
        Assert.Equal((128, 0), (results.Between.Exact, results.Between.Most));
        Assert.Equal(128, results.First.Count);
        Assert.Equal(results.First.Buckets, results.Second.Buckets);
    }

    [Fact]
    public void AnElementThatDiffersIsNamedAndNothingIsTimed()
    {
        var error = Assert.Throws<ResultsDifferException>(() =>
            new Comparison(Sum, new ScaledSum("wrong", 1.5)).Check());
        Assert.Equal((0, 0L), (error.Result, error.Element));
        Assert.True(error.Difference > 0.001);
        Assert.Matches(
            @"^Result 0 \[4, 32\], element 0: \S+ of wrong, and \S+ of sum in double .* apart, and .* allowed",
            error.Message);
        Assert.Contains("nothing was timed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnImplementationOfKernelsAloneIsHeldAgainstItselfOnTheManagedDevice()
    {
        var kernels = new KernelSum("kernels");
        Assert.Equal(128, new Comparison(kernels, Sum).Check().Between.Exact);
        var error = Assert.Throws<ResultsDifferException>(() =>
            new Comparison(kernels, new ScaledSum("wrong", 1.5)).Check());
        Assert.Contains("of kernels in double on the managed device", error.Message, StringComparison.Ordinal);
        using var cpu = new CpuDevice(1);
        var unsupported = Assert.Throws<UnsupportedOnDeviceException>(() => new Comparison(Sum, kernels).Time(cpu));
        Assert.Contains(new DeviceAlternative("opencl"), unsupported.Alternatives);
    }

    [Fact]
    public void ATolerancePermitsADifference()
    {
        var near = new ScaledSum("near", 1.0001);
        Assert.Throws<ResultsDifferException>(() => new Comparison(Sum, near, new() { Tolerance = 1e-6 }).Check());
        Assert.True(new Comparison(Sum, near, new() { Tolerance = 1e-3 }).Check().Between.Most > 0);
    }

    [Fact]
    public void ShapesAndNumbersOfResultsMustBeEqual()
    {
        var shape = Assert.Throws<ResultsDifferException>(() =>
            new Comparison(Sum, new Part("part")).Check());
        Assert.Equal((0, null, double.NaN), (shape.Result, shape.Element, shape.Difference));
        Assert.Contains("[4, 32] of sum and [4, 31] of part", shape.Message, StringComparison.Ordinal);
        var count = Assert.Throws<ResultsDifferException>(() => new Comparison(Sum, new Twice("twice")).Check());
        Assert.Contains("sum has 1 results and twice 2", count.Message, StringComparison.Ordinal);
        var precision = Assert.Throws<ResultsDifferException>(() =>
            new Comparison(new NarrowInDouble("narrow"), Sum).Check());
        Assert.Contains("[4, 32] of narrow and [4, 31] of narrow in double", precision.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ASeedChoosesTheInputs()
    {
        using var device = new CpuDevice(1);
        float[] Values(ulong seed)
        {
            using var inputs = new ComparisonInputs<float>(new CpuBackend<float>(device), seed);
            return inputs.Numbers("x", 5).ToArray();
        }
        Assert.Equal(Values(1), Values(1));
        Assert.NotEqual(Values(1), Values(2));
    }

    [Fact]
    public void InputsAreTheSameInEveryKindOfNumberAndByName()
    {
        using var device = new CpuDevice(1);
        using var floats = new ComparisonInputs<float>(new CpuBackend<float>(device), 1);
        using var doubles = new ComparisonInputs<double>(new CpuBackend<double>(device), 1);
        Assert.Equal(floats.Numbers("x", 2, 3).ToArray().Select(value => (double)value),
            doubles.Numbers("x", 2, 3).ToArray());
        Assert.Same(floats.Numbers("x", 2, 3), floats.Numbers("x"));
        Assert.Equal([0, 0], floats.Zeros("z", 2).ToArray());
        Assert.Equal([3, 1], floats.Integers("i", 3, 1).ToArray());
        Assert.Equal(6 * 4 + 2 * 4 + 2 * 4, floats.Bytes);
    }

    [Fact]
    public void TimesAreAsManyAsAskedFor()
    {
        using var device = new CpuDevice(1);
        var (warm, cold) = new Comparison(Sum, Detour, new() { Samples = 3 }).Time(device);
        Assert.All([warm.First, warm.Second, cold.First, cold.Second], times =>
        {
            Assert.Equal(3, times.Count);
            Assert.All(times, time => Assert.InRange(time, 1e-9, 10));
        });
        using var managed = new ManagedDevice();
        Assert.Throws<ArgumentException>(() => new Comparison(Sum, Detour).Time(managed));
    }

    [Fact]
    public void OptionsOutsideOfTheirRangesAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComparisonOptions { Samples = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComparisonOptions { Tolerance = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComparisonOptions { Margin = double.NaN });
    }

    [Theory]
    [InlineData(1.0, SpeedVerdict.Same), InlineData(1.01, SpeedVerdict.Same), InlineData(0.8, SpeedVerdict.Faster)]
    [InlineData(1.3, SpeedVerdict.Slower)]
    public void AVerdictFollowsFromCalmTimes(double ratio, SpeedVerdict verdict)
    {
        var first = Times(1, 0.01);
        var times = new SpeedComparison(first, [.. first.Select(time => time * ratio)]);
        Assert.Equal(verdict, times.Verdict);
        Assert.Equal(ratio, times.Ratio, 12);
        Assert.InRange(ratio, times.Interval.Low, times.Interval.High);
    }

    [Fact]
    public void NoisyTimesAreAmbiguous() =>
        Assert.Equal(SpeedVerdict.Ambiguous, new SpeedComparison(Times(1, 0.5), Times(1.05, 0.5)).Verdict);

    [Fact]
    public void AMarginDecidesWhatIsTheSame()
    {
        double[] first = Times(1, 0.01), second = Times(1.1, 0.01);
        Assert.Equal(SpeedVerdict.Slower, new SpeedComparison(first, second, 0.03).Verdict);
        Assert.Equal(SpeedVerdict.Same, new SpeedComparison(first, second, 0.2).Verdict);
    }

    // Of 10 and 10 with no overlap: U = 0, z = (50 - 0.5) / sqrt(175), so p = 1.827e-4.
    [Fact]
    public void RanksAreThoseOfMannAndWhitney()
    {
        double[] low = [.. Enumerable.Range(1, 10).Select(i => (double)i)];
        var apart = new SpeedComparison(low, [.. low.Select(time => time + 10)]);
        Assert.Equal(1.827e-4, apart.RankProbability, 6);
        Assert.Equal(1, new SpeedComparison(low, low).RankProbability, 6);
        Assert.Equal(1, new SpeedComparison([2, 2, 2], [2, 2, 2]).RankProbability);
        Assert.Throws<ArgumentException>(() => new SpeedComparison([1], [1, 2]));
    }

    [Fact]
    public void MedianAndNoiseAreOfTheMiddle()
    {
        Assert.Equal(2.5, SpeedComparison.Median([1, 2, 3, 10]));
        Assert.Equal(2, SpeedComparison.Median([1, 2, 10]));
        Assert.Equal((4.0 - 2) / 3, SpeedComparison.Noise([1, 2, 3, 4, 100]), 12);
    }

    [Fact]
    public void UnitsInTheLastPlaceAreFloatsBetween()
    {
        var one = 1f;
        var next = float.BitIncrement(one);
        var histogram = UlpHistogram.Of(
        [
            (one, one), (0f, -0f), (one, next), (next, one), (one, float.BitIncrement(float.BitIncrement(next))),
            (float.Epsilon, -float.Epsilon), (1f, 2f),
        ]);
        Assert.Equal((2, 1L << 23), (histogram.Exact, histogram.Most));
        Assert.Equal((2, 2, 1), (histogram.Buckets[0], histogram.Buckets[1], histogram.Buckets[23]));
        Assert.Equal(7, histogram.Count);
    }

    // Evenly spread by so much around a middle.
    static double[] Times(double middle, double spread) =>
        [.. Enumerable.Range(0, 30).Select(i => middle * (1 + spread * ((i * 7 % 30 / 29.0) - 0.5)))];

    abstract record OfTwo(string Name) : IImplementation
    {
        public Func<IReadOnlyList<MatrixView<T>>> Prepare<T>(DeviceBackend<T> backend, ComparisonInputs<T> inputs)
            where T : unmanaged, IFloatingPointIeee754<T> =>
            () => Results(inputs.Numbers("a", 4, 32), inputs.Numbers("b", 4, 32));

        protected abstract MatrixView<T>[] Results<T>(Tensor<T> a, Tensor<T> b)
            where T : unmanaged, IFloatingPointIeee754<T>;
    }

    /// <summary>a + factor · b.</summary>
    sealed record ScaledSum(string Name, double Factor = 1) : OfTwo(Name)
    {
        protected override MatrixView<T>[] Results<T>(Tensor<T> a, Tensor<T> b) =>
            [a.Add(Factor == 1 ? b : b.Scale(Factor)).View];
    }

    /// <summary>2 (a / 2 + b / 2), to the same bits.</summary>
    sealed record HalvesTwice(string Name) : OfTwo(Name)
    {
        protected override MatrixView<T>[] Results<T>(Tensor<T> a, Tensor<T> b) =>
            [a.Scale(0.5).Add(b.Scale(0.5)).Scale(2).View];
    }

    /// <summary>a + b, on devices with kernels alone.</summary>
    sealed record KernelSum(string Name) : OfTwo(Name)
    {
        protected override MatrixView<T>[] Results<T>(Tensor<T> a, Tensor<T> b) =>
            [new Launched<T>(a, b).Apply()[0].View];
    }

    sealed class Launched<T>(Tensor<T> a, Tensor<T> b) : Function<T>(a, b) where T : unmanaged, IFloatingPointIeee754<T>
    {
        protected override Tensor<T>[] Forward()
        {
            Gpu.Synchronize();
            return [a.Add(b)];
        }

        protected override void Backward() => throw new InvalidOperationException("No gradient is asked for.");
    }

    sealed record Part(string Name) : OfTwo(Name)
    {
        protected override MatrixView<T>[] Results<T>(Tensor<T> a, Tensor<T> b) => [a.Add(b).Columns(0, 31).View];
    }

    sealed record NarrowInDouble(string Name) : OfTwo(Name)
    {
        protected override MatrixView<T>[] Results<T>(Tensor<T> a, Tensor<T> b) =>
            [a.Add(b).Columns(0, typeof(T) == typeof(double) ? 31 : 32).View];
    }

    sealed record Twice(string Name) : OfTwo(Name)
    {
        protected override MatrixView<T>[] Results<T>(Tensor<T> a, Tensor<T> b) => [a.Add(b).View, a.Add(b).View];
    }
}
