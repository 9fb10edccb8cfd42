using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Tests;

public sealed class ManagedCollectiveTests
{
    readonly ManagedDevice device = new();

    [Theory, InlineData(4), InlineData(33), InlineData(100)]
    public void GroupsReduceScanAndBroadcast(int lanes)
    {
        var x = Buffer(Enumerable.Range(1, lanes).Select(i => (double)i));
        var results = Enumerable.Range(0, 4).Select(_ => device.Allocate<double>(lanes)).ToArray();
        CollectiveKernels.LaunchGroups<double>(device, (1, lanes), x, results[0], results[1], results[2], results[3]);
        Assert.Equal(Enumerable.Repeat(lanes * (lanes + 1) / 2.0, lanes), Read(results[0]));
        Assert.Equal(Enumerable.Range(1, lanes).Select(i => i * (i - 1) / 2.0), Read(results[1]));
        Assert.Equal(Enumerable.Range(1, lanes).Select(i => i * (i + 1.0)), Read(results[2]));
        Assert.Equal(Enumerable.Repeat(4.0, lanes), Read(results[3]));
    }

    [Theory, InlineData(0, 0), InlineData(5, 21), InlineData(8, 35)]
    public void GroupsVote(int bound, int expected)
    {
        var counts = device.Allocate<int>(8);
        CollectiveKernels.LaunchVotes(device, (1, 8), counts, bound);
        Assert.Equal(Enumerable.Repeat(expected, 8), Read(counts));
    }

    [Fact]
    public void WarpsShuffle()
    {
        var x = Buffer(Enumerable.Range(0, 64));
        var results = Enumerable.Range(0, 4).Select(_ => device.Allocate<int>(64)).ToArray();
        CollectiveKernels.LaunchWarps(device, (1, 64), x, results[0], results[1], results[2], results[3]);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => i % 32 == 31 ? i : i + 1), Read(results[0]));
        Assert.Equal(Enumerable.Range(0, 64).Select(i => i % 8 < 2 ? i : i - 2), Read(results[1]));
        Assert.Equal(Enumerable.Range(0, 64).Select(i => i ^ 5), Read(results[2]));
        Assert.Equal(Enumerable.Range(0, 64).Select(i => i < 32 ? 496 : 496 + 32 * 32), Read(results[3]));
    }

    DeviceBuffer<T> Buffer<T>(IEnumerable<T> values) where T : unmanaged
    {
        var array = values.ToArray();
        var buffer = device.Allocate<T>(array.Length);
        buffer.CopyFrom(array);
        return buffer;
    }

    static T[] Read<T>(DeviceBuffer<T> buffer) where T : unmanaged
    {
        var values = new T[buffer.Length];
        buffer.CopyTo(values);
        return values;
    }
}
