using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;

namespace LdNetGpu.Tests;

/// <summary>Tests that run on a device and beside it on the CPU; skipped where there is no such device.</summary>
/// <typeparam name="TSuite">The suite itself: each has a device of its own, for suites run beside each
/// other.</typeparam>
/// <typeparam name="TDevice">The kind of device.</typeparam>
public abstract class DeviceSuite<TSuite, TDevice> where TDevice : ITestDevice
{
    static readonly Lazy<GpuDevice> Opened = new(TDevice.Open);

    protected DeviceSuite()
    {
        if (TDevice.WhyNot is { } reason) Assert.Skip(reason.Split('\n')[0]);
    }

    protected static GpuDevice Device => Opened.Value;

    protected static CpuDevice Host { get; } = new(1);
}
