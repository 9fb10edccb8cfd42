using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime.Cuda;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests.Emulation;

/// <summary>Kernels that each do one thing wrong, beside ones that do it right.</summary>
static partial class PlantedFaults
{
    [Kernel]
    internal static void ReadsBehindItsView(ArrayView<float> x, ArrayView<float> y)
    {
        y[Group.IdxX] = x[Group.IdxX + 1];
    }

    [Kernel]
    internal static void WritesBeforeItsView(ArrayView<float> y)
    {
        y[Group.IdxX - 1] = 1;
    }

    [Kernel]
    internal static void WritesWhereTheNextLaneReads(ArrayView<float> x)
    {
        var next = x[(Group.IdxX + 1) % Group.DimX];
        x[Group.IdxX] = next;
    }

    [Kernel]
    internal static void ForgetsTheBarrier(ArrayView<float> x, ArrayView<float> y)
    {
        var tile = SharedMemory.Allocate<float>(64);
        tile[Group.IdxX] = x[Group.IdxX];
        y[Group.IdxX] = tile[Group.DimX - 1 - Group.IdxX];
    }

    [Kernel]
    internal static void Reverses(ArrayView<float> x, ArrayView<float> y)
    {
        var tile = SharedMemory.Allocate<float>(64);
        tile[Group.IdxX] = x[Group.IdxX];
        Group.Barrier();
        y[Group.IdxX] = tile[Group.DimX - 1 - Group.IdxX];
    }

    [Kernel]
    internal static void ForgetsTheWarpBarrier(ArrayView<float> x, ArrayView<float> y)
    {
        var kept = SharedMemory.Allocate<float>(32);
        kept[Group.IdxX] = x[Group.IdxX];
        y[Group.IdxX] = kept[31 - Group.IdxX];
    }

    [Kernel]
    internal static void ReversesAWarp(ArrayView<float> x, ArrayView<float> y)
    {
        var kept = SharedMemory.Allocate<float>(32);
        kept[Group.IdxX] = x[Group.IdxX];
        Warp.Barrier();
        y[Group.IdxX] = kept[31 - Group.IdxX];
    }

    [Kernel]
    internal static void GroupsWriteOneElement(ArrayView<int> y)
    {
        y[0] = Grid.IdxX;
    }

    [Kernel]
    internal static void GroupsCount(ArrayView<int> y) => Atomic.Add(ref y[0], 1);

    /// <summary>sums[group] = the sum of x, by parts that the groups hand each other.</summary>
    [Kernel]
    internal static void SumsOverTheGrid(ArrayView<float> x, ArrayView<float> parts, ArrayView<float> sums)
    {
        if (Group.IdxX == 0) parts[Grid.IdxX] = x[Grid.IdxX];
        Dialect.Cuda.CooperativeGrid.Barrier();
        var sum = 0f;
        for (var i = 0; i < Grid.DimX; i++) sum += parts[i];
        if (Group.IdxX == 1) sums[Grid.IdxX] = sum;
    }

    [Kernel]
    internal static void SaysUnknownPtx(ArrayView<int> y)
    {
        int lane;
        CudaAsm.Emit("mov.u32 %0, %%nosuchregister;", out lane);
        y[0] = lane;
    }

    [Kernel]
    internal static void LoadsWhereNothingBegins(ArrayView<float> x, ArrayView<float> y)
    {
        var value = Dialect.Cuda.Vector.Load(x, 1);
        y[0] = value.X;
    }

    [Kernel]
    internal static void FillsDynamicMemory(ArrayView<float> y)
    {
        var tile = SharedMemory.GetDynamic<float>();
        tile[tile.IntLength - 1] = tile.IntLength;
        y[0] = tile[tile.IntLength - 1];
    }

    /// <summary>
    /// The sum of a group's x to the power of n, and each lane's share: some of everything, for results to be compared.
    /// </summary>
    [Kernel]
    internal static void Shares(ArrayView<float> x, ArrayView<float> shares, int n)
    {
        var power = 1f;
        for (var i = 0; i < n; i++) power *= x[Group.IdxX] + 0.25f;
        var sum = GroupExtensions.AllReduce<float, Add<float>>(power);
        var next = Warp.ShuffleDown(float.Exp(power / sum), 1);
        shares[Grid.IdxX * Group.DimX + Group.IdxX] = Warp.LaneIdx == 31 ? power : next;
    }
}
