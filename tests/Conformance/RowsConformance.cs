using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

public abstract partial class ConformanceSuite<TDevice, T>
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 0)]
    [InlineData(13, 31)]
    public void GatherAndScatter(int tableRows, int columns)
    {
        var indices = new IndexOperand([.. Enumerable.Range(0, 41).Select(i => i % 9 == 4 ? -1 : i * i % tableRows)]);
        var table = Operand.Random(tableRows, columns, 1, gap: 2);
        var gathered = Operand.Filled(41, columns, 9, gap: 1);
        var rows = Operand.Random(41, columns, 2, gap: 3);
        Work(Ours);
        Work(Reference);
        Check(gathered, k: 0);
        Check(table, scale: 8);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            side.Backend.Rows.Gather(side[table], side[indices], side[gathered]);
            side.Backend.Rows.ScatterAdd(side[rows], side[indices], side[table]);
        }
    }

    [Fact]
    public void ScatterAddsInTheOrderOfThePositions()
    {
        // In any other order the small terms would vanish beside the large one.
        var large = typeof(T) == typeof(float) ? 1 << 25 : 1L << 54;
        var rows = Operand.Of(4, 1, large, 1, -large, 1);
        var table = Operand.Filled(2, 1, 0);
        var indices = new IndexOperand(1, 1, 1, 1);
        Ours.Backend.Rows.ScatterAdd(Ours[rows], Ours[indices], Ours[table]);
        Assert.Equal([T.Zero, T.One], Ours[table].ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 0)]
    [InlineData(13, 31)]
    public void IndicesThatTheHostIsNotToKnowScatterToTheSameBits(int tableRows, int columns)
    {
        var indices =
            Ours[new IndexOperand([.. Enumerable.Range(0, 41).Select(i => i % 9 == 4 ? -1 : i * i % tableRows)])];
        var (first, second, rows) =
            (Operand.Random(tableRows, columns, 1, gap: 2), Operand.Random(tableRows, columns, 1, gap: 2),
                Operand.Random(41, columns, 2, gap: 3));
        Ours.Backend.Rows.ScatterAdd(Ours[rows], indices, Ours[first]);
        Ours.Backend.Rows.ScatterAdd(Ours[rows], new IndexView(indices.Buffer, 0, indices.Count, promised: tableRows),
            Ours[second]);
        Tolerance.AssertSameBits(Ours[first], Ours[second]);
        Ours[second].AssertGapsUntouched();
    }

    [Fact]
    public void NothingToMove()
    {
        var (table, none, empty) = (Operand.Random(3, 4, 1), new IndexOperand(), Operand.Filled(0, 4, 0));
        var before = Ours[table].ToArray();
        Ours.Backend.Rows.Gather(Ours[table], Ours[none], Ours[empty]);
        Ours.Backend.Rows.ScatterAdd(Ours[empty], Ours[none], Ours[table]);
        Ours.Backend.Rows.ScatterAdd(Ours[Operand.Random(2, 4, 2)], Ours[new IndexOperand(-1, -1)], Ours[table]);
        Assert.Equal(before, Ours[table].ToArray());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-2)]
    public void IndicesOutsideTheTableAreRefused(int index)
    {
        var (table, output, indices) = (Operand.Random(3, 4, 1), Operand.Filled(2, 4, 0), new IndexOperand(0, index));
        BothRefuse(() => Gather(Ours), () => Gather(Reference));
        BothRefuse(() => Scatter(Ours), () => Scatter(Reference));

        void Gather<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Rows.Gather(side[table], side[indices], side[output]);
        void Scatter<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Rows.ScatterAdd(side[output], side[indices], side[table]);
    }
}
