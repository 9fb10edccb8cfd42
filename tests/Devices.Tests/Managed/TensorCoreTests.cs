using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Tests;

/// <summary>Tensor-core products as the managed device emulates them, against the definition in double.</summary>
public sealed class TensorCoreTests
{
    readonly ManagedDevice device = new();

    [Fact]
    public void Tf32IsTheProductOfRoundedOperands()
    {
        var (a, b, c) = (Draw(16 * 8, 1), Draw(8 * 8, 2), Draw(16 * 8, 3));
        using var d = device.Allocate<float>(16 * 8);
        TensorCoreKernels.LaunchTf32(device, (1, 32), Buffer(a), Buffer(b), Buffer(c), d);
        Assert.Equal(Product(a, b, c, 8, Tf32), Read(d));
    }

    [Fact]
    public void Bf16IsTheProductOfRoundedOperands()
    {
        var (a, b) = (Draw(16 * 16, 1), Draw(16 * 8, 2));
        using var d = device.Allocate<float>(16 * 8);
        TensorCoreKernels.LaunchBf16(device, (1, 32), Buffer(a), Buffer(b), d);
        Assert.Equal(Product(a, b, new float[16 * 8], 16, Bf16), Read(d));
    }

    [Fact]
    public void AFragmentInTheWrongOrderGivesAnotherProduct()
    {
        var (a, b) = (Draw(16 * 8, 1), Draw(8 * 8, 2));
        using var d = device.Allocate<float>(16 * 8);
        TensorCoreKernels.LaunchExchangesTwoRegisters(device, (1, 32), Buffer(a), Buffer(b), d);
        var expected = Product(a, b, new float[16 * 8], 8, Tf32);
        Assert.All(Read(d).Zip(expected), pair => Assert.NotEqual(pair.Second, pair.First));
    }

    [Fact]
    public void AnOperandThatWasNotRoundedIsAFault()
    {
        using var d = device.Allocate<float>(16 * 8);
        var fault = Assert.Throws<KernelFaultException>(
            () => TensorCoreKernels.LaunchForgetsToRound(device, (1, 32), Buffer(Draw(16 * 8, 1)), d));
        Assert.Equal(KernelFault.Fragment, fault.Fault);
        Assert.Contains("ToTf32", fault.Message);
    }

    [Fact]
    public void AWarpThatIsNotFullIsAFault()
    {
        using var d = device.Allocate<float>(16 * 8);
        var fault = Assert.Throws<KernelFaultException>(() =>
            TensorCoreKernels.LaunchBf16(device, (1, 16), Buffer(Draw(16 * 16, 1)), Buffer(Draw(16 * 8, 2)), d));
        Assert.Equal(KernelFault.Fragment, fault.Fault);
        Assert.Contains("16 lanes", fault.Message);
    }

    [Theory]
    [InlineData(1f, 0x3F800000u)]
    [InlineData(1.00048828125f, 0x3F802000u)]
    [InlineData(-1.00048828125f, 0xBF802000u)]
    [InlineData(1.0004882f, 0x3F800000u)]
    [InlineData(float.PositiveInfinity, 0x7F800000u)]
    [InlineData(float.MaxValue, 0x7F800000u)]
    public void Tf32RoundsToTheNearestTiesAway(float value, uint bits) =>
        Assert.Equal(bits, Dialect.Cuda.Mma.ToTf32(value));

    [Theory]
    [InlineData(1f, 0x3F80u)]
    [InlineData(1.00390625f, 0x3F80u)]
    [InlineData(1.01171875f, 0x3F82u)]
    [InlineData(-2.5f, 0xC020u)]
    [InlineData(float.NaN, 0x7FFFu)]
    public void Bf16RoundsToTheNearestTiesToEven(float value, uint bits)
    {
        Assert.Equal(bits, Dialect.Cuda.Mma.PackBf16(value, 0));
        Assert.Equal(bits << 16, Dialect.Cuda.Mma.PackBf16(0, value));
    }

    static double Tf32(float x) => Interop.IntAsFloat(Dialect.Cuda.Mma.ToTf32(x));

    static double Bf16(float x) => Interop.IntAsFloat(Dialect.Cuda.Mma.PackBf16(0, x));

    // Products of 11 or 8 digits are exact in double, and so are these short sums to more digits than float has.
    static float[] Product(float[] a, float[] b, float[] c, int depth, Func<float, double> round) =>
        [.. Enumerable.Range(0, 16 * 8).Select(i =>
            (float)(c[i]
                + Enumerable.Range(0, depth).Sum(k => round(a[i / 8 * depth + k]) * round(b[k * 8 + i % 8]))))];

    static float[] Draw(int count, ulong seed) =>
        [.. Enumerable.Range(0, count).Select(i => 2 * new RandomKey(seed, 0, 0).Uniform(i) - 1)];

    DeviceBuffer<float> Buffer(float[] values)
    {
        var buffer = device.Allocate<float>(values.Length);
        buffer.CopyFrom(values);
        return buffer;
    }

    static float[] Read(DeviceBuffer<float> buffer)
    {
        var values = new float[buffer.Length];
        buffer.CopyTo(values);
        return values;
    }
}
