using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Tests;

/// <summary>
/// The managed device finds each planted bug and names the place; the correct kernel beside it is clean.
/// </summary>
public sealed class ManagedCheckTests
{
    readonly ManagedDevice device = new();

    [Fact]
    public void ReadBehindTheEnd()
    {
        var fault = Faults(() => PlantedBugs.LaunchReadsBehindTheEnd(device, (1, 8), Floats(8), Floats(8)));
        Assert.Equal(KernelFault.OutOfBounds, fault.Fault);
        Assert.Equal("x[Group.IdxX + 1]", fault.Site.Code);
        Assert.Equal(LineOf("y[Group.IdxX] = x[Group.IdxX + 1]"), fault.Site.Line);
        Assert.Contains("lane 7", fault.Message);
        Assert.Contains("PlantedBugs.cs", fault.Message);
    }

    [Fact]
    public void ReadOfUndefinedSharedMemory()
    {
        var fault = Faults(() => PlantedBugs.LaunchSumsUndefinedMemory(device, (1, 1), Floats(1)));
        Assert.Equal(KernelFault.UninitialisedRead, fault.Fault);
        Assert.Equal(LineOf("sums[0] += 1"), fault.Site.Line);
    }

    [Fact]
    public void ReadOfUndefinedGlobalMemory()
    {
        var fault = Faults(() => PlantedBugs.LaunchReverses(device, (1, 8), device.Allocate<float>(8), Floats(8)));
        Assert.Equal(KernelFault.UninitialisedRead, fault.Fault);
        Assert.Equal("x[Group.IdxX]", fault.Site.Code);
    }

    [Fact]
    public void MissingBarrier()
    {
        // Plain code lets each lane run to its end: the first reads what none has written yet.
        var undefined = Faults(() => PlantedBugs.LaunchForgetsTheBarrier(device, (1, 64), Floats(64), Floats(64)));
        Assert.Equal(KernelFault.UninitialisedRead, undefined.Fault);
        var race = Faults(() => PlantedBugs.LaunchOverwritesWhatOthersStillRead(device, (1, 64), Floats(64)));
        Assert.Equal(KernelFault.Race, race.Fault);
        Assert.Contains("lane 0 of the same group", race.Message);
    }

    [Fact]
    public void BarrierMakesItClean()
    {
        using var y = Floats(64);
        PlantedBugs.LaunchReverses(device, (1, 64), Floats(64), y);
        var values = new float[64];
        y.CopyTo(values);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => 63f - i), values);
    }

    [Fact]
    public void DivergentBarrier()
    {
        var fault = Faults(() => PlantedBugs.LaunchWaitsInHalfTheLanes(device, (1, 64), Floats(64)));
        Assert.Equal(KernelFault.DivergentBarrier, fault.Fault);
        Assert.Equal("Group.Barrier()", fault.Site.Code);
        Assert.Contains("lanes 32-63 have ended", fault.Message);
    }

    [Fact]
    public void RaceBetweenGroups()
    {
        var fault = Faults(() => PlantedBugs.LaunchGroupsWriteOneElement(device, (2, 1), Ints(1)));
        Assert.Equal(KernelFault.Race, fault.Fault);
        Assert.Contains("group number 0", fault.Message);
    }

    [Fact]
    public void AtomicsAreNoRace()
    {
        using var count = Ints(1);
        PlantedBugs.LaunchGroupsCount(device, (3, 5), count);
        var value = new int[1];
        count.CopyTo(value);
        Assert.Equal(15, value[0]);
    }

    [Fact]
    public void LocalArrayOverrun() =>
        Assert.Equal(KernelFault.Exception,
            Faults(() => PlantedBugs.LaunchRunsOffALocalArray(device, (1, 1), Ints(1), 5)).Fault);

    [Fact]
    public void TooMuchSharedMemory() =>
        Assert.Equal(KernelFault.SharedMemory,
            Faults(() => PlantedBugs.LaunchTakesTooMuchSharedMemory(device, (1, 1), Floats(1))).Fault);

    [Fact]
    public void WithoutChecksOnlyBoundsAreHeld()
    {
        var unchecked_ = new ManagedDevice(check: false);
        using var y = unchecked_.Allocate<int>(1);
        PlantedBugs.LaunchGroupsWriteOneElement(unchecked_, (2, 1), y);
        using var x = unchecked_.Allocate<float>(8);
        Assert.Equal(KernelFault.OutOfBounds,
            Faults(() => PlantedBugs.LaunchReadsBehindTheEnd(unchecked_, (1, 8), x, x)).Fault);
    }

    [Fact]
    public void EmptyGridRunsNothing() => PlantedBugs.LaunchReadsBehindTheEnd(device, (0, 8), default, default);

    [Fact]
    public void HostCodeReadsThroughAView() => Assert.Equal(3, Floats(5).View.SubView(2)[1]);

    static KernelFaultException Faults(Action launch) => Assert.Throws<KernelFaultException>(launch);

    DeviceBuffer<float> Floats(int n)
    {
        var buffer = device.Allocate<float>(n);
        buffer.CopyFrom([.. Enumerable.Range(0, n).Select(i => (float)i)]);
        return buffer;
    }

    DeviceBuffer<int> Ints(int n)
    {
        var buffer = device.Allocate<int>(n);
        buffer.CopyFrom(new int[n]);
        return buffer;
    }

    static int LineOf(string code)
    {
        var bugs = RepositoryRoot.Combine("tests", "Devices.Tests", "Managed", "PlantedBugs.cs");
        return Array.FindIndex(File.ReadAllLines(bugs), line => line.Contains(code)) + 1;
    }
}
