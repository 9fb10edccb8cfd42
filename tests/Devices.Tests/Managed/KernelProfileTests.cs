using ILGPU;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;

namespace LdNetGpu.Tests;

/// <summary>Counts of a profile against counts by hand.</summary>
public sealed class KernelProfileTests
{
    readonly ManagedDevice device = new();

    // 100 lanes: three warps and four lanes of a fourth, whose 16 bytes lie in one sector.
    [Fact]
    public void ACoalescedCopyTouchesFourSectorsAWarp()
    {
        var kernel = Profile(() => ProfiledKernels.LaunchCopies(device, 100, Zeros<float>(100), Zeros<float>(100)));
        var counts = new AccessCounts(Warps: 4, PartialWarps: 1, Lanes: 100, Bytes: 400, Transactions: 13,
            LeastTransactions: 13, CacheLines: 4);
        Assert.Equal(counts, Line(kernel, "x[i]").GlobalLoads);
        Assert.Equal(counts, Line(kernel, "y[i]").GlobalStores);
        Assert.Equal((1, 2), (kernel.Launches, kernel.Lines.Count));
    }

    // Every lane's element lies in a sector of its own from a stride of 8 floats on, in its own line from 32 on.
    [Theory, InlineData(1, 4, 1), InlineData(2, 8, 2), InlineData(8, 32, 8), InlineData(32, 32, 32)]
    public void AStridedCopyTouchesMore(int stride, int sectors, int lines)
    {
        var kernel = Profile(() =>
            ProfiledKernels.LaunchCopiesStrided(device, 64, Zeros<float>(64 * stride), Zeros<float>(64), stride));
        var loads = Line(kernel, "x[i * stride]").GlobalLoads;
        Assert.Equal((2, 2 * sectors, 8, 2 * lines),
            (loads.Warps, loads.Transactions, loads.LeastTransactions, loads.CacheLines));
        Assert.Equal(sectors, loads.TransactionsPerWarp);
        Assert.Equal(8, Line(kernel, "y[i]").GlobalStores.Transactions);
    }

    // 64 x 64 in four tiles, each with 32 rows: a column of an unpadded tile lies in one bank.
    [Theory, InlineData(0, 31), InlineData(1, 0)]
    public void ATranspositionConflictsUnlessItsTileIsPadded(int padding, int conflictsOfAWarp)
    {
        var kernel = Profile(() => ProfiledKernels.LaunchTransposes(device, (new Index2D(2, 2), new Index2D(32, 8)),
            Zeros<float>(64 * 64), Zeros<float>(64 * 64), 64, padding));
        const int Rows = 4 * 32;
        Assert.Equal(new AccessCounts(Rows, 0, 64 * 64, 64 * 64 * 4, Rows * 4, Rows * 4, Rows),
            kernel.Total.GlobalLoads);
        Assert.Equal(kernel.Total.GlobalLoads, kernel.Total.GlobalStores);
        Assert.Equal((Rows, 0), (kernel.Total.SharedStores.Transactions, kernel.Total.SharedStores.Excess));
        Assert.Equal(Rows * conflictsOfAWarp, kernel.Total.SharedLoads.Excess);
        Assert.Equal(Rows * (1 + conflictsOfAWarp), kernel.Total.SharedLoads.Transactions);
        Assert.Equal(new BarrierCounts(Meetings: 4, Warps: 4 * 8, Lanes: 4 * 256),
            Line(kernel, "Group.Barrier()").GroupBarriers);
    }

    [Fact]
    public void ABranchThatPartOfAWarpTakesIsPartial()
    {
        var kernel = Profile(() => ProfiledKernels.LaunchBranches(device, 64, Ones(1), Zeros<float>(64)));
        Assert.Equal(new AccessCounts(2, PartialWarps: 2, 32, 128, 8, 4, 2), Line(kernel, "y[i]").GlobalStores);
        // One warp takes the other branch as a whole, and reads one element.
        var whole = Line(kernel, "x[0]; y[i]");
        Assert.Equal(new AccessCounts(1, PartialWarps: 0, 32, 128, 1, 1, 1), whole.GlobalLoads);
        Assert.Equal(new AccessCounts(1, PartialWarps: 0, 32, 128, 4, 4, 1), whole.GlobalStores);
    }

    // Eight barriers. Warps that add: 4, 2, 1, and then parts of one five times.
    [Fact]
    public void AReductionWaitsAtItsBarriers()
    {
        var sum = Zeros<float>(1);
        var kernel = Profile(() => ProfiledKernels.LaunchSums(device, (1, 256), Ones(256), sum));
        Assert.Equal(new BarrierCounts(8, 8 * 8, 8 * 256), Line(kernel, "Group.Barrier()").GroupBarriers);
        var adding = Line(kernel, "partial[Group.IdxX]; partial[Group.IdxX + step]");
        Assert.Equal((4 + 2 + 1 + 5, 5, 255),
            (adding.SharedStores.Warps, adding.SharedStores.PartialWarps, adding.SharedStores.Lanes));
        Assert.Equal((24, 10, 2 * 255, 2 * 255 * 4),
            (adding.SharedLoads.Warps, adding.SharedLoads.PartialWarps, adding.SharedLoads.Lanes,
                adding.SharedLoads.Bytes));
        Assert.Equal(0, kernel.Total.Shared.Excess);
        Assert.Equal(new AccessCounts(1, 1, 1, 4, 1, 1, 1), Line(kernel, "partial[0]; sum[0]").GlobalStores);
    }

    // Doubles take two passes of half a warp each; with a stride of 2 the half warp's 16 lie in eight banks twice.
    [Theory, InlineData(1, 0), InlineData(2, 2), InlineData(16, 30)]
    public void DoublesAreSharedInHalves(int stride, int conflicts)
    {
        var kernel = Profile(() => ProfiledKernels.LaunchSharesDoubles(device, (1, 32), Zeros<double>(32), stride));
        Assert.Equal((2 + conflicts, conflicts),
            (kernel.Total.SharedStores.Transactions, kernel.Total.SharedStores.Excess));
        Assert.Equal(8, kernel.Total.GlobalStores.Transactions);
    }

    // All lanes add to one counter in shared memory, each a pass; and to one sector of global memory.
    [Fact]
    public void AtomicOperationsOnOneWordFollowEachOther()
    {
        var kernel = Profile(() =>
            ProfiledKernels.LaunchCounts(device, (1, 32), Zeros<int>(32), Zeros<int>(1), Zeros<int>(32)));
        Assert.Equal((32, 31), (kernel.Total.SharedAtomics.Transactions, kernel.Total.SharedAtomics.Excess));
        Assert.Equal(new AccessCounts(1, 0, 32, 128, 1, 1, 1), kernel.Total.GlobalAtomics);
        Assert.Equal(new BarrierCounts(2, 2, 64), kernel.Total.WarpBarriers);
        Assert.Equal(default, kernel.Total.GroupBarriers);
    }

    [Fact]
    public void AnAccessOf16BytesIsOne()
    {
        var kernel = Profile(() =>
            ProfiledKernels.LaunchReadsQuads(device, (1, 32), Zeros<float>(128), Zeros<float>(32)));
        Assert.Equal(new AccessCounts(1, 0, 32, 512, 16, 16, 4), kernel.Total.GlobalLoads);
        Assert.Equal((2, 64, 256), (kernel.Total.Local.Warps, kernel.Total.Local.Lanes, kernel.Total.Local.Bytes));
    }

    // The strided load's sectors, in a launch beside a coalesced one.
    [Fact]
    public void TheLineThatCostsMostComesFirst()
    {
        var kernel = Profile(() =>
            ProfiledKernels.LaunchCopiesStrided(device, 32, Zeros<float>(256), Zeros<float>(32), 8));
        Assert.Equal((32, 4), (kernel.Costliest.First().Cost, kernel.Costliest.Last().Cost));
        Assert.Contains("x[i * stride]", kernel.Costliest.First().Code, StringComparison.Ordinal);
    }

    [Fact]
    public void AProfileCountsWhatIsLaunchedWhileItIsOpen()
    {
        var (x, y) = (Zeros<float>(32), Zeros<float>(32));
        ProfiledKernels.LaunchCopies(device, 32, x, y);
        var profile = device.BeginProfile();
        Assert.Empty(profile.Kernels);
        Assert.Contains("open already", Assert.Throws<InvalidOperationException>(() => device.BeginProfile()).Message,
            StringComparison.Ordinal);
        ProfiledKernels.LaunchCopies(device, 32, x, y);
        ProfiledKernels.LaunchCopies(device, 32, x, y);
        profile.Dispose();
        ProfiledKernels.LaunchCopies(device, 32, x, y);
        var kernel = Assert.Single(profile.Kernels);
        Assert.Equal((2, 256), (kernel.Launches, kernel.Total.GlobalLoads.Bytes));
        using var second = device.BeginProfile();
        profile.Dispose();
        ProfiledKernels.LaunchCopies(device, 32, x, y);
        Assert.Single(second.Kernels);
    }

    ProfiledKernel Profile(Action launch)
    {
        using var profile = device.BeginProfile();
        launch();
        return Assert.Single(profile.Kernels);
    }

    // The line at which these places are.
    static ProfiledLine Line(ProfiledKernel kernel, string code) => kernel.Lines.Single(line => line.Code == code);

    DeviceBuffer<float> Ones(int count)
    {
        var buffer = device.Allocate<float>(count);
        buffer.CopyFrom(Enumerable.Repeat(1f, count).ToArray());
        return buffer;
    }

    DeviceBuffer<T> Zeros<T>(int count) where T : unmanaged
    {
        var buffer = device.Allocate<T>(count);
        buffer.CopyFrom(new T[count]);
        return buffer;
    }
}
