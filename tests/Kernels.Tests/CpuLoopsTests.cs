using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>Blocks of elements that threads take.</summary>
public sealed class CpuLoopsTests
{
    const int Grain = CpuLoops.ParallelGrain;

    [Theory]
    [InlineData(0, new int[0]), InlineData(1, new[] { 1 }), InlineData(Grain - 1, new[] { Grain - 1 })]
    [InlineData(Grain, new[] { Grain }), InlineData(Grain + 1, new[] { Grain, 1 })]
    [InlineData(2 * Grain - 1, new[] { Grain, Grain - 1 }), InlineData(2 * Grain, new[] { Grain, Grain })]
    public void BlocksHoldEachElementOnce(int elements, int[] lengths)
    {
        using var device = new CpuDevice(2);
        var met = new (long Start, int Length)[lengths.Length];
        CpuLoops.OverBlocks(device, elements, (block, start, length) => met[block] = (start, length));
        Assert.Equal(lengths.Length, CpuLoops.Blocks(elements));
        Assert.Equal(lengths.Select((length, block) => ((long)block * Grain, length)), met);
    }
}
