namespace LdNetGpu.Tests.Emulation;

/// <summary>Streams that run late, capture, and what CUDA forbids while it is under way.</summary>
public sealed unsafe class StreamTests : EmulatorTest
{
    const int Global = 0, Relaxed = 2, Unsupported = 900, Invalidated = 901;

    [Fact]
    public void ACopyFromPageableMemoryReadsItAtTheCallOrLate()
    {
        using var device = Open();
        Assert.Equal(0, RawDriver.cuStreamCreate(out var stream, 1));
        Assert.Equal(0, RawDriver.cuMemAlloc_v2(out var memory, sizeof(int)));
        Assert.Equal(1, CopiedWhileTheSourceChanges(stream, memory));
        Set("EMU_PAGEABLE_LATE", 1);
        Assert.Equal(2, CopiedWhileTheSourceChanges(stream, memory));
        RawDriver.cuMemFree_v2(memory);
        RawDriver.cuStreamDestroy_v2(stream);
    }

    [Fact]
    public void ACopyFromPinnedMemoryReadsItWhenItRuns()
    {
        using var device = Open();
        Assert.Equal(0, RawDriver.cuStreamCreate(out var stream, 1));
        Assert.Equal(0, RawDriver.cuMemAlloc_v2(out var memory, sizeof(int)));
        Assert.Equal(0, RawDriver.cuMemHostAlloc(out var pinned, sizeof(int), 0));
        var source = (int*)pinned;
        int result;
        *source = 1;
        Assert.Equal(0, RawDriver.cuMemcpyHtoDAsync_v2(memory, source, sizeof(int), stream));
        *source = 2;
        Assert.Equal(0, RawDriver.cuMemcpyDtoHAsync_v2(&result, memory, sizeof(int), stream));
        Assert.Equal(0, RawDriver.cuStreamSynchronize(stream));
        Assert.Equal(2, result);
        RawDriver.cuMemFreeHost(pinned);
        RawDriver.cuMemFree_v2(memory);
        RawDriver.cuStreamDestroy_v2(stream);
    }

    [Fact]
    public void WaitingForAStreamThatIsRecordedEndsTheRecording()
    {
        using var device = Open();
        Assert.Equal(0, RawDriver.cuStreamCreate(out var stream, 1));
        Assert.Equal(0, RawDriver.cuStreamBeginCapture_v2(stream, Relaxed));
        Assert.Equal(Unsupported, RawDriver.cuStreamSynchronize(stream));
        Assert.Equal(Invalidated, RawDriver.cuStreamEndCapture(stream, out var graph));
        Assert.Equal(0, graph);
        RawDriver.cuStreamDestroy_v2(stream);
    }

    [Fact]
    public void AllocationIsForbiddenInTheStrictModeAlone()
    {
        using var device = Open();
        Assert.Equal(0, RawDriver.cuStreamCreate(out var stream, 1));
        Assert.Equal(0, RawDriver.cuStreamBeginCapture_v2(stream, Relaxed));
        Assert.Equal(0, RawDriver.cuMemAlloc_v2(out var memory, 16));
        Assert.Equal(0, RawDriver.cuStreamEndCapture(stream, out _));
        Assert.Equal(0, RawDriver.cuMemFree_v2(memory));
        Assert.Equal(0, RawDriver.cuStreamBeginCapture_v2(stream, Global));
        Assert.Equal(Unsupported, RawDriver.cuMemAlloc_v2(out _, 16));
        Assert.Equal(Invalidated, RawDriver.cuStreamEndCapture(stream, out _));
        RawDriver.cuStreamDestroy_v2(stream);
    }

    [Fact]
    public void WhatIsRecordedRunsAtEachReplay()
    {
        using var device = Open();
        using var y = device.Allocate<int>(1);
        y.CopyFrom([0]);
        using var graph = device.Record(() => PlantedFaults.LaunchGroupsCount(device, (3, 1), y));
        Assert.Equal(0, Value(y));
        graph.Replay();
        graph.Replay();
        Assert.Equal(6, Value(y));
    }

    [Fact]
    public void AFaultEndsTheContextAndANewDeviceWorks()
    {
        using (var device = Open())
        {
            Fails(() => Run(device, Body("Strays", "*(volatile int*)16 = 1;"), (1, 1), 1), "(700)");
            Fails(() => Run(device, Body("Writes", "y[0] = 1;"), (1, 1), 1), "(700)");
        }
        using var other = Open();
        Assert.Equal(1, Run(other, Body("Writes", "y[0] = 1;"), (1, 1), 1)[0]);
    }

    static int CopiedWhileTheSourceChanges(nint stream, nint memory)
    {
        int source = 1, result = 0;
        Assert.Equal(0, RawDriver.cuMemcpyHtoDAsync_v2(memory, &source, sizeof(int), stream));
        source = 2;
        Assert.Equal(0, RawDriver.cuMemcpyDtoHAsync_v2(&result, memory, sizeof(int), stream));
        Assert.Equal(0, RawDriver.cuStreamSynchronize(stream));
        return result;
    }

    static int Value(LdNetGpu.Devices.DeviceBuffer<int> buffer)
    {
        var value = new int[1];
        buffer.CopyTo(value);
        return value[0];
    }
}
