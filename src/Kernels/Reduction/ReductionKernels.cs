using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using LdNetGpu.Dialect;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Kernels.Reduction;

/// <summary>
/// Sums in two launches: groups sum fixed blocks of elements, then one group sums the blocks. Every sum of all elements
/// is kept in TSum, double for floats, in an order that depends on the shape alone; that of rows on their block too.
/// </summary>
static partial class ReductionKernels
{
    /// <summary>Lanes of a group.</summary>
    public const int Lanes = 256;

    /// <summary>Elements that a group sums.</summary>
    public const int Block = 16 * Lanes;

    /// <summary>Rows that a lane of <see cref="SumRowBlocks"/> sums where nothing is tuned.</summary>
    public const int RowBlock = 64;

    /// <summary>partial[group] = sum of the group's block.</summary>
    [Kernel, Instance(typeof(float), typeof(double)), Instance(typeof(double), typeof(double))]
    public static void SumBlocks<T, TSum>(Matrix<T> input, int columns, int count, ArrayView<TSum> partial)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSum : unmanaged, IFloatingPointIeee754<TSum>
    {
        var start = Grid.IdxX * Block;
        var end = Math.Min(count, start + Block);
        var sum = TSum.Zero;
        for (var i = start + Group.IdxX; i < end; i += Lanes)
        {
            var (row, column) = Elements.At(i, columns);
            sum += TSum.CreateTruncating(input[row, column]);
        }
        var total = GroupExtensions.Reduce<TSum, Add<TSum>>(sum);
        if (Group.IdxX == 0) partial[Grid.IdxX] = total;
    }

    /// <summary>
    /// partial[group] = sum of a ∘ b over the group's block. A product of two floats is exact in double.
    /// </summary>
    [Kernel, Instance(typeof(float), typeof(double)), Instance(typeof(double), typeof(double))]
    public static void DotBlocks<T, TSum>(Matrix<T> a, Matrix<T> b, int columns, int count, ArrayView<TSum> partial)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSum : unmanaged, IFloatingPointIeee754<TSum>
    {
        var start = Grid.IdxX * Block;
        var end = Math.Min(count, start + Block);
        var sum = TSum.Zero;
        for (var i = start + Group.IdxX; i < end; i += Lanes)
        {
            var (row, column) = Elements.At(i, columns);
            sum += TSum.CreateTruncating(a[row, column]) * TSum.CreateTruncating(b[row, column]);
        }
        var total = GroupExtensions.Reduce<TSum, Add<TSum>>(sum);
        if (Group.IdxX == 0) partial[Grid.IdxX] = total;
    }

    /// <summary>output[0] (+)= sum of partial, by one group.</summary>
    [Kernel, Instance(typeof(float), typeof(double)), Instance(typeof(double), typeof(double))]
    public static void SumPartials<T, TSum>(ArrayView<TSum> partial, int count, ArrayView<T> output, Flag accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSum : unmanaged, IFloatingPointIeee754<TSum>
    {
        var sum = TSum.Zero;
        for (var i = Group.IdxX; i < count; i += Lanes) sum += partial[i];
        var total = GroupExtensions.Reduce<TSum, Add<TSum>>(sum);
        if (Group.IdxX == 0) output[0] = accumulate ? output[0] + T.CreateTruncating(total) : T.CreateTruncating(total);
    }

    /// <summary>partial[block, column] = sum of the column over a block of rows; a lane for each.</summary>
    [Kernel]
    public static void SumRowBlocks<T>(Index1D index, [Tunable(8, 16, 32, 64, 128, 256)] SpecializedValue<int> rowBlock,
        Matrix<T> input, int rows, int columns, Matrix<T> partial)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (block, column) = Elements.At(index, columns);
        var end = Math.Min(rows, (block + 1) * rowBlock);
        var sum = T.Zero;
        for (var row = block * rowBlock; row < end; row++) sum += input[row, column];
        partial[block, column] = sum;
    }

    /// <summary>output[column] (+)= sum of the column's blocks.</summary>
    [Kernel]
    public static void SumColumnPartials<T>(Index1D column, Matrix<T> partial, int blocks, ArrayView<T> output,
        Flag accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var sum = accumulate ? output[column] : T.Zero;
        for (var block = 0; block < blocks; block++) sum += partial[block, column];
        output[column] = sum;
    }
}
