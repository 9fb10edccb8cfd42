using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;

namespace LdNetGpu.Tests.Emulation;

/// <summary>The state of a GPU as NVML tells it.</summary>
public sealed class NvmlTests : EmulatorTest
{
    [Fact]
    public void ClocksTemperatureAndPowerAreRead()
    {
        using var device = Open();
        using var nvml = NvmlGpu.Of(device);
        Assert.Equal("580.65.06", nvml.DriverVersion);
        Assert.Equal(new(1755, 1980, 3201, 3201, 45, 350, 700, ThrottleReasons.None), nvml.Read());
        Set("EMU_MHZ", 1200);
        Set("EMU_CELSIUS", 87);
        Assert.Equal((1200, 87), (nvml.Read().Megahertz!.Value, nvml.Read().Celsius!.Value));
    }

    [Theory]
    [InlineData(1, "None"), InlineData(2, "None"), InlineData(4, "PowerCap")]
    [InlineData(0x61, "Thermal, HardwareThermal")]
    public void HeatAndPowerAreThrottlingAndIdlenessIsNot(int reasons, string throttled)
    {
        Set("EMU_THROTTLE", reasons);
        using var device = Open();
        using var nvml = NvmlGpu.Of(device);
        Assert.Equal((ThrottleReasons)reasons, nvml.Read().Reasons);
        Assert.Equal(throttled, nvml.Read().Throttled.ToString());
    }

    [Fact]
    public void WhereItIsMissingThePlacesAreNamed()
    {
        using var device = Open();
        var place = Environment.GetEnvironmentVariable(NvmlGpu.LibraryVariable);
        Environment.SetEnvironmentVariable(NvmlGpu.LibraryVariable, "/nowhere/libnvidia-ml.so.1");
        try
        {
            var error = Assert.Throws<UserException>(() => NvmlGpu.Of(device));
            Assert.Contains("No NVML found", error.Message);
            Assert.Contains("/nowhere/libnvidia-ml.so.1", error.Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(NvmlGpu.LibraryVariable, place);
        }
    }
}
