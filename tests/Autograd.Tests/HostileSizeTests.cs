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
}
