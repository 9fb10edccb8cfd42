using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>An element that ILGPU counts with another size.</summary>
public record struct Marked(int Value, bool IsOn);

/// <summary>Kernels that show how they were launched, and with what.</summary>
static partial class LaunchShapeKernels
{
    [Kernel]
    public static void Add(Index1D i, ArrayView<int> values) => values[i] += i + 1;

    [Kernel]
    public static void Add2D(Index2D i, ArrayView<int> values, int width) =>
        values[i.Y * width + i.X] += i.X * 100 + i.Y;

    [Kernel]
    public static void Add3D(Index3D i, ArrayView<int> values, int width, int height) =>
        values[(i.Z * height + i.Y) * width + i.X] += i.X * 10_000 + i.Y * 100 + i.Z;

    [Kernel]
    public static void SharedLength(ArrayView<int> lengths)
    {
        var shared = SharedMemory.GetDynamic<int>();
        lengths[Grid.GlobalIndex.X] = shared.IntLength;
    }

    [Kernel]
    public static void SharedLengthBelow(ArrayView<int> lengths) => lengths[Grid.GlobalIndex.X] = DoublesShared();

    static int DoublesShared() => SharedMemory.GetDynamic<double>().IntLength;

    [Kernel]
    public static void SharedOfTwoSizes(ArrayView<int> lengths) =>
        lengths[0] = SharedMemory.GetDynamic<int>().IntLength + DoublesShared();

    [Kernel]
    public static void OfBools(Index1D i, ArrayView<bool> flags, ArrayView<int> results) =>
        results[i] = flags[i] ? 1 : 0;

    [Kernel]
    public static void OfMarked(Index1D i, (int First, ArrayView<Marked> Items) all, ArrayView<int> results) =>
        results[i] = all.Items[i].Value + all.First;

    [Kernel]
    public static void OfBytes(Index1D i, ArrayView<byte> flags, ArrayView<int> results) =>
        results[i] = flags[i] != 0 ? 1 : 0;
}
