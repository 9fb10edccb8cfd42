using ILGPU;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests;

/// <summary>Kernels that ILGPU compiled, launched by NvidiaDevice.</summary>
public class CudaByIlgpuTests
{
    [Theory, InlineData(1), InlineData(1000), InlineData(1009)]
    public void ArgumentsArriveWhereTheMethodReadsThem(int count)
    {
        using var device = CudaForTests.Open(KernelCompiler.Ilgpu);
        using var source = device.Allocate<float>(count);
        using var table = device.Allocate<float>(count);
        float[] values = [.. Enumerable.Range(0, count).Select(i => i * 0.5f)];
        source.CopyFrom(values);
        LaunchKernels.LaunchScale<float>(device, count, new(source, 3), table, 2, true, 0.25);
        var result = new float[count];
        table.CopyTo(result);
        Assert.Equal(values.Select(value => value * 3 * 2 + 0.25f), result);
    }
}

static partial class LaunchKernels
{
    public readonly record struct Scaled<T>(ArrayView<T> Values, int Factor) where T : unmanaged;

    [LdNetGpu.Dialect.Kernel]
    public static void Scale<T>(Index1D index, Scaled<T> source, ArrayView<T> result, byte factor, bool adds,
    double added)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var value = source.Values[index] * T.CreateTruncating(source.Factor * factor);
        result[index] = adds ? value + T.CreateTruncating(added) : value;
    }
}
