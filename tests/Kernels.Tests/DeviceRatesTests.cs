using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Devices.OpenCl;
using LdNetGpu.Kernels.Roofline;

namespace LdNetGpu.Tests;

/// <summary>Rates of a device, and the bounds that follow.</summary>
public sealed class DeviceRatesTests
{
    [Theory]
    [InlineData("cuda:0 NVIDIA H200 (compute capability 9.0, driver for CUDA 12.4)", "H200 SXM")]
    [InlineData("NVIDIA A100-SXM4-80GB", "A100 SXM 80GB"), InlineData("NVIDIA L4", "L4")]
    [InlineData("NVIDIA GeForce RTX 4090", "RTX 4090")]
    [InlineData("NVIDIA L40S", null), InlineData("pthread-skylake-avx512-Intel(R) Xeon(R) Processor", null)]
    [InlineData("", null)]
    public void APublishedGpuIsFoundByTheWordOfItsModel(string device, string? name) =>
        Assert.Equal(name, PublishedGpu.Find(device)?.Name);

    [Fact]
    public void ABoundIsTheLongerOfBytesAndFlops()
    {
        var rates = new DeviceRates(100, 1000, "by hand");
        Assert.Equal(2, rates.BoundSeconds(bytes: 200, flops: 1000));
        Assert.Equal(3, rates.BoundSeconds(bytes: 200, flops: 3000));
    }

    [Fact]
    public void ALaneOfTheArithmeticComputesWhatIsCountedForIt()
    {
        using var device = new ManagedDevice(check: false);
        using var numbers = device.Allocate<Counted<float>>(3);
        numbers.CopyFrom(new Counted<float>[3]);
        using var profile = device.BeginProfile();
        RateKernels.LaunchMultiplyAdds(device, 3, new Counted<float>(0.5f), numbers.View);
        var operations = Assert.Single(profile.Launches).Operations;
        Assert.Equal(3 * RateKernels.FlopsPerLane / 2, operations.Multiplications);
        // Beside the chains seven additions before them and seven behind.
        Assert.Equal(3 * (RateKernels.FlopsPerLane / 2 + 14), operations.Additions);
    }

    [Fact]
    public void ADeviceThatNobodyPublishedIsMeasured()
    {
        if (OpenClForTests.WhyNot is { } problem) Assert.Skip(problem);
        using var device = new OpenClDevice();
        var rates = DeviceRates.Of(device, 1 << 20);
        Assert.Equal("as measured: a copy, and multiply-adds", rates.Source);
        Assert.InRange(rates.BytesPerSecond, 1e6, 1e14);
        Assert.InRange(rates.FlopsPerSecond, 1e6, 1e15);
    }

    [Fact]
    public void WhatHasNoTimeOrNoBytesIsRefused()
    {
        using var device = new ManagedDevice();
        Assert.Throws<ArgumentException>(() => DeviceRates.Of(device, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DeviceRates.Of(device, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DeviceRates.Of(device, double.NaN));
        Assert.Throws<ArgumentNullException>(() => new DeviceRates(1, 1, null!));
    }
}
