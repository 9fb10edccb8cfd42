using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests.Emulation;

/// <summary>Accesses where there is nothing to access: found, and named with kernel, C# line and lane.</summary>
public sealed class AccessTests : EmulatorTest
{
    [Fact]
    public void BehindAViewButInsideTheAllocation()
    {
        Set("EMU_CHECK", 1);
        using var device = Open();
        using var x = device.Allocate<float>(16);
        using var y = device.Allocate<float>(16);
        x.CopyFrom(new float[16]);
        PlantedFaults.LaunchReadsBehindItsView(device, (1, 8), x.ViewOf(0, 8), y.ViewOf(0, 8));
        Fails(device.Synchronize, "CUDA_ERROR_ILLEGAL_ADDRESS (700)", "PlantedFaults_ReadsBehindItsView",
            Source.Line("x[Group.IdxX + 1]"), "lane 7",
            "element 8 of the view of 8 elements");
    }

    [Fact]
    public void BeforeAView()
    {
        Set("EMU_CHECK", 1);
        using var device = Open();
        using var y = device.Allocate<float>(16);
        PlantedFaults.LaunchWritesBeforeItsView(device, (1, 8), y.ViewOf(8, 8));
        Fails(device.Synchronize, "(700)", "PlantedFaults_WritesBeforeItsView", Source.Line("y[Group.IdxX - 1] = 1"),
            "lane 0", "element -1");
    }

    [Fact]
    public void InsideOfItsViewIsClean()
    {
        Set("EMU_CHECK", 1);
        using var device = Open();
        using var x = device.Allocate<float>(16);
        using var y = device.Allocate<float>(16);
        x.CopyFrom(new float[16]);
        PlantedFaults.LaunchReadsBehindItsView(device, (1, 8), x.ViewOf(0, 9), y.ViewOf(0, 8));
        device.Synchronize();
    }

    [Fact]
    public void BehindAnAllocationWithoutChecks()
    {
        using var device = Open();
        using var y = device.Allocate<int>(64);
        var kernel = Body("Runs", "\nfor (int i = 0; i < 100000; i++)\n  y[i] = i;");
        Fails(() => Run(device, kernel, (1, 1), 64), "(700)", "Runs", "Hand.cs:3");
    }

    [Theory, InlineData(0), InlineData(1)]
    public unsafe void FreedMemory(int check)
    {
        Set("EMU_CHECK", check);
        using var device = Open();
        Assert.Equal(0, RawDriver.cuMemAlloc_v2(out var memory, 1 << 16));
        Assert.Equal(0, RawDriver.cuMemFree_v2(memory));
        var kernel = Body("Keeps", $"\n*(int*){memory}ll = 1;");
        Fails(() => Run(device, kernel, (1, 1), 1), "(700)", "Keeps", "Hand.cs:2", "freed");
    }

    [Fact]
    public void Misaligned()
    {
        Set("EMU_CHECK", 1);
        using var device = Open();
        using var x = device.Allocate<float>(16);
        using var y = device.Allocate<float>(16);
        x.CopyFrom(new float[16]);
        PlantedFaults.LaunchLoadsWhereNothingBegins(device, (1, 1), x, y);
        Fails(device.Synchronize, "CUDA_ERROR_MISALIGNED_ADDRESS (716)", "PlantedFaults_LoadsWhereNothingBegins",
            Source.Line("Vector.Load(x, 1)"));
    }

    [Fact]
    public void BehindSharedMemory()
    {
        Set("EMU_CHECK", 1);
        using var device = Open();
        var kernel = Body("Shares", "\nextern __shared__ int kept[];\nkept[64] = 1; y[0] = kept[64];");
        Fails(() => Run(device, kernel, new LaunchConfig(1, 1, SharedMemoryConfig.RequestDynamic<byte>(256)), 1),
            "(700)", "Shares", "Hand.cs:3");
    }
}
