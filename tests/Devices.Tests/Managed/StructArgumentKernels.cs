using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>A constructor that takes the fields in another order.</summary>
record struct Range
{
    public int Low;
    public int High;

    public Range(int high, int low) => (High, Low) = (high, low);
}

/// <summary>A property that is not its parameter.</summary>
record struct Doubled(int Twice, int Plain)
{
    public int Twice { get; init; } = 2 * Twice;
}

/// <summary>Properties in another order than the parameters.</summary>
record struct Turned(int First, int Second)
{
    public int Second { get; init; } = Second;

    public int First { get; init; } = First;
}

/// <summary>A field that the constructor computes, and that changes no more with what it was computed from.</summary>
record struct Summed(int First, int Second)
{
    public readonly int Sum = First + Second;
}

/// <summary>A positional record as it is, with one of the others in it.</summary>
readonly record struct Both<T>(T One, Turned Other) where T : unmanaged;

/// <summary>Kernels that write down the fields of what they are given.</summary>
static partial class StructArgumentKernels
{
    [Kernel]
    internal static void TakesARange(Range range, ArrayView<int> y) => (y[0], y[1]) = (range.Low, range.High);

    [Kernel]
    internal static void TakesADoubled(Doubled doubled, ArrayView<int> y) =>
        (y[0], y[1]) = (doubled.Twice, doubled.Plain);

    [Kernel]
    internal static void TakesATurned(Turned turned, ArrayView<int> y) => (y[0], y[1]) = (turned.First, turned.Second);

    [Kernel]
    internal static void TakesASummed(Summed summed, ArrayView<int> y) => (y[0], y[1]) = (summed.First, summed.Sum);

    [Kernel, Instance(typeof(int))]
    internal static void TakesBoth<T>(Both<T> both, ArrayView<T> x, ArrayView<int> y) where T : unmanaged
    {
        x[0] = both.One;
        (y[0], y[1]) = (both.Other.First, both.Other.Second);
    }
}
