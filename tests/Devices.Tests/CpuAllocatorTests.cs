using System.Globalization;
using LdNetGpu.Devices;

namespace LdNetGpu.Tests;

public sealed class CpuAllocatorTests : IDisposable
{
    readonly CpuDevice device = new(1);

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(100_003)]
    public unsafe void BuffersAreAlignedToACacheLine(int length)
    {
        using var buffer = (HostBuffer<float>)device.Allocate<float>(length);
        Assert.Equal(0, (nint)buffer.Pointer % 64);
        Assert.Equal(length, buffer.Length);
    }

    [Fact]
    public unsafe void LargeBuffersAskForLargePages()
    {
        Assert.SkipUnless(Directory.Exists("/sys/kernel/mm/transparent_hugepage"),
            "This system has no large pages on request.");
        using var large = (HostBuffer<float>)device.Allocate<float>(3 << 20);
        Assert.Equal(0, (nint)large.Pointer % HostMemory.LargePage);
        Assert.Contains("hg", MappingFlags((nint)large.Pointer));
    }

    // The flags the kernel keeps of the mapping that an address lies in: "hg" where large pages were asked for.
    static string[] MappingFlags(nint address)
    {
        var isThis = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var dash = line.IndexOf('-');
            if (dash > 0 && long.TryParse(line[..dash], NumberStyles.HexNumber, null, out var start)
                && line.IndexOf(' ') is var space && space > dash)
                isThis = start <= address
                    && address < long.Parse(line[(dash + 1)..space], NumberStyles.HexNumber, null);
            else if (isThis && line.StartsWith("VmFlags:", StringComparison.Ordinal))
                return line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }
        throw new InvalidOperationException($"No mapping holds {address:x}.");
    }

    [Fact]
    public unsafe void AReturnedBufferIsHandedOutAgain()
    {
        var first = (HostBuffer<float>)device.Allocate<float>(1000);
        var place = (nint)first.Pointer;
        first.Dispose();
        using var second = (HostBuffer<double>)device.Allocate<double>(500);
        Assert.Equal(place, (nint)second.Pointer);
        Assert.Equal(1, device.Counters.SystemAllocations);
    }

    [Fact]
    public void SlightlyDifferentLengthsShareMemory()
    {
        device.Allocate<float>(1_000_000).Dispose();
        using var shorter = device.Allocate<float>(990_000);
        Assert.Equal(1, device.Counters.SystemAllocations);
    }

    [Fact]
    public void CountersFollowWhatIsLiveCachedAndAtThePeak()
    {
        var counters = device.Counters;
        var a = device.Allocate<byte>(64);
        var b = device.Allocate<byte>(128);
        Assert.Equal((2, 192, 0), (counters.LiveBuffers, counters.LiveBytes, counters.CachedBytes));
        a.Dispose();
        Assert.Equal((1, 128, 64, 192),
            (counters.LiveBuffers, counters.LiveBytes, counters.CachedBytes, counters.PeakBytes));
        counters.ResetPeak();
        Assert.Equal(128, counters.PeakBytes);
        b.Dispose();
        device.TrimCache();
        Assert.Equal((0, 0, 0, 2),
            (counters.LiveBuffers, counters.LiveBytes, counters.CachedBytes, counters.SystemAllocations));
    }

    [Fact]
    public unsafe void ABufferUsedAfterDisposalThrows()
    {
        var buffer = (HostBuffer<float>)device.Allocate<float>(4);
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => (nint)buffer.Pointer);
        Assert.Throws<ObjectDisposedException>(() => buffer.CopyFrom([1f]));
        Assert.Throws<ObjectDisposedException>(() => buffer.CopyTo(new float[1]));
    }

    [Fact]
    public void DisposingTwiceReturnsTheMemoryOnce()
    {
        var buffer = device.Allocate<float>(4);
        buffer.Dispose();
        buffer.Dispose();
        using var first = (HostBuffer<float>)device.Allocate<float>(4);
        using var second = (HostBuffer<float>)device.Allocate<float>(4);
        first.CopyFrom([1f]);
        second.CopyFrom([2f]);
        Assert.Equal(1f, first.Slice(0, 1)[0]);
    }

    [Fact]
    public void CopiesAreBoundsChecked()
    {
        using var buffer = device.Allocate<int>(3);
        buffer.CopyFrom([1, 2, 3]);
        var back = new int[2];
        buffer.CopyTo(back, 1);
        Assert.Equal([2, 3], back);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.CopyFrom([1, 2], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.CopyTo(new int[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.CopyFrom([1, 2], long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.CopyTo(back, long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Allocate<int>(long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Allocate<int>(-1));
    }

    [Fact]
    public void OutOfMemoryTellsTheBytesAskedForAndNotTheirSizeClass()
    {
        using var device = new CpuDevice(1);
        var error = Assert.Throws<OutOfDeviceMemoryException>(() => device.Allocate<float>(400_000_000_000_000));
        Assert.Equal(1_600_000_000_000_000, error.AskedBytes);
        Assert.Contains($"{1_600_000_000_000_000 >> 20:N0} MiB asked for", error.Message, StringComparison.Ordinal);
    }
}
