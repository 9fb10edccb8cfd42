using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Tests.Cuda;
using LdNetGpu.Tests.OpenCl;

namespace LdNetGpu.Tests;

/// <summary>What [NoAlias] promises is held by every device at each launch.</summary>
static class NoAlias
{
    public static void IsHeld(GpuDevice device)
    {
        using var buffer = device.Allocate<float>(100);
        using var other = device.Allocate<float>(50);
        buffer.CopyFrom(new float[100]);
        Launch(buffer.ViewOf(0, 50), other);
        Launch(buffer.ViewOf(0, 50), buffer.ViewOf(50, 50));
        Launch(buffer.ViewOf(50, 50), buffer.ViewOf(0, 50));
        Launch(default, default);
        foreach (var (x, y) in (((long, long), (long, long))[])[((0, 50), (49, 50)), ((49, 50), (0, 50)),
            ((0, 50), (0, 50)), ((10, 1), (0, 100))])
        {
            var error = Assert.Throws<ArgumentException>(
                () => Launch(buffer.ViewOf(x.Item1, x.Item2), buffer.ViewOf(y.Item1, y.Item2)));
            Assert.Contains("LaunchKernels.Scale<float> (LaunchKernels.cs:", error.Message);
            Assert.Contains("y is written and shares memory with x", error.Message);
        }
        LaunchKernels.LaunchCopyEven(device, 49, buffer.ViewOf(0, 99), buffer.ViewOf(1, 99));
        device.Synchronize();

        void Launch(ArrayView<float> x, ArrayView<float> y) =>
            LaunchKernels.LaunchScale(device, (1, 1), 1, x, 0.5f, negate: false, y);
    }
}

public sealed class ManagedNoAliasTests
{
    [Fact]
    public void TheManagedDeviceHoldsIt()
    {
        using var device = new ManagedDevice();
        NoAlias.IsHeld(device);
    }
}

public sealed class CudaNoAliasTests : FakeCuda
{
    [Fact]
    public void CudaHoldsIt()
    {
        using var device = Open();
        NoAlias.IsHeld(device);
    }
}

public sealed class OpenClNoAliasTests : OpenClFixture
{
    [Fact]
    public void OpenClHoldsIt() => NoAlias.IsHeld(Device);
}
