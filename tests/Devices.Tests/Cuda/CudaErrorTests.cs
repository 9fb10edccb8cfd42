using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Drivers;

namespace LdNetGpu.Tests.Cuda;

/// <summary>Everything that can be missing or fail, in the driver's words and with what to do.</summary>
public class CudaErrorTests : FakeCuda
{
    [Fact]
    public void NoGpuHasTheDriversNameAndText()
    {
        Set("EMU_FAIL", "cuInit=100");
        Assert.Contains("CUDA_ERROR_NO_DEVICE (100): no CUDA-capable device is detected",
            Assert.ThrowsAny<UserException>(Open).Message);
    }

    [Fact]
    public void DriverWithoutDevices()
    {
        Set("EMU_DEVICES", 0);
        Assert.Contains("CUDA_VISIBLE_DEVICES", Assert.ThrowsAny<UserException>(Open).Message);
    }

    [Fact]
    public void OldDriverSaysWhichIsNeeded()
    {
        Set("EMU_VERSION", 11040);
        var error = Assert.ThrowsAny<UserException>(Open);
        Assert.Contains("CUDA 11.4", error.Message);
        Assert.Contains("11.8 or newer", error.Message);
    }

    [Fact]
    public void GpuThatIsNotThereListsThoseThatAre()
    {
        Set("EMU_DEVICES", 2);
        var error = Assert.ThrowsAny<UserException>(() => new NvidiaDevice(2));
        Assert.Contains("cuda:2", error.Message);
        Assert.Contains("cuda:1 Emulated GPU 1 (compute capability 9.0, driver for CUDA 13.0)", error.Message);
    }

    [Fact]
    public void OutOfMemoryHasTheDriversFigures()
    {
        Set("EMU_MEMORY_MB", 64);
        using var device = Open();
        using var held = device.Allocate<float>(4 << 20);
        var error = Assert.ThrowsAny<UserException>(() => device.Allocate<double>(8 << 20));
        Assert.Contains("64.0 MiB asked for as Double[8,388,608]; 48.0 MiB of 64.0 MiB free", error.Message);
        Assert.Contains("1 × Single[4,194,304] = 16.0 MiB", error.Message);
    }

    [Fact]
    public void CachedMemoryIsGivenBackBeforeGivingUp()
    {
        Set("EMU_MEMORY_MB", 64);
        using var device = Open();
        device.Allocate<float>(10 << 20).Dispose();
        using var other = device.Allocate<float>(12 << 20);
        Assert.Equal(0, device.Counters.CachedBytes);
    }

    [Fact]
    public void TextThatDoesNotCompileShowsTheLogWithTheCSharpLine()
    {
        using var device = Open();
        var error = Assert.ThrowsAny<UserException>(() => device.Launch(Kernel("Bad", [], "broken"), (1, 1), []));
        Assert.Contains(
            "kernel FakeKernels.Bad (FakeKernels.cs:12) does not compile for sm_90a with NVRTC 13.0: "
            + "NVRTC_ERROR_COMPILATION (6)", error.Message);
        Assert.Contains("FakeKernels.cs(12): error", error.Message);
    }

    [Fact]
    public void FailedLaunchNamesKernelLaunchAndLine()
    {
        using var device = Open();
        Set("EMU_FAIL", "cuLaunchKernelEx=701");
        var error = Assert.ThrowsAny<UserException>(() => device.Launch(Kernel("Big", []), (3, 64), []));
        Assert.IsNotType<DeviceLostException>(error);
        foreach (var word in (string[])
        [
            "FakeKernels.Big (FakeKernels.cs:12)", "grid 3 x 1 x 1", "group 64 x 1 x 1",
            "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES (701)",
        ])
            Assert.Contains(word, error.Message);
    }

    [Fact]
    public void LostDeviceSaysThatWhatWasSavedStands()
    {
        var device = Open();
        Set("EMU_FAIL", "cuStreamSynchronize=700");
        var error = Assert.Throws<DeviceLostException>(device.Synchronize);
        foreach (var word in (string[])["CUDA_ERROR_ILLEGAL_ADDRESS (700)", "LDNET_GPU_SYNC=1", "Nothing more runs"])
            Assert.Contains(word, error.Message);
        device.Dispose();
    }

    [Fact]
    public void DriverThatRefusesTheImageNamesBothVersions()
    {
        using var device = Open();
        Set("EMU_FAIL", "cuModuleLoadData=209");
        var error = Assert.ThrowsAny<UserException>(() => device.Launch(Kernel("New", []), (1, 1), []));
        foreach (var word in (string[])["NVRTC 13.0", "sm_90a", "CUDA_ERROR_NO_BINARY_FOR_GPU (209)",
            "driver's CUDA 13.0"])
            Assert.Contains(word, error.Message);
    }
}
