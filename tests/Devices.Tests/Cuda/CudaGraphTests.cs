using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests.Cuda;

public class CudaGraphTests : FakeCuda
{
    [Fact]
    public void LaunchesAreRecordedAndReplayed()
    {
        using var device = Open();
        var kernel = Kernel("Step", []);
        device.Launch(kernel, (1, 1), []);
        using (var graph = device.Record(() => device.Launch(kernel, (2, 1), [])))
        {
            Assert.False(device.IsRecording);
            graph.Replay();
            graph.Replay();
        }
        Assert.Equal(["launch Step grid 1 1 1 block 1 1 1 shared 0", "begin capture 2",
            "recorded launch Step grid 2 1 1 block 1 1 1 shared 0", "end capture", "destroy recording", "launch graph",
            "launch graph", "destroy graph"], Log);
    }

    [Fact]
    public void MemoryOfTheStepIsTheGraphs()
    {
        using var device = Open();
        device.Allocate<float>(1000).Dispose();
        using (CudaGraph.Capture(device, () => device.Allocate<float>(1000).Dispose()))
        {
            using var outside = device.Allocate<float>(1000);
            Assert.Equal(2, device.Counters.SystemAllocations);
            Assert.NotEqual(0, device.Counters.CachedBytes);
        }
        device.TrimCache();
        Assert.Equal((0, 0), (device.Counters.CachedBytes, device.Counters.LiveBuffers));
    }

    [Fact]
    public void BufferThatOutlivesItsGraphIsFreedWhenItEnds()
    {
        using var device = Open();
        LdNetGpu.Devices.DeviceBuffer<float>? kept = null;
        CudaGraph.Capture(device, () => kept = device.Allocate<float>(10)).Dispose();
        kept!.CopyFrom([1]);
        kept.Dispose();
        Assert.Equal((0, 0), (device.Counters.CachedBytes, device.Counters.LiveBuffers));
    }

    [Fact]
    public void MemoryOfARecordingThatFailsIsGivenBack()
    {
        using var device = Open();
        Assert.Throws<RecordingException>(() => device.Record(() =>
        {
            using var taken = device.Allocate<float>(1000);
            device.Synchronize();
        }));
        Assert.False(device.IsRecording);
        Assert.Equal((0, 0), (device.Counters.CachedBytes, device.Counters.LiveBuffers));
    }

    [Fact]
    public void HostReadsInsideAStepAreRefusedAndTheDeviceGoesOn()
    {
        using var device = Open();
        using var buffer = device.Allocate<float>(1);
        Assert.Contains("inside recorded work",
            Assert.Throws<RecordingException>(
                () => CudaGraph.Capture(device, () => buffer.CopyTo(new float[1]))).Message);
        Assert.Throws<RecordingException>(() => CudaGraph.Capture(device, () => buffer.CopyFrom([1])));
        Assert.Throws<RecordingException>(() => CudaGraph.Capture(device, device.Synchronize));
        buffer.CopyFrom([3]);
        var result = new float[1];
        buffer.CopyTo(result);
        Assert.Equal(3, result[0]);
    }
}
