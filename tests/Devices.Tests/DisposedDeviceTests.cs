using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Dialect;

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
    public void DevicesOfIlgpu()
    {
        var device = GpuDevice.Open("ilgpu-cpu");
        using var source = device.Allocate<float>(4);
        var gone = device.Allocate<float>(4);
        ArrayView<float> view = gone;
        gone.Dispose();
        Assert.Throws<ObjectDisposedException>(() =>
            LaunchKernels.LaunchScale(device, (1, 1), 1, view, 0.5f, negate: false, source));
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.Record(() => { }));
    }

    [Fact]
    public void MemoryOfAnotherDeviceIsNamedByEach()
    {
        using var processor = new CpuDevice(1);
        using var elsewhere = processor.Allocate<float>(4);
        foreach (var name in (string[])["managed", "ilgpu-cpu"])
        {
            using var device = GpuDevice.Open(name);
            using var here = device.Allocate<float>(4);
            Assert.Contains($"a view's buffer is not on {device.Name}", Assert.Throws<ArgumentException>(() =>
                LaunchKernels.LaunchScale(device, (1, 1), 1, elsewhere, 0.5f, negate: false, here)).Message);
        }
    }

    [Fact]
    public void MoreSharedMemoryThanAnIntCountsIsNoLaunch() =>
        Assert.Contains("dynamic shared memory", Assert.Throws<ShapeException>(() => new LaunchConfig(
            new Index3D(1), new Index3D(1), SharedMemoryConfig.RequestDynamic<long>(1 << 30))).Message);

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
