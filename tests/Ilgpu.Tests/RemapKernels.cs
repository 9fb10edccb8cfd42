using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Algorithms.ScanReduceOperations;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>Public, as ILGPU's CPU accelerator wants what kernels take.</summary>
public enum Size : byte { Small = 3, Large = 250 }

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
    public static void Constants(Index1D i, ArrayView<float> x) => x[i] = (x[i] + 0) * ((int)x[i] / 4);

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

    [Kernel]
    public static void Narrow(Index1D i, ArrayView<long> x, sbyte a, byte b, short c, ushort d, (Size, short) e) =>
        x[i] = ((((long)a * 1000 + b) * 100_000 + c) * 100_000 + d) * 1000 + (int)e.Item1 + e.Item2;

    [Kernel, Instance(typeof(sbyte)), Instance(typeof(byte)), Instance(typeof(short)), Instance(typeof(ushort))]
    [Instance(typeof(int)), Instance(typeof(uint)), Instance(typeof(long)), Instance(typeof(ulong))]
    [Instance(typeof(float)), Instance(typeof(double))]
    public static void ClampAny<T>(Index1D i, ArrayView<T> x, T low, T high) where T : unmanaged, INumber<T> =>
        x[i] = T.Clamp(x[i], low, high);

    [Kernel]
    public static void ClampInt(Index1D i, ArrayView<int> x) => x[i] = Math.Clamp(x[i], -3, 3);

    /// <summary>The text has it settled when it is written; ILGPU has no types at run time.</summary>
    [Kernel]
    public static void OfKnownType<T>(Index1D i, ArrayView<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float)) x[i] = T.One;
    }
}
