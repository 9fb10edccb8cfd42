using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using LdNetGpu.Dialect;

namespace LdNetGpu.Kernels;

/// <summary>
/// Sums in two launches: groups sum fixed blocks of elements, then one group sums the blocks. Every sum is kept in double,
/// in an order that depends on the shape alone.
/// </summary>
static partial class ReductionKernels
{
    /// <summary>Lanes of a group.</summary>
    public const int Lanes = 256;

    /// <summary>Elements that a group sums.</summary>
    public const int Block = 16 * Lanes;

    /// <summary>Rows that a lane of <see cref="SumRowBlocks"/> sums.</summary>
    public const int RowBlock = 64;

    /// <summary>partial[group] = sum of the group's block.</summary>
    [Kernel]
    public static void SumBlocks<T>(ArrayView<T> input, int stride, int columns, int count, ArrayView<double> partial)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var start = Grid.IdxX * Block;
        var end = Math.Min(count, start + Block);
        var sum = 0.0;
        for (var i = start + Group.IdxX; i < end; i += Lanes) sum += double.CreateTruncating(input[Elements.Place(i, columns, stride)]);
        var total = GroupExtensions.Reduce<double, Add<double>>(sum);
        if (Group.IdxX == 0) partial[Grid.IdxX] = total;
    }

    /// <summary>partial[group] = sum of a ∘ b over the group's block. A product of two floats is exact in double.</summary>
    [Kernel]
    public static void DotBlocks<T>(ArrayView<T> a, int aStride, ArrayView<T> b, int bStride, int columns, int count, ArrayView<double> partial)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var start = Grid.IdxX * Block;
        var end = Math.Min(count, start + Block);
        var sum = 0.0;
        for (var i = start + Group.IdxX; i < end; i += Lanes)
            sum += double.CreateTruncating(a[Elements.Place(i, columns, aStride)]) * double.CreateTruncating(b[Elements.Place(i, columns, bStride)]);
        var total = GroupExtensions.Reduce<double, Add<double>>(sum);
        if (Group.IdxX == 0) partial[Grid.IdxX] = total;
    }

    /// <summary>output[0] (+)= sum of partial, by one group.</summary>
    [Kernel]
    public static void SumPartials<T>(ArrayView<double> partial, int count, ArrayView<T> output, bool accumulate) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sum = 0.0;
        for (var i = Group.IdxX; i < count; i += Lanes) sum += partial[i];
        var total = GroupExtensions.Reduce<double, Add<double>>(sum);
        if (Group.IdxX == 0) output[0] = accumulate ? output[0] + T.CreateTruncating(total) : T.CreateTruncating(total);
    }

    /// <summary>partial[block · columns + column] = sum of the column over a block of rows; a lane for each.</summary>
    [Kernel]
    public static void SumRowBlocks<T>(Index1D index, ArrayView<T> input, int stride, int rows, int columns, ArrayView<T> partial)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var block = index / columns;
        var column = index - block * columns;
        var end = Math.Min(rows, (block + 1) * RowBlock);
        var sum = T.Zero;
        for (var row = block * RowBlock; row < end; row++) sum += input[(long)row.X * stride + column];
        partial[index] = sum;
    }

    /// <summary>output[column] (+)= sum of the column's blocks.</summary>
    [Kernel]
    public static void SumColumnPartials<T>(Index1D column, ArrayView<T> partial, int blocks, int columns, ArrayView<T> output, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sum = accumulate ? output[column] : T.Zero;
        for (var block = 0; block < blocks; block++) sum += partial[(long)block * columns + column];
        output[column] = sum;
    }
}
