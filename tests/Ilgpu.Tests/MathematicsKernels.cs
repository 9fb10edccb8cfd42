using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>Every function of the dialect, by its place in <see cref="Functions"/>.</summary>
static partial class MathematicsKernels
{
    public static IReadOnlyList<string> Functions { get; } =
        ["Exp", "Exp2", "ExpM1", "Log", "Log2", "Log10", "LogP1", "Tanh", "Sin", "Cos", "Tan", "Atan", "Pow"];

    /// <summary>Besides: ILGPU's names, which are not of T.</summary>
    public static IReadOnlyList<string> Roots { get; } = ["Sqrt", "Rsqrt", "Rcp"];

    [Kernel]
    public static void Map<T>(Index1D index, ArrayView<T> xs, ArrayView<T> ys, ArrayView<T> results, int function)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (x, y) = (xs[index], ys[index]);
        var result = x;
        switch (function)
        {
            case 0: result = T.Exp(x); break;
            case 1: result = T.Exp2(x); break;
            case 2: result = T.ExpM1(x); break;
            case 3: result = T.Log(x); break;
            case 4: result = T.Log2(x); break;
            case 5: result = T.Log10(x); break;
            case 6: result = T.LogP1(x); break;
            case 7: result = T.Tanh(x); break;
            case 8: result = T.Sin(x); break;
            case 9: result = T.Cos(x); break;
            case 10: result = T.Tan(x); break;
            case 11: result = T.Atan(x); break;
            case 12: result = T.Pow(x, y); break;
        }
        results[index] = result;
    }

    /// <summary>A column a function of <see cref="Roots"/>.</summary>
    [Kernel]
    public static void RootsOfDoubles(Index1D index, ArrayView<double> xs, ArrayView<double> results, int count)
    {
        results[index.X] = XMath.Sqrt(xs[index]);
        results[index.X + count] = XMath.Rsqrt(xs[index]);
        results[index.X + 2 * count] = XMath.Rcp(xs[index]);
    }

    /// <summary>A column a function of <see cref="Roots"/>.</summary>
    [Kernel]
    public static void RootsOfFloats(Index1D index, ArrayView<float> xs, ArrayView<float> results, int count)
    {
        results[index.X] = XMath.Sqrt(xs[index]);
        results[index.X + count] = XMath.Rsqrt(xs[index]);
        results[index.X + 2 * count] = XMath.Rcp(xs[index]);
    }

    /// <summary>What is exact, or has a meaning at the edges: a column a function.</summary>
    [Kernel]
    public static void Edges<T>(Index1D index, ArrayView<T> xs, ArrayView<T> ys, ArrayView<T> results, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (x, y) = (xs[index], ys[index]);
        var element = index.X;
        results[element] = T.Max(x, y);
        results[element + count] = T.Min(x, y);
        results[element + 2 * count] = T.MaxNumber(x, y);
        results[element + 3 * count] = T.MinNumber(x, y);
        results[element + 4 * count] = T.Abs(x);
        results[element + 5 * count] = T.Sqrt(x);
        results[element + 6 * count] = T.Floor(x);
        results[element + 7 * count] = T.Ceiling(x);
        results[element + 8 * count] = T.Round(x);
        results[element + 9 * count] = T.Truncate(x);
        results[element + 10 * count] = T.CopySign(x, y);
        results[element + 11 * count] = T.FusedMultiplyAdd(x, y, x);
        results[element + 12 * count] = x / y;
        results[element + 13 * count] = T.IsNaN(x) ? T.One : T.IsFinite(x) ? T.Zero : T.NegativeOne;
        results[element + 14 * count] = T.Clamp(x, T.NegativeOne, T.One);
    }

    /// <summary>The same on the processor.</summary>
    public static T[] EdgesOf<T>(T x, T y) where T : unmanaged, IFloatingPointIeee754<T> =>
    [
        T.Max(x, y), T.Min(x, y), T.MaxNumber(x, y), T.MinNumber(x, y), T.Abs(x), T.Sqrt(x), T.Floor(x), T.Ceiling(x),
        T.Round(x), T.Truncate(x),
        T.CopySign(x, y), T.FusedMultiplyAdd(x, y, x), x / y,
        T.IsNaN(x) ? T.One : T.IsFinite(x) ? T.Zero : T.NegativeOne, T.Clamp(x, T.NegativeOne, T.One),
    ];

    /// <summary>ILGPU's own names for what .NET has no name for, or another meaning.</summary>
    [Kernel]
    public static void Ilgpu(Index1D index, ArrayView<float> xs, ArrayView<float> ys, ArrayView<float> results,
    int count)
    {
        var (x, y) = (xs[index], ys[index]);
        results[index.X] = XMath.Rcp(x);
        results[index.X + count] = XMath.Rsqrt(x);
        results[index.X + 2 * count] = XMath.Max(x, y);
        results[index.X + 3 * count] = XMath.Exp(x);
    }

    [Kernel]
    public static void Conversions(Index1D index, ArrayView<double> values, ArrayView<int> integers,
    ArrayView<long> longs, ArrayView<float> floats)
    {
        integers[index] = int.CreateTruncating(values[index]);
        longs[index] = long.CreateSaturating(values[index]);
        floats[index] = float.CreateTruncating(values[index]);
    }
}
