using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>Kernels whose accesses can be counted by hand: one to a line, so that each has its own counts.</summary>
static partial class ProfiledKernels
{
    public const int Tile = 32;

    [Kernel]
    internal static void Copies(Index1D i, ArrayView<float> x, ArrayView<float> y)
    {
        var value = x[i];
        y[i] = value;
    }

    [Kernel]
    internal static void CopiesStrided(Index1D i, ArrayView<float> x, ArrayView<float> y, int stride)
    {
        var value = x[i * stride];
        y[i] = value;
    }

    /// <summary>Groups of 32 x 8 lanes, each a tile of 32 x 32.</summary>
    [Kernel]
    internal static void Transposes(ArrayView<float> x, ArrayView<float> y, int size, int padding)
    {
        var tile = SharedMemory.Allocate<float>(Tile * (Tile + 1));
        var width = Tile + padding;
        for (var row = Group.IdxY; row < Tile; row += Group.DimY)
        {
            var value = x[(Grid.IdxY * Tile + row) * size + Grid.IdxX * Tile + Group.IdxX];
            tile[row * width + Group.IdxX] = value;
        }
        Group.Barrier();
        for (var row = Group.IdxY; row < Tile; row += Group.DimY)
        {
            var value = tile[Group.IdxX * width + row];
            y[(Grid.IdxX * Tile + row) * size + Grid.IdxY * Tile + Group.IdxX] = value;
        }
    }

    [Kernel]
    internal static void Branches(Index1D i, ArrayView<float> x, ArrayView<float> y)
    {
        if (i % 2 == 0)
            y[i] = 1;
        if (i < 32)
            y[i] = x[0];
    }

    /// <summary>One group; the sum of 256 elements.</summary>
    [Kernel]
    internal static void Sums(ArrayView<float> x, ArrayView<float> sum)
    {
        var partial = SharedMemory.Allocate<float>(256);
        partial[Group.IdxX] = x[Group.IdxX];
        for (var step = 128; step > 0; step /= 2)
        {
            Group.Barrier();
            if (Group.IdxX < step)
                partial[Group.IdxX] += partial[Group.IdxX + step];
        }
        if (Group.IdxX == 0)
            sum[0] = partial[0];
    }

    [Kernel]
    internal static void SharesDoubles(ArrayView<double> y, int stride)
    {
        var shared = SharedMemory.Allocate<double>(1024);
        shared[Group.IdxX * stride] = 1;
        y[Group.IdxX] = 2;
    }

    [Kernel]
    internal static void Counts(ArrayView<int> x, ArrayView<int> bins, ArrayView<int> result)
    {
        var counts = SharedMemory.Allocate<int>(32);
        counts[Group.IdxX] = 0;
        Warp.Barrier();
        Atomic.Add(ref counts[x[Group.IdxX]], 1);
        Atomic.Add(ref bins[0], 1);
        Warp.Barrier();
        result[Group.IdxX] = counts[Group.IdxX];
    }

    /// <summary>16 bytes a lane, and an array that the lane has to itself.</summary>
    [Kernel]
    internal static void ReadsQuads(ArrayView<float> x, ArrayView<float> y)
    {
        var own = LocalMemory.Allocate<float>(2);
        var quad = Dialect.Cuda.Vector.Load(x, 4 * Group.IdxX);
        own[0] = quad.X;
        y[Group.IdxX] = own[0];
    }

    [Kernel]
    internal static void WritesAndReads(ArrayView<int> x)
    {
        x[Group.IdxX] = Group.IdxX;
        x[Group.IdxX] = x[Group.IdxX] + 1;
    }
}
