using LdNetGpu.Devices;
using LdNetGpu.Devices.Cuda;
using LdNetGpu.Devices.Nccl;

namespace LdNetGpu.Tests.Emulation;

/// <summary>The emulator's NCCL, and the communicator that calls it.</summary>
public sealed unsafe class NcclTests : EmulatorTest
{
    static NcclApi Nccl => field ??= new(NcclApi.Search());

    [Fact]
    public void NumbersGoThroughNcclsMemoryAndBack()
    {
        using var device = Open();
        using var alone = new NcclCommunicator(Nccl, device, NcclCommunicator.NewId(Nccl), 0, 1);
        using var numbers = device.Allocate<float>(3);
        numbers.CopyFrom([1, 2, 3]);
        using var taken = new CudaEvent(device, isTimed: false);
        var (memory, host, done) = (alone.Allocate(4 * sizeof(float)), alone.AllocateHost(sizeof(float)),
            alone.NewEvent());
        *(float*)host = 4;
        alone.Take(NvidiaDevice.AddressOf(numbers.View), memory, 3 * sizeof(float), taken);
        alone.Add(memory, 4, host, 1, done);
        numbers.CopyFrom([0, 0, 0]);
        alone.Give(done, memory, NvidiaDevice.AddressOf(numbers.View), 3 * sizeof(float));
        var back = new float[3];
        numbers.CopyTo(back);
        alone.Wait(done);
        Assert.Equal([1, 2, 3], back);
        Assert.Equal(4, *(float*)host);
        Assert.Null(alone.Problem());
        alone.Free(memory, host, done);
    }

    [Fact]
    public void MemoryOfTheDevicesContextIsRefused()
    {
        using var device = Open();
        using var alone = new NcclCommunicator(Nccl, device, NcclCommunicator.NewId(Nccl), 0, 1);
        using var numbers = device.Allocate<float>(4);
        var (memory, done) = (alone.Allocate(16), alone.NewEvent());
        Fails(() => alone.Add(NvidiaDevice.AddressOf(numbers.View), 4, 0, 0, done), "ncclAllReduce",
            "not all in one allocation of the communicator's context");
        Fails(() => alone.Add(memory, 1000, 0, 0, done), "ncclAllReduce", "not all in one allocation");
    }

    [Fact]
    public void RanksOnOneGpuAreRefused()
    {
        using var device = Open();
        Fails(() => Pair(device, device),
            "ncclCommInitRank: invalid usage: Duplicate GPU detected : rank 0 and rank 1");
    }

    /// <summary>The other rank never comes to the sum; its GPU has gone its way.</summary>
    [Fact]
    public void AnAbortEndsAWait()
    {
        Set("EMU_DEVICES", 2);
        using var device = new NvidiaDevice(0);
        using var other = new NvidiaDevice(1);
        var (first, second) = Pair(device, other);
        using (first)
        using (second)
        {
            var (memory, done) = (first.Allocate(16), first.NewEvent());
            first.Add(memory, 4, 0, 0, done);
            var waits = new Thread(() => first.Wait(done));
            waits.Start();
            Assert.False(waits.Join(100));
            first.Abort();
            Assert.True(waits.Join(TimeSpan.FromSeconds(20)));
            Fails(() => first.Add(memory, 4, 0, 0, done), "the ranks have parted");
        }
    }

    [Theory, InlineData(22703, "2.27.3"), InlineData(21805, "2.18.5"), InlineData(2804, "2.8.4")]
    public void VersionsAreRead(int number, string version) => Assert.Equal(version, NcclApi.VersionOf(number));

    static (NcclCommunicator, NcclCommunicator) Pair(NvidiaDevice one, NvidiaDevice other)
    {
        var id = NcclCommunicator.NewId(Nccl);
        NcclCommunicator? second = null;
        Exception? error = null;
        var joins = new Thread(() =>
        {
            try
            {
                second = new(Nccl, other, id, 1, 2);
            }
            catch (UserException refused)
            {
                error = refused;
            }
        });
        joins.Start();
        try
        {
            return (new(Nccl, one, id, 0, 2), Second());
        }
        catch
        {
            joins.Join();
            throw;
        }

        NcclCommunicator Second()
        {
            joins.Join();
            return second ?? throw error!;
        }
    }
}
