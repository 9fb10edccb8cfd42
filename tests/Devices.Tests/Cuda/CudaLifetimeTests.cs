using System.Runtime.InteropServices;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;

namespace LdNetGpu.Tests.Cuda;

/// <summary>What was taken is given back once, whatever failed between.</summary>
public class CudaLifetimeTests : FakeCuda
{
    [Fact]
    public void DeviceIsGivenBackOnce()
    {
        var device = Open();
        device.Dispose();
        device.Dispose();
        Assert.Single(Log, "destroy context");
        Assert.Equal(2, Log.Count(line => line == "destroy stream"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ConstructorThatFailsHalfWayKeepsNothing(int stream)
    {
        Set("EMU_FAIL", $"cuStreamCreate=2@{stream}");
        Assert.Contains("no stream", Assert.ThrowsAny<UserException>(Open).Message);
        Assert.Single(Log, "destroy context");
        Assert.Equal(stream - 1, Log.Count(line => line == "destroy stream"));
    }

    [Fact]
    public void BuffersThatOutliveTheirDeviceAreFreedWithIt()
    {
        var device = Open();
        var buffer = device.Allocate<float>(100);
        device.Dispose();
        Assert.Single(Log, "free");
        Assert.Equal((0, 0), (device.Counters.LiveBuffers, device.Counters.CachedBytes));
        Assert.Throws<ObjectDisposedException>(() => buffer.CopyFrom([1]));
        Assert.Throws<ObjectDisposedException>(() => buffer.CopyTo(new float[1]));
        buffer.Dispose();
        Assert.Single(Log, "free");
    }

    [Fact]
    public void DeviceThatWasGivenBackTakesNoWork()
    {
        var device = Open();
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.Allocate<float>(1));
        Assert.Throws<ObjectDisposedException>(() => device.Launch(Kernel("Late", []), (1, 1), []));
        Assert.Throws<ObjectDisposedException>(device.Synchronize);
        Assert.Throws<ObjectDisposedException>(() => device.Record(() => { }));
        Assert.Throws<ObjectDisposedException>(() => device.Time(() => { }));
    }

    [Fact]
    public void WhatIsOnTheDeviceMayBeDisposedOfAfterIt()
    {
        var device = Open();
        var graph = device.Record(() => device.Allocate<float>(10).Dispose());
        var point = new CudaEvent(device);
        var products = new CublasGemm(device, tensorFloat32: false);
        device.Dispose();
        var atTheEnd = Log;
        graph.Dispose();
        point.Dispose();
        products.Dispose();
        Assert.Equal(atTheEnd, Log);
        Assert.Single(Log, "free");
        Assert.Throws<ObjectDisposedException>(graph.Replay);
    }

    [Fact]
    public void RecordingThatCannotBeginLeavesTheCommonPool()
    {
        using var device = Open();
        Set("EMU_FAIL", "cuStreamBeginCapture_v2=2");
        Assert.ThrowsAny<UserException>(() => device.Record(() => { }));
        Set("EMU_FAIL", null);
        Assert.False(device.IsRecording);
        device.Allocate<float>(1000).Dispose();
        using (device.Record(() => { }))
        {
            using var again = device.Allocate<float>(1000);
            Assert.Equal(1, device.Counters.SystemAllocations);
        }
    }

    [Fact]
    public void RecordingWhoseWorkThrowsIsDestroyed()
    {
        using var device = Open();
        Assert.Throws<FormatException>(() => device.Record(() => throw new FormatException()));
        Assert.Equal(["begin capture 2", "end capture", "destroy recording"], Log);
    }

    [Fact]
    public void RecordingThatIsNoGraphGivesItsMemoryBack()
    {
        using var device = Open();
        Set("EMU_FAIL", "cuGraphInstantiateWithFlags=2");
        Assert.Contains("cuGraphInstantiate",
            Assert.ThrowsAny<UserException>(() => device.Record(() => device.Allocate<float>(10).Dispose())).Message);
        Assert.Single(Log, "destroy recording");
        Assert.Equal((0, 0), (device.Counters.CachedBytes, device.Counters.LiveBuffers));
    }

    [Fact]
    public void LostDeviceIsTakenApartWithoutAnError()
    {
        var device = Open();
        var graph = device.Record(() => device.Allocate<float>(10).Dispose());
        device.Allocate<float>(10).Dispose();
        Set("EMU_FAIL", "cuStreamSynchronize=700;cuEventSynchronize=700;cuStreamDestroy_v2=700");
        device.TrimCache();
        graph.Dispose();
        device.Dispose();
        Assert.Equal(2, Log.Count(line => line == "free"));
        Assert.Single(Log, "destroy graph");
        Assert.Single(Log, "destroy context");
    }

    [Fact]
    public void ModuleWithoutItsEntryIsUnloaded()
    {
        using var device = Open();
        Set("EMU_FAIL", "cuModuleGetFunction=500");
        Assert.Contains("finding Absent",
            Assert.ThrowsAny<UserException>(() => device.Launch(Kernel("Absent", []), (1, 1), [])).Message);
        Assert.Single(Log, "unload module");
    }

    [Fact]
    public unsafe void CublasThatRefusesTheStreamIsDestroyed()
    {
        using var device = Open();
        var library = PathOf("refusing_cublas.so");
        Assert.Null(CLibrary.Build(Path.Combine(AppContext.BaseDirectory, "Cuda", "refusing_cublas.c"), library));
        var destroyed = (int*)NativeLibrary.GetExport(NativeLibrary.Load(library), "destroyed");
        var emulated = Environment.GetEnvironmentVariable("LDNET_CUBLAS_LIBRARY");
        Environment.SetEnvironmentVariable("LDNET_CUBLAS_LIBRARY", library);
        try
        {
            Assert.ThrowsAny<UserException>(() => new CublasGemm(device, tensorFloat32: false));
        }
        finally
        {
            Environment.SetEnvironmentVariable("LDNET_CUBLAS_LIBRARY", emulated);
        }
        Assert.Equal(1, *destroyed);
    }

    [Fact]
    public void StagingMemoryAndItsEventsGoWithTheDevice()
    {
        using (var device = Open())
        using (var buffer = device.Allocate<float>(1))
            buffer.CopyFrom([1]);
        Assert.Equal(4, Log.Count(line => line == "destroy event"));
    }
}
