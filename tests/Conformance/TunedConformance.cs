using System.Numerics;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Devices.Tuning;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Reduction;

namespace LdNetGpu.Tests;

/// <summary>Whatever values a tuned kernel is launched with, its results are as near.</summary>
public abstract partial class ConformanceSuite<TDevice, T>
{
    /// <summary>Every candidate of products' tiles.</summary>
    public static TheoryData<int, int> Tiles
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (var values in Tunable.Candidates(GemmKernels.MultiplyInstance<T>()))
                data.Add(values[0], values[1]);
            return data;
        }
    }

    /// <summary>Every candidate of row sums' blocks.</summary>
    public static TheoryData<int> RowBlocks =>
        [.. Tunable.Candidates(ReductionKernels.SumRowBlocksInstance<T>()).Select(values => values[0])];

    [Theory, MemberData(nameof(Tiles))]
    public void ProductInTunedTiles(int rowsPerLane, int columnsPerLane)
    {
        // A whole tile and a part of one each way.
        var (rows, columns) = (GemmKernels.Side * rowsPerLane + 3, GemmKernels.Side * columnsPerLane + 5);
        var (a, b) = Factors(GemmKind.NT, rows, columns, 18);
        var c = Operand.Filled(rows, columns, 9, gap: 3);
        var launched = 0;
        using (Forced(GemmKernels.MultiplyInstance<T>(), [rowsPerLane, columnsPerLane], () => launched++)) Work(Ours);
        Work(Reference);
        Check(c, k: 8 + 18);
        Assert.Equal(1, launched);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Gemm.Multiply(GemmKind.NT, side[a], side[b], side[c]);
    }

    [Theory, MemberData(nameof(RowBlocks))]
    public void RowSumsInTunedBlocks(int rowBlock)
    {
        const int rows = 300;
        var (input, sums) = (Operand.Random(rows, 7, 1, gap: 2), Operand.Filled(1, 7, 9));
        var launched = 0;
        using (Forced(ReductionKernels.SumRowBlocksInstance<T>(), [rowBlock], () => launched++)) Work(Ours);
        Work(Reference);
        Check(sums, k: 8 + rows);
        Assert.Equal(1, launched);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Reduction.SumRows(side[input], side[sums]);
    }

    Both Forced(KernelInstance kernel, int[] values, Action launched) => new(
        Device.Tuning.Force(kernel, values),
        Device.Tuning.Watch((met, _, _) =>
        {
            if (met == kernel) launched();
        }));

    sealed record Both(IDisposable One, IDisposable Other) : IDisposable
    {
        public void Dispose()
        {
            One.Dispose();
            Other.Dispose();
        }
    }
}
