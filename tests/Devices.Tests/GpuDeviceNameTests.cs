using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests;

public class GpuDeviceNameTests
{
    [Fact]
    public void ANameOpensItsDevice()
    {
        using var device = GpuDevice.Open("managed");
        Assert.Equal("managed", device.Name);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("managed:0")]
    [InlineData("opencl:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:0:0")]
    public void OtherNamesAreRefusedWithWhatIsExpected(string name)
    {
        var error = Assert.ThrowsAny<UserException>(() => GpuDevice.Open(name));
        Assert.Contains($"'{name}'", error.Message);
        Assert.Contains("opencl:N", error.Message);
    }
}
