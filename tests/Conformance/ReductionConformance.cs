using System.Numerics;
using LdNetGpu.Kernels.Reduction;

namespace LdNetGpu.Tests;

public abstract partial class ConformanceSuite<TDevice, T>
{
    [Theory, MemberData(nameof(Sizes))]
    [InlineData(97, 131, 1)]
    public void Sums(int rows, int columns, int gap)
    {
        var (a, b) = (Operand.Random(rows, columns, 1, gap), Operand.Random(rows, columns, 2, gap + 1));
        var (sum, added, dot) = (Operand.Filled(1, 1, 9), Operand.Filled(1, 1, 0.5f), Operand.Filled(1, 1, 0.25f));
        var (rowSums, addedRows) = (Operand.Filled(1, columns, 9), Operand.Random(1, columns, 3));
        var scale = 1 + Math.Sqrt((double)rows * columns);
        Assert.Equal(Work(Reference), Work(Ours), 1e-12 * scale * scale);
        Check(sum, scale: scale);
        Check(added, scale: scale);
        Check(dot, scale: scale);
        Check(rowSums, scale: scale);
        Check(addedRows, scale: scale);

        double Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            side.Backend.Reduction.Sum(side[a], side[sum]);
            side.Backend.Reduction.Sum(side[a], side[added], accumulate: true);
            side.Backend.Reduction.Dot(side[a], side[b], side[dot], accumulate: true);
            side.Backend.Reduction.SumRows(side[a], side[rowSums]);
            side.Backend.Reduction.SumRows(side[b], side[addedRows], accumulate: true);
            return side.Backend.Reduction.SquaredNorm(side[a]);
        }
    }

    // As many as a million elements and more leave: each lane of the one group adds several.
    [Fact]
    public void MorePartialSumsThanLanes()
    {
        const int count = 3 * ReductionKernels.Lanes + 5;
        var (partial, output) = (Operand.Random(1, count, 1), Operand.Filled(1, 1, 0.5f));
        ReductionKernels.LaunchSumPartials<T, double>(Device, (1, ReductionKernels.Lanes),
            partial.On<double>(Device).Array, count, Ours[output].Array, accumulate: true);
        var expected = 0.5 + partial.On<double>(Host).ToArray().Sum();
        Tolerance.AssertClose([expected], Ours[output], k: 8, scale: count);
    }

    [Fact]
    public void SumsRepeatToTheBit()
    {
        var input = Operand.Random(61, 83, 1, gap: 2);
        var (first, second) = (Operand.Filled(1, 1, 0), Operand.Filled(1, 1, 0));
        Ours.Backend.Reduction.Sum(Ours[input], Ours[first]);
        Ours.Backend.Reduction.Sum(Ours[input], Ours[second]);
        Tolerance.AssertSameBits(Ours[first], Ours[second]);
        Assert.Equal(Ours.Backend.Reduction.SquaredNorm(Ours[input]), Ours.Backend.Reduction.SquaredNorm(Ours[input]));
    }
}
