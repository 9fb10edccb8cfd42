using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>Sizes that no array, no shape and no bound has.</summary>
public sealed class HostileSizeTests
{
    [Fact]
    public void ATensorLargerThanAnArrayIsNotReadAsOne()
    {
        using var device = new CpuDevice(1);
        using var scope = new TensorScope();
        var large = Tensor.Empty(new CpuBackend<float>(device), new Shape(65536, 40000));
        var error = Assert.Throws<ShapeException>(() => large.ToArray());
        Assert.Contains("65536 × 40000", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(2, -1), InlineData(2, int.MinValue), InlineData(-1, 2)]
    public void ChangingIndicesHaveACountAndABound(int count, int bound)
    {
        using var device = new CpuDevice(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => IntTensor.Changing(device, count, bound));
        Assert.Equal(0, device.Counters.LiveBytes);
    }

    [Theory, InlineData(0), InlineData(1), InlineData((1 << 16) + 1), InlineData(1 << 22)]
    public void ChangingIndicesStartAtNoneWithoutAnArrayOfTheirSize(int count)
    {
        using var device = new CpuDevice(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var indices = IntTensor.Changing(device, count, 0);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal(count, indices.ToArray().Count(index => index == -1));
    }

    [Fact]
    public void MoreIndicesThanTheDeviceHoldsAreOutOfItsMemory()
    {
        using var device = new ManagedDevice();
        Assert.Throws<OutOfDeviceMemoryException>(() => IntTensor.Changing(device, int.MaxValue, 0));
    }

    [Fact]
    public void AShapeNamesTheDimensionThatItHasNot()
    {
        var shape = new Shape(2, 3);
        Assert.Equal((2, 3, 3), (shape[0], shape[1], shape[^1]));
        Assert.Contains("[2, 3] has no dimension 9", Assert.Throws<ShapeException>(() => shape[9]).Message,
            StringComparison.Ordinal);
        Assert.Contains("[2, 3] has no dimension ^3", Assert.Throws<ShapeException>(() => shape[^3]).Message,
            StringComparison.Ordinal);
        Assert.Contains("no dimension 0", Assert.Throws<ShapeException>(() => default(Shape)[0]).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void MoreColumnsThanAnIntCountsAreNotConcatenated()
    {
        using var device = new CpuDevice(1);
        using var scope = new TensorScope();
        var wide = Tensor.Empty(new CpuBackend<float>(device), new Shape(0, int.MaxValue));
        Assert.Contains("concatenate",
            Assert.Throws<ShapeException>(() => RowOperations.Concatenate(wide, wide)).Message);
    }

    public static TheoryData<int[]> NoCutoffs =>
        new(new[] { 4, 2 }, [4, 4], [2, 4, 3], [0, 4], [-1], [], [int.MaxValue, int.MinValue]);

    [Theory, MemberData(nameof(NoCutoffs))]
    public void CutoffsRise(int[] cutoffs)
    {
        using var device = new CpuDevice(1);
        using var scope = new TensorScope();
        var x = Tensor.Zeros(new CpuBackend<float>(device), new Shape(4));
        Assert.Contains($"cut-offs [{string.Join(", ", cutoffs)}] do not rise from 1 on", Assert.Throws<ShapeException>(
            () => new AdaptiveSoftmaxWeights<float>(cutoffs, x, x, [])).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(10), InlineData(-2)]
    public void TargetsThatAreNoWordAreNamedWithTheWords(int target)
    {
        using var device = new CpuDevice(1);
        using var scope = new TensorScope();
        var backend = new CpuBackend<float>(device);
        Tensor<float> Zeros(params int[] sizes) => Tensor.Zeros(backend, new Shape(sizes));
        var weights = new AdaptiveSoftmaxWeights<float>([5, 10], Zeros(6, 4), Zeros(6), [(Zeros(2, 4), Zeros(5, 2))]);
        var error = Assert.Throws<ShapeException>(() =>
            Zeros(2, 4).AdaptiveSoftmaxLoss(weights, new IntTensor(device, [0, target])));
        Assert.Contains("outside -1..9, the 10 words", error.Message);
    }

    [Theory, InlineData(-1), InlineData(GradientCheckOptions.MostDirections + 1)]
    public void DirectionsHaveABound(int directions)
    {
        using var device = new CpuDevice(1);
        var x = Tensor.Zeros(new CpuBackend<double>(device), new Shape(1, 2));
        Assert.Equal("Directions", Assert.Throws<ArgumentOutOfRangeException>(() => GradientCheck.Run("x", () => [x],
            [("x", x)], new() { Directions = directions })).ParamName);
    }

    [Fact]
    public void OfNoTimesThereIsNoMedian()
    {
        Assert.Equal("sorted", Assert.Throws<ArgumentException>(() => SpeedComparison.Median([])).ParamName);
        Assert.Equal("sorted", Assert.Throws<ArgumentException>(() => SpeedComparison.Noise([])).ParamName);
    }
}
