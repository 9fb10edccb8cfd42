using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>
/// One mma a warp, fragments loaded element by element, and the same with one thing wrong. Matrices lie by rows without
/// gaps.
/// </summary>
static partial class TensorCoreKernels
{
    [Kernel]
    internal static void Tf32(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, ArrayView<float> d)
    {
        var (g, t) = (Warp.LaneIdx / 4, Warp.LaneIdx % 4);
        var left = new FragmentA(Rounded(a, g * 8 + t), Rounded(a, (g + 8) * 8 + t), Rounded(a, g * 8 + t + 4),
            Rounded(a, (g + 8) * 8 + t + 4));
        var right = new FragmentB(Rounded(b, t * 8 + g), Rounded(b, (t + 4) * 8 + g));
        var sums = new FragmentC(c[g * 8 + 2 * t], c[g * 8 + 2 * t + 1], c[(g + 8) * 8 + 2 * t],
            c[(g + 8) * 8 + 2 * t + 1]);
        sums = Dialect.Cuda.Mma.Tf32(left, right, sums);
        Store(sums, d, g, t);
    }

    [Kernel]
    internal static void Bf16(ArrayView<float> a, ArrayView<float> b, ArrayView<float> d)
    {
        var (g, t) = (Warp.LaneIdx / 4, Warp.LaneIdx % 4);
        var left = new FragmentA(Along(a, g * 16 + 2 * t), Along(a, (g + 8) * 16 + 2 * t), Along(a, g * 16 + 2 * t + 8),
            Along(a, (g + 8) * 16 + 2 * t + 8));
        var right = new FragmentB(Down(b, 2 * t, g), Down(b, 2 * t + 8, g));
        var sums = Dialect.Cuda.Mma.Bf16(left, right, default);
        Store(sums, d, g, t);
    }

    [Kernel]
    internal static void ForgetsToRound(ArrayView<float> a, ArrayView<float> d)
    {
        var (g, t) = (Warp.LaneIdx / 4, Warp.LaneIdx % 4);
        var sums = Dialect.Cuda.Mma.Tf32(new FragmentA(Interop.FloatAsInt(a[g * 8 + t]), 0, 0, 0), default, default);
        Store(sums, d, g, t);
    }

    [Kernel]
    internal static void ExchangesTwoRegisters(ArrayView<float> a, ArrayView<float> b, ArrayView<float> d)
    {
        var (g, t) = (Warp.LaneIdx / 4, Warp.LaneIdx % 4);
        var left = new FragmentA(Rounded(a, g * 8 + t), Rounded(a, g * 8 + t + 4), Rounded(a, (g + 8) * 8 + t),
            Rounded(a, (g + 8) * 8 + t + 4));
        var right = new FragmentB(Rounded(b, t * 8 + g), Rounded(b, (t + 4) * 8 + g));
        var sums = Dialect.Cuda.Mma.Tf32(left, right, default);
        Store(sums, d, g, t);
    }

    static uint Rounded(ArrayView<float> x, int index) => Dialect.Cuda.Mma.ToTf32(x[index]);

    static uint Along(ArrayView<float> a, int index) => Dialect.Cuda.Mma.PackBf16(a[index], a[index + 1]);

    static uint Down(ArrayView<float> b, int k, int column) =>
        Dialect.Cuda.Mma.PackBf16(b[k * 8 + column], b[(k + 1) * 8 + column]);

    static void Store(FragmentC sums, ArrayView<float> d, int g, int t)
    {
        d[g * 8 + 2 * t] = sums.R0;
        d[g * 8 + 2 * t + 1] = sums.R1;
        d[(g + 8) * 8 + 2 * t] = sums.R2;
        d[(g + 8) * 8 + 2 * t + 1] = sums.R3;
    }
}
