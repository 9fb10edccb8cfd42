using LdNetGpu.Devices.Drivers;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Tests;

public class ManagedLossTests
{
    [Fact]
    public void TheDeviceIsLostAfterAsManyLaunches()
    {
        using var device = new ManagedDevice { LostAfter = 2 };
        using var x = device.Allocate<float>(1);
        x.CopyFrom([1f]);
        void Launch() => DualKernels.LaunchSoftsign<float>(device, 1, x, x, 1);
        Launch();
        Launch();
        var error = Assert.Throws<DeviceLostException>(Launch);
        Assert.Contains("after 2 launches, as was asked (LostAfter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FewerThanNoLaunchesAreRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ManagedDevice { LostAfter = -1 });
}
