using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>What tests of one precision share: a device of two threads and its operations.</summary>
public abstract class KernelTest<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    protected KernelTest() => Backend = new CpuBackend<T>(Device);

    protected CpuDevice Device { get; } = new(2);

    protected CpuBackend<T> Backend { get; }

    public void Dispose() => Device.Dispose();

    protected MatrixView<T> Random(int rows, int columns, int stride = 0, ulong seed = 1, float low = -1,
        float high = 1) =>
        Views.Random<T>(Device, rows, columns, stride, seed, low, high);

    protected MatrixView<T> Zeros(int rows, int columns, int stride = 0) =>
        Views.Filled<T>(Device, rows, columns, 0, stride);

    protected static T Number(double value) => T.CreateChecked(value);

    /// <summary>Shapes that meet every path: empty, single, primes, more than one block, gaps between rows.</summary>
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 0, 5, 5 }, { 5, 0, 0 }, { 1, 1, 1 }, { 1, 7, 7 }, { 3, 5, 5 }, { 13, 31, 37 }, { 7, 64, 64 },
            { 101, 331, 331 }, { 67, 509, 512 },
    };
}

/// <summary>The same work on one, two and three threads must give the same bits.</summary>
public static class Threads
{
    public static void AssertSameBits<T>(Func<CpuBackend<T>, MatrixView<T>[]> work)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var single = new CpuDevice(1);
        var expected = Array.ConvertAll(work(new CpuBackend<T>(single)), view => view.ToArray());
        foreach (var threads in (int[])[2, 3])
        {
            using var device = new CpuDevice(threads);
            var actual = work(new CpuBackend<T>(device));
            for (var i = 0; i < expected.Length; i++) Tolerance.AssertSameBits<T>(expected[i], actual[i].ToArray());
        }
    }
}
