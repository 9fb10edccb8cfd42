using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>
/// Groups of 64 lanes that bring elements to shared memory while they go on: once right, else with one thing wrong.
/// </summary>
static partial class AsyncCopyKernels
{
    [Kernel]
    internal static void Reverses(ArrayView<float> x, ArrayView<float> y, int count)
    {
        var tile = SharedMemory.Allocate<float>(64);
        if (Group.IdxX < 16)
            Dialect.Cuda.AsyncCopy.Bytes16(tile, 4 * Group.IdxX, x, 4 * Group.IdxX,
                int.Clamp(count - 4 * Group.IdxX, 0, 4));
        Dialect.Cuda.AsyncCopy.Commit();
        Dialect.Cuda.AsyncCopy.Wait(0);
        Group.Barrier();
        y[Group.IdxX] = tile[63 - Group.IdxX];
    }

    [Kernel]
    internal static void ForgetsToWait(ArrayView<double> x, ArrayView<double> y)
    {
        var tile = SharedMemory.Allocate<double>(64);
        Dialect.Cuda.AsyncCopy.Bytes8(tile, Group.IdxX, x, Group.IdxX, 1);
        Dialect.Cuda.AsyncCopy.Commit();
        Group.Barrier();
        y[Group.IdxX] = tile[63 - Group.IdxX];
    }

    [Kernel]
    internal static void ForgetsTheBarrier(ArrayView<float> x, ArrayView<float> y)
    {
        var tile = SharedMemory.Allocate<float>(64);
        Dialect.Cuda.AsyncCopy.Bytes4(tile, Group.IdxX, x, Group.IdxX, 1);
        Dialect.Cuda.AsyncCopy.Commit();
        Dialect.Cuda.AsyncCopy.Wait(0);
        y[Group.IdxX] = tile[Group.IdxX / 2];
    }

    /// <summary>
    /// Adds pairs of elements, the second one on its way while the first is used. With one group too few awaited, it is
    /// used too early.
    /// </summary>
    [Kernel]
    internal static void AddsPairs(ArrayView<float> x, ArrayView<float> y, bool tooEarly)
    {
        var tile = SharedMemory.Allocate<float>(128);
        Dialect.Cuda.AsyncCopy.Bytes4(tile, Group.IdxX, x, Group.IdxX, 1);
        Dialect.Cuda.AsyncCopy.Commit();
        Dialect.Cuda.AsyncCopy.Bytes4(tile, 64 + Group.IdxX, x, 64 + Group.IdxX, 1);
        Dialect.Cuda.AsyncCopy.Commit();
        Dialect.Cuda.AsyncCopy.Wait(1);
        Group.Barrier();
        var sum = tile[63 - Group.IdxX];
        if (!tooEarly) Dialect.Cuda.AsyncCopy.Wait(0);
        Group.Barrier();
        y[Group.IdxX] = sum + tile[64 + 63 - Group.IdxX];
    }

    [Kernel]
    internal static void OverwritesWhatOthersStillRead(ArrayView<float> x, ArrayView<float> y)
    {
        var tile = SharedMemory.Allocate<float>(64);
        var sum = 0f;
        for (var start = 0; start < 128; start += 64)
        {
            Dialect.Cuda.AsyncCopy.Bytes4(tile, Group.IdxX, x, start + Group.IdxX, 1);
            Dialect.Cuda.AsyncCopy.Commit();
            Dialect.Cuda.AsyncCopy.Wait(0);
            Group.Barrier();
            sum += tile[63 - Group.IdxX];
        }
        y[Group.IdxX] = sum;
    }

    [Kernel]
    internal static void CopiesFrom(ArrayView<float> x, int to, int from)
    {
        var tile = SharedMemory.Allocate<float>(64);
        Dialect.Cuda.AsyncCopy.Bytes16(tile, to, x, from, 4);
    }
}
