using System.Numerics;
using ILGPU;
using LdNetGpu.Dialect;

namespace LdNetGpu.Tests;

/// <summary>.NET's conversions by name, from one type to every other.</summary>
static partial class ConversionKernels
{
    /// <summary>A column a type: sbyte, byte, short, ushort, int, uint, long, ulong, and float, double.</summary>
    [Kernel]
    [Instance(typeof(sbyte)), Instance(typeof(byte)), Instance(typeof(short)), Instance(typeof(ushort))]
    [Instance(typeof(int)), Instance(typeof(uint)), Instance(typeof(long)), Instance(typeof(ulong))]
    [Instance(typeof(float)), Instance(typeof(double))]
    public static void Convert<T>(Index1D index, ArrayView<T> values, ArrayView<long> truncated,
        ArrayView<long> saturated, ArrayView<double> floats) where T : unmanaged, INumber<T>
    {
        var (i, n, value) = (index.X, values.IntLength, values[index]);
        truncated[i] = sbyte.CreateTruncating(value);
        truncated[i + n] = byte.CreateTruncating(value);
        truncated[i + 2 * n] = short.CreateTruncating(value);
        truncated[i + 3 * n] = ushort.CreateTruncating(value);
        truncated[i + 4 * n] = int.CreateTruncating(value);
        truncated[i + 5 * n] = uint.CreateTruncating(value);
        truncated[i + 6 * n] = long.CreateTruncating(value);
        truncated[i + 7 * n] = (long)ulong.CreateTruncating(value);
        saturated[i] = sbyte.CreateSaturating(value);
        saturated[i + n] = byte.CreateSaturating(value);
        saturated[i + 2 * n] = short.CreateSaturating(value);
        saturated[i + 3 * n] = ushort.CreateSaturating(value);
        saturated[i + 4 * n] = int.CreateSaturating(value);
        saturated[i + 5 * n] = uint.CreateSaturating(value);
        saturated[i + 6 * n] = long.CreateSaturating(value);
        saturated[i + 7 * n] = (long)ulong.CreateSaturating(value);
        floats[i] = float.CreateTruncating(value);
        floats[i + n] = double.CreateSaturating(value);
    }
}
