using ILGPU;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests;

/// <summary>What launches leave to the garbage collector.</summary>
static class LaunchAllocation
{
    /// <summary>Bytes of 1,000 launches after the first ones, by turns with two specialised values.</summary>
    public static long Bytes(GpuDevice device)
    {
        using var x = device.Allocate<float>(1_000);
        using var y = device.Allocate<float>(1_000);
        for (var i = 0; i < 100; i++) Launch(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) Launch(i);
        return GC.GetAllocatedBytesForCurrentThread() - before;

        void Launch(int i) => LaunchKernels.LaunchScale(device, (4, 64), 4 + i % 2 * 1_000, (ArrayView<float>)x, 0.5f,
            negate: true, (ArrayView<float>)y);
    }
}
