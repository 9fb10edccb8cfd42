using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Algorithms.ScanReduceOperations;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>A function a kernel, to look at what it becomes.</summary>
static partial class RemapKernels
{
    [Kernel]
    public static void Tanh(Index1D i, ArrayView<float> x) => x[i] = MathF.Tanh(x[i]);

    [Kernel]
    public static void Exp(Index1D i, ArrayView<float> x) => x[i] = MathF.Exp(x[i]);

    [Kernel]
    public static void Log(Index1D i, ArrayView<float> x) => x[i] = XMath.Log(x[i]);

    [Kernel]
    public static void Sin(Index1D i, ArrayView<float> x) => x[i] = MathF.Sin(x[i]);

    [Kernel]
    public static void Sum(ArrayView<float> x) =>
    x[Group.IdxX] = GroupExtensions.AllReduce<float, AddFloat>(x[Group.IdxX]);

    [Kernel]
    public static void Fused(Index1D i, ArrayView<float> x) => x[i] = MathF.FusedMultiplyAdd(x[i], x[i], 1);

    [Kernel]
    public static void Converted(Index1D i, ArrayView<float> x) => x[i] = int.CreateTruncating(x[i]);

    [Kernel]
    public static void Clamped(Index1D i, ArrayView<float> x) => x[i] = float.Clamp(x[i], -1, 1);

    [Kernel]
    public static void LargerNumber(Index1D i, ArrayView<float> x) => x[i] = float.MaxNumber(x[i], 0);

    [Kernel]
    public static void Larger(Index1D i, ArrayView<float> x) => x[i] = MathF.Max(x[i], 0);

    [Kernel]
    public static void If(Index1D i, ArrayView<float> x, bool condition)
    {
        if (condition) x[i] = 1;
    }

    /// <summary>The text has it settled when it is written; ILGPU has no types at run time.</summary>
    [Kernel]
    public static void OfKnownType<T>(Index1D i, ArrayView<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float)) x[i] = T.One;
    }
}
