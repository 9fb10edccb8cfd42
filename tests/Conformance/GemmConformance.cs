using System.Numerics;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Tests;

public abstract partial class ConformanceSuite<TDevice, T>
{
    /// <summary>
    /// Rows, columns, depth: empty in each, one, around the tiles' borders, more than a tile, few rows.
    /// </summary>
    public static TheoryData<GemmKind, int, int, int> Products
    {
        get
        {
            var data = new TheoryData<GemmKind, int, int, int>();
            foreach (var kind in Enum.GetValues<GemmKind>())
                foreach (var (m, n, k) in new[] { (0, 3, 2), (3, 0, 2), (3, 5, 0), (1, 1, 1), (5, 3, 7), (16, 64, 16),
                    (17, 65, 33), (67, 71, 19) })
                    data.Add(kind, m, n, k);
            return data;
        }
    }

    [Theory, MemberData(nameof(Products))]
    public void Product(GemmKind kind, int rows, int columns, int depth)
    {
        var (a, b) = Factors(kind, rows, columns, depth);
        var c = Operand.Filled(rows, columns, 9, gap: 3);
        Work(Ours);
        Work(Reference);
        Check(c, k: 8 + depth);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Gemm.Multiply(kind, side[a], side[b], side[c]);
    }

    [Theory, MemberData(nameof(Products))]
    public void ProductAccumulated(GemmKind kind, int rows, int columns, int depth)
    {
        var (a, b) = Factors(kind, rows, columns, depth);
        var c = Operand.Random(rows, columns, 3, gap: 2);
        Work(Ours);
        Work(Reference);
        Check(c, k: 8 + depth);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Gemm.Multiply(kind, side[a], side[b], side[c], accumulate: true);
    }

    [Theory]
    [InlineData(5, 67, 13, Activation.None)]
    [InlineData(35, 9, 17, Activation.Relu)]
    [InlineData(4, 6, 0, Activation.Relu)]
    public void ProductWithBias(int rows, int columns, int depth, Activation activation)
    {
        var (a, b) = Factors(GemmKind.NT, rows, columns, depth);
        var bias = Operand.Random(1, columns, 4);
        var c = Operand.Filled(rows, columns, 9);
        Work(Ours);
        Work(Reference);
        Check(c, k: 8 + depth);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Gemm.Multiply(GemmKind.NT, side[a], side[b], side[c], bias: side[bias],
                activation: activation);
    }

    [Fact]
    public void ProductOfWrongShapesIsRefused()
    {
        var (a, b, c) = (Operand.Random(3, 4, 1), Operand.Random(5, 6, 2), Operand.Filled(3, 6, 0));
        BothRefuse(() => Work(Ours), () => Work(Reference));

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Gemm.Multiply(GemmKind.NN, side[a], side[b], side[c]);
    }

    static (Operand A, Operand B) Factors(GemmKind kind, int rows, int columns, int depth) => (
        kind == GemmKind.TN ? Operand.Random(depth, rows, 1, gap: 1) : Operand.Random(rows, depth, 1, gap: 1),
        kind == GemmKind.NT ? Operand.Random(columns, depth, 2, gap: 5) : Operand.Random(depth, columns, 2, gap: 5));
}
