using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Tests.Managed;

/// <summary>The managed device runs out of memory as the other devices do.</summary>
public sealed class ManagedMemoryLimitTests
{
    [Fact]
    public void MoreThanABufferHoldsIsOutOfMemory()
    {
        using var device = new ManagedDevice();
        var error = Assert.Throws<OutOfDeviceMemoryException>(() => device.Allocate<float>(1L << 40));
        Assert.Equal(("managed", 1L << 42), (error.Device, error.AskedBytes));
        Assert.DoesNotContain("smaller batch", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, device.Counters.LiveBytes);
    }
}
