using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>Kernels that each do one thing wrong, beside ones that do it right.</summary>
static partial class PlantedBugs
{
    [Kernel]
    internal static void ReadsBehindTheEnd(ArrayView<float> x, ArrayView<float> y)
    {
        y[Group.IdxX] = x[Group.IdxX + 1];
    }

    [Kernel]
    internal static void SumsUndefinedMemory(ArrayView<float> y)
    {
        var sums = SharedMemory.Allocate<float>(4);
        sums[0] += 1;
        y[0] = sums[0];
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
    internal static void OverwritesWhatOthersStillRead(ArrayView<float> x)
    {
        var own = x[Group.IdxX] + x[0];
        x[Group.IdxX] = own;
    }

    [Kernel]
    internal static void WaitsInHalfTheLanes(ArrayView<float> y)
    {
        if (Group.IdxX < 32)
        {
            Group.Barrier();
            y[Group.IdxX] = 1;
        }
    }

    [Kernel]
    internal static void GroupsWriteOneElement(ArrayView<int> y) => y[0] = Grid.IdxX;

    [Kernel]
    internal static void GroupsCount(ArrayView<int> y) => Atomic.Add(ref y[0], 1);

    [Kernel]
    internal static void RunsOffALocalArray(ArrayView<int> y, int n)
    {
        var values = new int[4];
        for (var i = 0; i < n; i++) values[i] = i;
        y[0] = values[3];
    }

    [Kernel]
    internal static void TakesTooMuchSharedMemory(ArrayView<float> y)
    {
        var tile = SharedMemory.Allocate<float>(1 << 16);
        tile[0] = 1;
        y[0] = tile[0];
    }
}
