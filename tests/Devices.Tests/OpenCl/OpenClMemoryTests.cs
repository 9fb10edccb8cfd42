using LdNetGpu.Devices;

namespace LdNetGpu.Tests.OpenCl;

/// <summary>Buffers, the cache before the driver, and what happens when there is no more.</summary>
public class OpenClMemoryTests : OpenClFixture
{
    [Fact]
    public void ContentComesBackFromAnyOffset()
    {
        using var buffer = Device.Allocate<double>(5);
        buffer.CopyFrom([1, 2, 3, 4, 5]);
        buffer.CopyFrom([30, 40], 2);
        var result = new double[3];
        buffer.CopyTo(result, 1);
        Assert.Equal([2, 30, 40], result);
    }

    [Fact]
    public void ReturnedMemoryIsHandedOutAgain()
    {
        Device.Allocate<float>(1_000_000).Dispose();
        using var shorter = Device.Allocate<int>(990_000);
        Assert.Equal((1, 1), (Device.Counters.SystemAllocations, Device.Counters.LiveBuffers));
    }

    [Fact]
    public void TrimmingLeavesNothing()
    {
        var buffer = Device.Allocate<byte>(100);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Equal((0, 128), (Device.Counters.LiveBuffers, Device.Counters.CachedBytes));
        Device.TrimCache();
        Assert.Equal(0, Device.Counters.CachedBytes);
    }

    [Fact]
    public void BoundsAndDisposalAreChecked()
    {
        var buffer = Device.Allocate<int>(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.CopyFrom([1, 2], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.CopyTo(new int[4]));
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.CopyFrom([1]));
        Assert.Throws<ObjectDisposedException>(() => buffer.CopyTo(new int[1]));
    }

    [Fact]
    public void BuffersThatOutliveTheirDeviceEndWithIt()
    {
        var device = Open();
        var buffer = device.Allocate<int>(3);
        var recorded = device.Record(() => device.Allocate<int>(5).Dispose());
        device.Dispose();
        device.Dispose();
        Assert.Equal((0, 0), (device.Counters.LiveBuffers, device.Counters.CachedBytes));
        Assert.Throws<ObjectDisposedException>(() => buffer.CopyFrom([1]));
        Assert.Throws<ObjectDisposedException>(device.Synchronize);
        buffer.Dispose();
        recorded.Dispose();
    }

    [Fact]
    public void EmptyBuffersWork()
    {
        using var buffer = Device.Allocate<float>(0);
        buffer.CopyFrom([]);
        buffer.CopyTo([]);
        Assert.Equal(0, buffer.Length);
    }

    [Fact]
    public void OutOfMemorySaysWhatWasAskedWhatIsFreeAndWhoHoldsIt()
    {
        using var small = Device.Allocate<double>(1000);
        using var first = Device.Allocate<float>(300_000);
        using var second = Device.Allocate<float>(300_000);
        var asked = Device.Info.LargestBuffer / 8 + 1;
        var error = Assert.Throws<OutOfDeviceMemoryException>(() => Device.Allocate<double>(asked));
        Assert.Contains($"asked for as Double[{asked.ToString("N0")}]", error.Message);
        Assert.Contains("not taken by this program", error.Message);
        Assert.Contains("3 buffers hold", error.Message);
        Assert.Contains("the largest 2 × Single[300,000] = ", error.Message);
        Assert.Equal("opencl", error.Device);
        Assert.Equal(asked * sizeof(double), error.AskedBytes);
        Assert.InRange(error.FreeBytes!.Value, 1, Device.MemoryBytes - error.LiveBytes);
        Assert.Equal((typeof(float), 300_000L, 2),
            (error.Largest[0].Element, error.Largest[0].Length, error.Largest[0].Count));
    }
}
