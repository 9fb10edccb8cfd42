using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>Accesses of 16 bytes, barriers of the whole grid, and shared memory beyond what code may declare.</summary>
static partial class VectorisedAccessKernels
{
    [Kernel]
    internal static void Negates(ArrayView<float> x, ArrayView<float> y)
    {
        var value = Dialect.Cuda.Vector.Load(x, 4 * Group.IdxX);
        Dialect.Cuda.Vector.Store(y, 4 * Group.IdxX, new FloatQuad(-value.X, -value.Y, -value.Z, -value.W));
    }

    [Kernel]
    internal static void Doubles(ArrayView<double> x)
    {
        var value = Dialect.Cuda.Vector.Load(x, 2 * Group.IdxX);
        Dialect.Cuda.Vector.Store(x, 2 * Group.IdxX, new DoublePair(value.X + value.X, value.Y + value.Y));
    }

    [Kernel]
    internal static void ReadsWhatANeighbourStores(ArrayView<float> y)
    {
        var tile = SharedMemory.Allocate<float>(256);
        Dialect.Cuda.Vector.Store(tile, 4 * Group.IdxX, new FloatQuad(1, 2, 3, 4));
        y[Group.IdxX] = Group.IdxX == 0 ? 0 : tile[4 * Group.IdxX - 1];
    }

    /// <summary>
    /// sums[group] = the sum of all groups' x, by parts that the groups hand each other. leaveOut names a group that
    /// ends before the barrier.
    /// </summary>
    [Kernel]
    internal static void SumsOverTheGrid(ArrayView<float> x, ArrayView<float> parts, ArrayView<float> sums,
        int leaveOut)
    {
        if (Group.IdxX == 0) parts[Grid.IdxX] = x[Grid.IdxX];
        if (Grid.IdxX == leaveOut) return;
        Dialect.Cuda.CooperativeGrid.Barrier();
        var sum = 0f;
        for (var i = 0; i < Grid.DimX; i++) sum += parts[i];
        if (Group.IdxX == 1) sums[Grid.IdxX] = sum;
    }

    [Kernel]
    internal static void DeclaresMuchSharedMemory(ArrayView<float> y)
    {
        var tile = SharedMemory.Allocate<float>(12 * 1024 + 1);
        tile[0] = 1;
        y[0] = tile[0];
    }

    [Kernel]
    internal static void FillsDynamicMemory(ArrayView<float> y)
    {
        var tile = SharedMemory.GetDynamic<float>();
        tile[tile.IntLength - 1] = tile.IntLength;
        y[0] = tile[tile.IntLength - 1];
    }
}
