using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Tests;

/// <summary>A device or pool that was disposed of does no more work; its buffers go back all the same.</summary>
public class DisposedDeviceTests
{
    [Fact]
    public void TheManagedDevice()
    {
        var device = new ManagedDevice();
        var buffer = device.Allocate<float>(4);
        buffer.CopyFrom(new float[4]);
        device.Dispose();
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.Allocate<float>(4));
        Assert.Throws<ObjectDisposedException>(() =>
            LaunchKernels.LaunchScale(device, (1, 1), 1, buffer, 0.5f, negate: false, buffer));
        Assert.Throws<ObjectDisposedException>(device.Synchronize);
        Assert.Throws<ObjectDisposedException>(() => device.Time(() => { }));
        Assert.Throws<ObjectDisposedException>(() => device.Record(() => { }));
        buffer.Dispose();
        Assert.Equal(0, device.Counters.LiveBytes);
    }

    [Fact]
    public void ALaunchOnNoDeviceNamesIt()
    {
        using var device = new ManagedDevice();
        var buffer = device.Allocate<float>(4);
        Assert.Equal("device", Assert.Throws<ArgumentNullException>(() =>
            LaunchKernels.LaunchScale(null!, (1, 1), 1, buffer, 0.5f, negate: false, buffer)).ParamName);
        buffer.Dispose();
    }

    [Fact]
    public void TheProcessor()
    {
        var device = new CpuDevice(2);
        var buffer = device.Allocate<float>(4);
        device.Dispose();
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.Allocate<float>(4));
        Assert.Throws<ObjectDisposedException>(() => device.Workers.Run(2, _ => { }));
        buffer.CopyFrom([1f, 2f, 3f, 4f]);
        buffer.Dispose();
        Assert.Equal((0, 0), (device.Counters.LiveBytes, device.Counters.CachedBytes));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void APoolOfThreads(int threads)
    {
        var pool = new WorkerPool(threads);
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(4, _ => Assert.Fail("a part ran.")));
    }

    [Fact]
    public void ABufferThatWentBackIsNamedAsItWasWritten()
    {
        using var device = new CpuDevice(1);
        using var managed = new ManagedDevice();
        foreach (var buffer in new[] { device.Allocate<float>(1), managed.Allocate<float>(1) })
        {
            buffer.Dispose();
            var error = Assert.Throws<ObjectDisposedException>(() => buffer.CopyFrom([1f]));
            Assert.Equal("DeviceBuffer<Single>", error.ObjectName);
            Assert.Contains("scope has ended", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WorkThatAReplayCannotRepeatNamesTheDeviceShortly()
    {
        using var device = new ManagedDevice();
        using var recorded = device.Record(() => Assert.StartsWith(
            "Device managed: waiting for the device inside recorded work",
            Assert.Throws<RecordingException>(device.Synchronize).Message, StringComparison.Ordinal));
    }
}
