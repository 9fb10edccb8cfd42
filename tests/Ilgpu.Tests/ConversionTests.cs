using System.Numerics;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests;

/// <summary>CreateTruncating and CreateSaturating of every pair of types, by ILGPU's PTX, are .NET's.</summary>
public sealed class ConversionTests : IDisposable
{
    static readonly double[] Interesting =
    [
        0, 1, -1, 100, 127, 128, -128, -129, 200, 255, 256, 300, 32767, 32768, -32768, -32769, 40000, 65535, 65536,
        2147483647, 2147483648, -2147483648, -2147483649, 3e9, 4294967295, 4294967296, 9e18, -9e18, 1e19, 1.8e19,
        1.9, -1.9, 254.9, 1e300, -1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
    ];

    readonly GpuDevice device = CudaForTests.Open(KernelCompiler.Ilgpu);

    public void Dispose() => device.Dispose();

    [Fact]
    public void OfNarrowIntegersAreDotNets()
    {
        Check<sbyte>();
        Check<byte>();
        Check<short>();
        Check<ushort>();
    }

    [Fact]
    public void OfIntegersAreDotNets()
    {
        Check<int>();
        Check<uint>();
        Check<long>();
        Check<ulong>();
    }

    [Fact]
    public void OfFloatsAreDotNets()
    {
        Check<float>();
        Check<double>();
    }

    void Check<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        T[] values = [.. Interesting.Select(T.CreateSaturating), .. Interesting.Select(T.CreateTruncating),
            T.MinValue, T.MaxValue];
        using var from = device.Allocate<T>(values.Length);
        using var truncated = device.Allocate<long>(8 * values.Length);
        using var saturated = device.Allocate<long>(8 * values.Length);
        using var floats = device.Allocate<double>(2 * values.Length);
        from.CopyFrom(values);
        ConversionKernels.LaunchConvert<T>(device, values.Length, from, truncated, saturated, floats);
        Assert.Equal(
        [
            .. values.Select(x => (long)sbyte.CreateTruncating(x)),
            .. values.Select(x => (long)byte.CreateTruncating(x)),
            .. values.Select(x => (long)short.CreateTruncating(x)),
            .. values.Select(x => (long)ushort.CreateTruncating(x)),
            .. values.Select(x => (long)int.CreateTruncating(x)), .. values.Select(x => (long)uint.CreateTruncating(x)),
            .. values.Select(long.CreateTruncating), .. values.Select(x => (long)ulong.CreateTruncating(x)),
        ], Read(truncated));
        Assert.Equal(
        [
            .. values.Select(x => (long)sbyte.CreateSaturating(x)),
            .. values.Select(x => (long)byte.CreateSaturating(x)),
            .. values.Select(x => (long)short.CreateSaturating(x)),
            .. values.Select(x => (long)ushort.CreateSaturating(x)),
            .. values.Select(x => (long)int.CreateSaturating(x)), .. values.Select(x => (long)uint.CreateSaturating(x)),
            .. values.Select(long.CreateSaturating), .. values.Select(x => (long)ulong.CreateSaturating(x)),
        ], Read(saturated));
        Assert.Equal(
            [.. values.Select(x => (double)float.CreateTruncating(x)), .. values.Select(double.CreateTruncating)],
            Read(floats));
    }

    static TValue[] Read<TValue>(Devices.DeviceBuffer<TValue> buffer) where TValue : unmanaged
    {
        var values = new TValue[buffer.Length];
        buffer.CopyTo(values);
        return values;
    }
}
