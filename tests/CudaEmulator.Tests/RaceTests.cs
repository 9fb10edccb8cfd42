using LdNetGpu.Devices.Cuda;

namespace LdNetGpu.Tests.Emulation;

/// <summary>
/// Accesses of lanes that nothing orders, found whatever order the lanes run in; the right kernel beside each is clean.
/// </summary>
public sealed class RaceTests : EmulatorTest
{
    public RaceTests() => Set("EMU_CHECK", 1);

    [Theory, InlineData("forward"), InlineData("backward"), InlineData("random:3")]
    public void WithinABlock(string order)
    {
        Set("EMU_ORDER", order);
        using var device = Open();
        using var x = Floats(device, 64);
        PlantedFaults.LaunchWritesWhereTheNextLaneReads(device, (1, 64), x);
        Fails(device.Synchronize, "CUDA_ERROR_LAUNCH_FAILED (719)", "race within a block",
            "PlantedFaults_WritesWhereTheNextLaneReads", Source.Line("var next = x["),
            Source.Line("x[Group.IdxX] = next"));
    }

    [Fact]
    public void MissingBlockBarrier()
    {
        using var device = Open();
        using var x = Floats(device, 64);
        using var y = Floats(device, 64);
        PlantedFaults.LaunchForgetsTheBarrier(device, (1, 64), x, y);
        Fails(device.Synchronize, "race within a block on shared memory", "PlantedFaults_ForgetsTheBarrier",
            "PlantedFaults.cs:");
    }

    [Fact]
    public void MissingWarpBarrier()
    {
        using var device = Open();
        using var x = Floats(device, 32);
        using var y = Floats(device, 32);
        PlantedFaults.LaunchForgetsTheWarpBarrier(device, (1, 32), x, y);
        Fails(device.Synchronize, "race within a block on shared memory", "PlantedFaults_ForgetsTheWarpBarrier",
            Source.Line("y[Group.IdxX] = kept[31 - Group.IdxX]"));
    }

    [Fact]
    public void BetweenBlocks()
    {
        using var device = Open();
        using var y = device.Allocate<int>(1);
        PlantedFaults.LaunchGroupsWriteOneElement(device, (2, 1), y);
        Fails(device.Synchronize, "(719)", "race between blocks", "PlantedFaults_GroupsWriteOneElement",
            Source.Line("y[0] = Grid.IdxX"));
    }

    [Fact]
    public void ARaceThatIsOnlyCountedIsAWarningInTheLog()
    {
        Set("EMU_RACES", "warn");
        using var device = Open();
        using var y = device.Allocate<int>(1);
        PlantedFaults.LaunchGroupsWriteOneElement(device, (2, 1), y);
        device.Synchronize();
        Assert.Contains(Log,
            line => line.Contains("race between blocks") && line.Contains(Source.Line("y[0] = Grid.IdxX")));
    }

    [Fact]
    public void BarriersAndAtomicsOrder()
    {
        using var device = Open();
        using var x = Floats(device, 64);
        using var y = Floats(device, 64);
        using var count = device.Allocate<int>(1);
        count.CopyFrom([0]);
        PlantedFaults.LaunchReverses(device, (1, 64), x, y);
        PlantedFaults.LaunchReversesAWarp(device, (1, 32), x, y);
        PlantedFaults.LaunchGroupsCount(device, (7, 1), count);
        var counted = new int[1];
        count.CopyTo(counted);
        Assert.Equal(7, counted[0]);
    }

    [Fact]
    public void AShuffleOrdersNothing()
    {
        using var device = Open();
        var kernel = Body("Shuffles", """

            __shared__ int kept[32];
            kept[threadIdx.x] = threadIdx.x;
            int mine = __shfl_sync(0xffffffffu, 1, 0);
            y[threadIdx.x] = mine + kept[31 - threadIdx.x];
            """);
        Fails(() => Run(device, kernel, (1, 32), 32), "race within a block on shared memory", "Hand.cs:5", "Hand.cs:3");
    }

    static LdNetGpu.Devices.DeviceBuffer<float> Floats(NvidiaDevice device, int length)
    {
        var buffer = device.Allocate<float>(length);
        buffer.CopyFrom([.. Enumerable.Range(0, length).Select(i => (float)i)]);
        return buffer;
    }
}
