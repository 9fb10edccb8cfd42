using LdNetGpu.Devices;

namespace LdNetGpu.Tests.Cuda;

/// <summary>Copies from host memory that is gone, or holds something else, when the device comes to the copy.</summary>
public class CudaCopyTests : FakeCuda
{
    [Fact]
    public void SourceMayChangeAsSoonAsTheCopyIsQueued()
    {
        Set("EMU_PAGEABLE_LATE", 1);
        using var device = Open();
        using var buffer = device.Allocate<float>(6);
        var source = new float[] { 1, 2, 3 };
        buffer.CopyFrom(source);
        Array.Fill(source, -1);
        buffer.CopyFrom([4, 5, 6], 3);
        Assert.Equal([1, 2, 3, 4, 5, 6], Content(buffer));
    }

    [Fact]
    public void LongCopiesGoThroughInPieces()
    {
        Set("EMU_PAGEABLE_LATE", 1);
        using var device = Open();
        using var buffer = device.Allocate<int>(3_000_001);
        var source = Enumerable.Range(0, 3_000_001).ToArray();
        buffer.CopyFrom(source.AsSpan(0, 1), 0);
        buffer.CopyFrom(source.AsSpan(1), 1);
        Assert.Equal(source, Content(buffer));
    }

    [Fact]
    public void MemoryOnTheWayIsNotOverwritten()
    {
        Set("EMU_PAGEABLE_LATE", 1);
        using var device = Open();
        using var buffer = device.Allocate<int>(400 * 5_000);
        for (var i = 0; i < 400; i++) buffer.CopyFrom(Enumerable.Repeat(i, 5_000).ToArray(), i * 5_000);
        Assert.Equal(Enumerable.Range(0, 400 * 5_000).Select(i => i / 5_000), Content(buffer));
    }

    [Fact]
    public void SmallCopiesWaitForNothing()
    {
        using var device = Open();
        using var buffer = device.Allocate<int>(1_000);
        Set("EMU_FAIL", "cuStreamSynchronize=1;cuEventSynchronize=1");
        for (var i = 0; i < 1_000; i++) buffer.CopyFrom([i], i);
        Set("EMU_FAIL", null);
        Assert.Equal(Enumerable.Range(0, 1_000), Content(buffer));
    }

    static T[] Content<T>(DeviceBuffer<T> buffer) where T : unmanaged
    {
        var content = new T[buffer.Length];
        buffer.CopyTo(content);
        return content;
    }
}
