using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Tests;

/// <summary>What C# converts, fills in, reorders or takes the address of by itself, a checked body does too.</summary>
public sealed class CheckedFormTests
{
    const int Lanes = 4;
    readonly ManagedDevice device = new();

    [Fact]
    public void AConstantTakesTheViewsType()
    {
        using var bytes = device.Allocate<byte>(1);
        using var numbers = device.Allocate<uint>(2);
        using var wide = device.Allocate<ulong>(1);
        using var small = device.Allocate<short>(2);
        using var shades = device.Allocate<Shade>(2);
        CheckedFormKernels.LaunchStoresConstants(device, (1, 1), bytes, numbers, wide, small, shades);
        Assert.Equal([5], Of(bytes));
        Assert.Equal([6u, 6], Of(numbers));
        Assert.Equal([7ul], Of(wide));
        Assert.Equal([-8, 0], Of(small));
        Assert.Equal([Shade.Dark, Shade.Bright], Of(shades));
    }

    [Fact]
    public void AnArgumentLeftOutHasItsDefault()
    {
        using var y = Counted(5);
        CheckedFormKernels.LaunchLeavesArgumentsOut(device, (1, 1), Counted(8), y);
        Assert.Equal([3, 6, 5, 0, 34], Of(y));
    }

    [Fact]
    public void NamedArgumentsComeInAnyOrder()
    {
        using var y = Counted(Lanes);
        CheckedFormKernels.LaunchNamesArguments(device, (1, Lanes), Counted(Lanes), y);
        Assert.Equal([2301, 2302, 2303, 2300], Of(y));
    }

    [Fact]
    public void APartOfAnElementIsAPlace()
    {
        using var particles = Particles(3);
        using var x = Counted(3, from: 100);
        CheckedFormKernels.LaunchChangesParts(device, (1, 1), particles, x);
        Assert.Equal(new Particle { Charge = 116, Mass = 4, Spin = new() { First = 2, Second = 7 } }, Of(particles)[1]);
        Assert.Equal(10, Of(particles)[2].Charge);
        Assert.Equal([100, 9, 20], Of(x));
    }

    [Fact]
    public void AReferenceToAPartOutlivesAWait()
    {
        using var particles = Particles(2 * Lanes);
        CheckedFormKernels.LaunchKeepsAReferenceToAPart(device, (1, Lanes), particles);
        Assert.Equal([.. Enumerable.Repeat((9, 9), Lanes), .. Enumerable.Repeat((0, 1), Lanes)],
            Of(particles).Select(particle => (particle.Spin.First, particle.Spin.Second)));
    }

    [Fact]
    public void LanesMayUsePartsOfOneElement()
    {
        using var particles = Particles(2);
        using var lit = device.Allocate<Lit>(1);
        lit.CopyFrom([new Lit { Shade = Shade.Bright }]);
        CheckedFormKernels.LaunchLanesShareAnElement(device, (1, 2), particles, lit);
        Assert.Equal(new Pair { First = 5, Second = 6 }, Of(particles)[0].Spin);
        Assert.Equal(new Pair { First = 1, Second = 0 }, Of(particles)[1].Spin);
        Assert.Equal(new Lit { Shade = Shade.Bright, Count = 7 }, Of(lit)[0]);
        Assert.Equal(KernelFault.Race, Assert.Throws<KernelFaultException>(
            () => CheckedFormKernels.LaunchLanesShareAPart(device, (1, 2), particles)).Fault);
    }

    [Fact]
    public void LanesMayUsePartsOfOneNumber()
    {
        using var x = device.Allocate<int>(2);
        CheckedFormKernels.LaunchLanesWriteShorts(device, (1, 4), x);
        Assert.Equal([0x30003, 0x30003], Of(x));
        using var wide = device.Allocate<double>(1);
        CheckedFormKernels.LaunchLanesWriteIntsOfDoubles(device, (1, 2), wide);
        Assert.Equal([BitConverter.Int64BitsToDouble(1L << 32)], Of(wide));
        Assert.Equal(KernelFault.Race, Assert.Throws<KernelFaultException>(
            () => CheckedFormKernels.LaunchLanesWriteOneShort(device, (1, 2), x)).Fault);
        using var undefined = device.Allocate<int>(2);
        Assert.Equal(KernelFault.UninitialisedRead, Assert.Throws<KernelFaultException>(
            () => CheckedFormKernels.LaunchWritesAShortAndReadsTheInt(device, (1, 1), undefined)).Fault);
    }

    [Fact]
    public void AnExtensionByReferenceWorksOnThePlace()
    {
        using var x = Counted(3);
        using var particles = Particles(1);
        CheckedFormKernels.LaunchExtendsPlaces(device, (1, 1), x, particles);
        Assert.Equal([3, 4, 6], Of(x));
        Assert.Equal(new Pair { First = 5, Second = 3 }, Of(particles)[0].Spin);
    }

    [Fact]
    public void APartIsWrittenByItself()
    {
        using var undefined = device.Allocate<Particle>(1);
        Assert.Equal(KernelFault.UninitialisedRead, Assert.Throws<KernelFaultException>(
            () => CheckedFormKernels.LaunchReadsThePartBeside(device, (1, 1), undefined)).Fault);
        CheckedFormKernels.LaunchReadsThePartItWrote(device, (1, 1), undefined);
        Assert.Equal(2, Of(undefined)[0].Charge);
    }

    [Fact]
    public void APartIsCheckedAsItsElement()
    {
        using var undefined = device.Allocate<Particle>(1);
        foreach (var launch in (Action<DeviceBuffer<Particle>, int>[])
        [
            (particles, lanes) => CheckedFormKernels.LaunchEveryLaneChangesOnePart(device, (1, lanes), particles),
            (particles, lanes) => CheckedFormKernels.LaunchKeepsOneReferenceInEveryLane(device, (1, lanes), particles),
        ])
        {
            Assert.Equal(KernelFault.Race,
                Assert.Throws<KernelFaultException>(() => launch(Particles(1), Lanes)).Fault);
            Assert.Equal(KernelFault.UninitialisedRead,
                Assert.Throws<KernelFaultException>(() => launch(undefined, 1)).Fault);
        }
    }

    static T[] Of<T>(DeviceBuffer<T> buffer) where T : unmanaged
    {
        var values = new T[buffer.Length];
        buffer.CopyTo(values);
        return values;
    }

    DeviceBuffer<int> Counted(int length, int from = 0)
    {
        var buffer = device.Allocate<int>(length);
        buffer.CopyFrom([.. Enumerable.Range(from, length)]);
        return buffer;
    }

    DeviceBuffer<Particle> Particles(int length)
    {
        var buffer = device.Allocate<Particle>(length);
        buffer.CopyFrom(new Particle[length]);
        return buffer;
    }
}
