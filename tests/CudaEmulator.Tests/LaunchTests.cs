using ILGPU;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests.Emulation;

/// <summary>CUDA's limits of a launch, and launches whose blocks run at once.</summary>
public sealed class LaunchTests : EmulatorTest
{
    static readonly KernelInstance Counts = Body("Counts", "atomicAdd(y, 1);");

    // Past the device's own checks, which refuse them first, and its asking for shared memory.
    [Theory]
    [InlineData(65_536, 1, 1, 1, 0), InlineData(1, 65_536, 1, 1, 0), InlineData(1, 1, 1, 65, 0)]
    [InlineData(1, 1, 1025, 1, 0), InlineData(1, 1, 1, 1, 49_153)]
    public unsafe void AGridABlockAndSharedMemoryBeyondTheLimits(uint gridY, uint gridZ, uint blockX, uint blockZ,
        uint sharedBytes)
    {
        using var device = Open();
        using var module =
            new PtxModule(".version 8.0\n.target sm_80\n.address_size 64\n.visible .entry Empty()\n{\nret;\n}\n");
        var function = module.Function("Empty");
        Assert.Equal(0, RawDriver.cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 49_152, 0, null, null));
        Assert.Equal(1,
            RawDriver.cuLaunchKernel(function, 1, gridY, gridZ, blockX, 1, blockZ, sharedBytes, 0, null, null));
    }

    [Fact]
    public void FixedAndDynamicSharedMemoryTogetherAreLimited()
    {
        using var device = Open();
        var kernel = Body("Large",
            "__shared__ int kept[2048]; extern __shared__ int more[]; kept[0] = 1; more[0] = 2; y[0] = kept[0] + "
            + "more[0];");
        Assert.Equal(3,
            Run(device, kernel, new LaunchConfig(1, 1, SharedMemoryConfig.RequestDynamic<byte>(40 << 10)), 1)[0]);
        // 8 KiB and 45 KiB are more than the 48 KiB that need no asking: the device asks.
        Assert.Equal(3,
            Run(device, kernel, new LaunchConfig(1, 1, SharedMemoryConfig.RequestDynamic<byte>(45 << 10)), 1)[0]);
        Fails(() => Run(device, kernel, new LaunchConfig(1, 1, SharedMemoryConfig.RequestDynamic<byte>(220 << 10)), 1),
            "232448 bytes of shared memory");
    }

    [Fact]
    public void DynamicSharedMemoryUpToTheOptInLimit()
    {
        using var device = Open();
        using var y = device.Allocate<float>(1);
        PlantedFaults.LaunchFillsDynamicMemory(device,
            new LaunchConfig(1, 1, SharedMemoryConfig.RequestDynamic<float>(227 << 8)), y);
        var length = new float[1];
        y.CopyTo(length);
        Assert.Equal(227 << 8, length[0]);
    }

    [Fact]
    public void ACooperativeGridHasBarriers()
    {
        Set("EMU_CHECK", 1);
        using var device = Open();
        using var x = device.Allocate<float>(33);
        using var parts = device.Allocate<float>(33);
        using var sums = device.Allocate<float>(33);
        x.CopyFrom([.. Enumerable.Range(1, 33).Select(i => (float)i)]);
        PlantedFaults.LaunchSumsOverTheGrid(device, new LaunchConfig(33, 40) { Cooperative = true }, x, parts, sums);
        var values = new float[33];
        sums.CopyTo(values);
        Assert.All(values, value => Assert.Equal(561, value));
    }

    [Fact]
    public void ACooperativeGridMustFitTheDevice()
    {
        Set("EMU_SMS", 2);
        using var device = Open();
        Fails(() => Run(device, Counts, new LaunchConfig(5, 1024) { Cooperative = true }, 1),
            "CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE (720)");
        Assert.Equal(4 * 1024, Run(device, Counts, new LaunchConfig(4, 1024) { Cooperative = true }, 1)[0]);
    }

    [Fact]
    public void AClusterIsOfAtMostEightBlocksAndDividesTheGrid()
    {
        using var device = Open();
        var kernel = Body("Clustered", """
            int size, place;
            asm("mov.u32 %0, %%cluster_nctaid.x;" : "=r"(size));
            asm("mov.u32 %0, %%cluster_ctaid.x;" : "=r"(place));
            y[blockIdx.x] = size * 10 + place;
            """);
        Assert.Equal([40, 41, 42, 43, 40, 41, 42, 43],
            Run(device, kernel, new LaunchConfig(8, 1) { Cluster = new Index3D(4, 1, 1) }, 8));
        Fails(() => Run(device, kernel, new LaunchConfig(8, 1) { Cluster = new Index3D(3, 1, 1) }, 8), "Clustered");
        Fails(() => Run(device, kernel, new LaunchConfig(16, 1) { Cluster = new Index3D(16, 1, 1) }, 16), "Clustered");
    }

    [Theory]
    [InlineData("cuLaunchKernelEx=701", "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES (701)")]
    [InlineData("cuMemcpyDtoHAsync_v2=999", "CUDA_ERROR_UNKNOWN (999)")]
    public void ACallThatIsToFailDoes(string failure, string words)
    {
        using var device = Open();
        Run(device, Counts, (1, 1), 1);
        Set("EMU_FAIL", failure);
        Fails(() => Run(device, Counts, (1, 1), 1), words);
    }

    [Fact]
    public void ACallMayFailAtItsThirdTime()
    {
        using var device = Open();
        Set("EMU_FAIL", "cuLaunchKernelEx=701@3");
        Run(device, Counts, (1, 1), 1);
        Run(device, Counts, (1, 1), 1);
        Fails(() => Run(device, Counts, (1, 1), 1), "(701)");
        Run(device, Counts, (1, 1), 1);
    }

    [Fact]
    public void CallsAreLinesOfTheLogIfAskedFor()
    {
        Set("EMU_LOG_CALLS", 1);
        using var device = Open();
        Run(device, Counts, (2, 3), 1);
        Assert.Contains(Log,
            line => line.Contains("cuLaunchKernelEx") && line.Contains("Counts") && line.Contains("grid 2 1 1"));
    }

    [Fact]
    public void ASettingThatThereIsNotIsRefused() =>
        Assert.Contains("EMU_NONE", Assert.Throws<ArgumentException>(() => Set("EMU_NONE", 1)).Message);
}
