using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>
/// 16-byte accesses are checked over their whole width, barriers of the grid order all groups, and shared memory has
/// the limits of a GPU.
/// </summary>
public sealed class VectorisedAccessTests
{
    readonly ManagedDevice device = new();

    [Fact]
    public void LoadsAndStoresMoveFourFloatsOrTwoDoubles()
    {
        using var y = Floats(32);
        VectorisedAccessKernels.LaunchNegates(device, (1, 8), Floats(32), y);
        Assert.Equal(Enumerable.Range(1, 32).Select(i => -(float)i), Read(y));
        using var x = device.Allocate<double>(4);
        x.CopyFrom([1, 2, 3, 4]);
        VectorisedAccessKernels.LaunchDoubles(device, (1, 2), x);
        Assert.Equal([2, 4, 6, 8], Read(x));
    }

    [Fact]
    public void AnOddStartIsAFault()
    {
        var fault =
            Faults(() => VectorisedAccessKernels.LaunchNegates(device, (1, 2), Floats(16).ViewOf(1, 8), Floats(16)));
        Assert.Equal(KernelFault.Misaligned, fault.Fault);
        Assert.Contains("at byte 4", fault.Message);
    }

    [Fact]
    public void TheLastElementMustBeInside() =>
        Assert.Equal(KernelFault.OutOfBounds,
            Faults(() =>
                VectorisedAccessKernels.LaunchNegates(device, (1, 2), Floats(8).ViewOf(0, 7), Floats(8))).Fault);

    [Fact]
    public void EveryElementMustBeDefined()
    {
        using var x = device.Allocate<float>(4);
        x.CopyFrom([1, 2, 3]);
        Assert.Equal(KernelFault.UninitialisedRead,
            Faults(() => VectorisedAccessKernels.LaunchNegates(device, (1, 1), x, Floats(4))).Fault);
    }

    [Fact]
    public void EveryElementTakesPartInRaces() =>
        Assert.Equal(KernelFault.Race,
            Faults(() => VectorisedAccessKernels.LaunchReadsWhatANeighbourStores(device, (1, 64), Floats(64))).Fault);

    [Fact]
    public void GroupsHandEachOtherValuesOverABarrierOfTheGrid()
    {
        using var sums = Floats(5);
        VectorisedAccessKernels.LaunchSumsOverTheGrid(device, new LaunchConfig(5, 33) { Cooperative = true }, Floats(5),
            device.Allocate<float>(5), sums, -1);
        Assert.Equal(Enumerable.Repeat(15f, 5), Read(sums));
    }

    [Fact]
    public void AGroupThatDoesNotComeIsAFault()
    {
        var fault = Faults(() => VectorisedAccessKernels.LaunchSumsOverTheGrid(
            device, new LaunchConfig(5, 33) { Cooperative = true }, Floats(5), Floats(5), Floats(5), 4));
        Assert.Equal(KernelFault.DivergentBarrier, fault.Fault);
        Assert.Contains("4 of 5", fault.Message);
    }

    [Fact]
    public void ABarrierOfTheGridWantsACooperativeLaunch()
    {
        var error = Assert.ThrowsAny<UserException>(
            () => VectorisedAccessKernels.LaunchSumsOverTheGrid(device, (5, 33), Floats(5), Floats(5), Floats(5), -1));
        Assert.Contains("Cooperative = true", error.Message);
    }

    [Fact]
    public void CodeDeclaresAtMost48KilobytesAndALaunchAsksForMore()
    {
        var fault = Faults(() => VectorisedAccessKernels.LaunchDeclaresMuchSharedMemory(device, (1, 1), Floats(1)));
        Assert.Equal(KernelFault.SharedMemory, fault.Fault);
        Assert.Contains("GetDynamic", fault.Message);
        using var y = Floats(1);
        VectorisedAccessKernels.LaunchFillsDynamicMemory(device,
            new LaunchConfig(1, 1, SharedMemoryConfig.RequestDynamic<float>(25_600)), y);
        Assert.Equal([25_600f], Read(y));
    }

    [Fact]
    public void KernelsThatNeedCudaHaveNoOpenClText()
    {
        var needs = KernelCatalog.All.Where(kernel => kernel.OpenCl is null)
            .ToDictionary(kernel => kernel.Name, kernel => kernel.Requires);
        Assert.Equal(KernelRequirements.Vector, needs["VectorisedAccessKernels.Negates"]);
        Assert.Equal(KernelRequirements.Vector | KernelRequirements.Double, needs["VectorisedAccessKernels.Doubles"]);
        Assert.Equal(KernelRequirements.Cooperative, needs["VectorisedAccessKernels.SumsOverTheGrid"]);
        Assert.Equal(KernelRequirements.AsyncCopy, needs["AsyncCopyKernels.Reverses"]);
        Assert.Equal(KernelRequirements.Mma | KernelRequirements.Warp, needs["TensorCoreKernels.Tf32"]);
        Assert.DoesNotContain("VectorisedAccessKernels.FillsDynamicMemory", needs.Keys);
        Assert.Equal(KernelRequirements.Mma,
            new GpuCapabilities { HasWarpOperations = true }.Missing(needs["TensorCoreKernels.Tf32"]));
        Assert.Equal(KernelRequirements.None,
            new GpuCapabilities { HasWarpOperations = true, ComputeCapability = 80 }.Missing(
                needs["TensorCoreKernels.Tf32"]));
    }

    static KernelFaultException Faults(Action launch) => Assert.Throws<KernelFaultException>(launch);

    DeviceBuffer<float> Floats(int n)
    {
        var buffer = device.Allocate<float>(n);
        buffer.CopyFrom([.. Enumerable.Range(1, n).Select(i => (float)i)]);
        return buffer;
    }

    static T[] Read<T>(DeviceBuffer<T> buffer) where T : unmanaged
    {
        var values = new T[buffer.Length];
        buffer.CopyTo(values);
        return values;
    }
}
