using System.Numerics;
using System.Runtime.InteropServices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>Two results differ by more than rounding allows.</summary>
public sealed class ToleranceException(string message) : Exception(message);

/// <summary>Comparisons whose bound is stated in units of rounding, so that one test serves float and double.</summary>
public static class Tolerance
{
    /// <summary>
    /// Every element within k · ε · max(|expected|, scale), ε the distance from 1 to the next T. scale is the size of
    /// the terms that were summed: where they cancel, the result's own size says nothing about its error.
    /// </summary>
    public static void AssertClose<T>(ReadOnlySpan<double> expected, ReadOnlySpan<T> actual, double k = 4,
        double scale = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (expected.Length != actual.Length)
            throw new ToleranceException($"{expected.Length} elements expected, {actual.Length} found.");
        var epsilon = double.CreateChecked(T.BitIncrement(T.One) - T.One);
        for (var i = 0; i < expected.Length; i++)
        {
            var found = double.CreateChecked(actual[i]);
            var bound = k * epsilon * Math.Max(Math.Abs(expected[i]), scale);
            if (expected[i].Equals(found) || Math.Abs(expected[i] - found) <= bound) continue;
            throw new ToleranceException(
                $"Element {i} of {expected.Length}: expected {expected[i]:R}, found {found:R}, " +
                $"difference {Math.Abs(expected[i] - found):G3}, bound {bound:G3}.");
        }
    }

    /// <summary>As above, the elements of a view row after row.</summary>
    public static void AssertClose<T>(ReadOnlySpan<double> expected, MatrixView<T> actual, double k = 4,
        double scale = 1)
        where T : unmanaged, IFloatingPointIeee754<T> => AssertClose<T>(expected, actual.ToArray(), k, scale);

    /// <summary>The same bits, NaN included.</summary>
    public static void AssertSameBits<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (expected.Length != actual.Length)
            throw new ToleranceException($"{expected.Length} elements expected, {actual.Length} found.");
        for (var i = 0; i < expected.Length; i++)
            if (!MemoryMarshal.AsBytes(expected.Slice(i, 1)).SequenceEqual(MemoryMarshal.AsBytes(actual.Slice(i, 1))))
                throw new ToleranceException(
                    $"Element {i} of {expected.Length}: expected exactly {expected[i]:R}, found {actual[i]:R}.");
    }

    /// <summary>As above, the elements of two views row after row.</summary>
    public static void AssertSameBits<T>(MatrixView<T> expected, MatrixView<T> actual)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        AssertSameBits<T>(expected.ToArray(), actual.ToArray());
}
