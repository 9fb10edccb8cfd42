using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Tests;

/// <summary>
/// Asynchronous copies arrive when they are waited for, and each way of using them too early is found.
/// </summary>
public sealed class AsyncCopyTests
{
    readonly ManagedDevice device = new();

    [Theory, InlineData(64), InlineData(37), InlineData(4)]
    public void CopiesArriveAndZerosFillTheRest(int count)
    {
        using var y = Floats(64);
        AsyncCopyKernels.LaunchReverses(device, (1, 64), Floats(count), y, count);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => 63 - i < count ? 64f - i : 0), Read(y));
    }

    [Fact]
    public void MissingWait()
    {
        using var x = device.Allocate<double>(64);
        x.CopyFrom(new double[64]);
        var fault = Faults(() => AsyncCopyKernels.LaunchForgetsToWait(device, (1, 64), x, device.Allocate<double>(64)));
        Assert.Equal(KernelFault.AsyncCopy, fault.Fault);
        Assert.Equal("tile[63 - Group.IdxX]", fault.Site.Code);
        Assert.Contains("AsyncCopy.Bytes8(tile, Group.IdxX, x, Group.IdxX, 1)", fault.Message);
    }

    [Fact]
    public void MissingBarrier() =>
        Assert.Equal(KernelFault.Race,
            Faults(() => AsyncCopyKernels.LaunchForgetsTheBarrier(device, (1, 64), Floats(64), Floats(64))).Fault);

    [Fact]
    public void OneGroupTooFewAwaited()
    {
        using var y = Floats(64);
        AsyncCopyKernels.LaunchAddsPairs(device, (1, 64), Floats(128), y, false);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => 64f - i + (128f - i)), Read(y));
        var fault = Faults(() => AsyncCopyKernels.LaunchAddsPairs(device, (1, 64), Floats(128), y, true));
        Assert.Equal(KernelFault.AsyncCopy, fault.Fault);
        Assert.Contains("element 127 in shared memory", fault.Message);
    }

    [Fact]
    public void TheNextCopyOverwritesWhatOthersStillRead() =>
        Assert.Equal(KernelFault.Race,
            Faults(() =>
                AsyncCopyKernels.LaunchOverwritesWhatOthersStillRead(device, (1, 64), Floats(128), Floats(64))).Fault);

    [Theory]
    [InlineData(1, 0, KernelFault.Misaligned)]
    [InlineData(0, 2, KernelFault.Misaligned)]
    [InlineData(64, 0, KernelFault.OutOfBounds)]
    [InlineData(0, 8, KernelFault.OutOfBounds)]
    [InlineData(60, 4, null)]
    public void EndsAreCheckedOverTheWholeWidth(int to, int from, KernelFault? expected)
    {
        if (expected is { } fault)
            Assert.Equal(fault,
                Faults(() => AsyncCopyKernels.LaunchCopiesFrom(device, (1, 1), Floats(10), to, from)).Fault);
        else AsyncCopyKernels.LaunchCopiesFrom(device, (1, 1), Floats(10), to, from);
    }

    [Fact]
    public void WithoutChecksTheyArriveAsWell()
    {
        var unchecked_ = new ManagedDevice(check: false);
        using var x = unchecked_.Allocate<float>(64);
        using var y = unchecked_.Allocate<float>(64);
        x.CopyFrom([.. Enumerable.Range(1, 64).Select(i => (float)i)]);
        AsyncCopyKernels.LaunchReverses(unchecked_, (1, 64), x, y, 64);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => 64f - i), Read(y));
    }

    static KernelFaultException Faults(Action launch) => Assert.Throws<KernelFaultException>(launch);

    // 1, 2, 3, ...
    DeviceBuffer<float> Floats(int n)
    {
        var buffer = device.Allocate<float>(n);
        buffer.CopyFrom([.. Enumerable.Range(1, n).Select(i => (float)i)]);
        return buffer;
    }

    static float[] Read(DeviceBuffer<float> buffer)
    {
        var values = new float[buffer.Length];
        buffer.CopyTo(values);
        return values;
    }
}
