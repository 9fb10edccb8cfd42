using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Tests;

public abstract partial class ConformanceSuite<TDevice, T>
{
    /// <summary>
    /// Kind, operand, rows, columns, depth. Both tile sizes for the two products that models drop an operand of;
    /// compiling each takes OpenCL seconds.
    /// </summary>
    public static TheoryData<GemmKind, ProductOperand, int, int, int> DroppedProducts
    {
        get
        {
            var data = new TheoryData<GemmKind, ProductOperand, int, int, int>();
            foreach (var kind in Enum.GetValues<GemmKind>())
                foreach (var operand in (ProductOperand[])[ProductOperand.A, ProductOperand.B])
                    foreach (var (m, n, k) in new[] { (0, 3, 2), (3, 5, 0), (1, 1, 1), (17, 65, 33) })
                        data.Add(kind, operand, m, n, k);
            data.Add(GemmKind.NT, ProductOperand.A, 67, 71, 19);
            data.Add(GemmKind.TN, ProductOperand.B, 67, 71, 19);
            return data;
        }
    }

    [Theory, MemberData(nameof(DroppedProducts))]
    public void ProductDropsAnOperandAsItLoads(GemmKind kind, ProductOperand operand, int rows, int columns, int depth)
    {
        var (a, b) = Factors(kind, rows, columns, depth);
        var (c, added) = (Operand.Filled(rows, columns, 9, gap: 3), Operand.Random(rows, columns, 3, gap: 2));
        var dropped = operand == ProductOperand.A ? a : b;
        var copy = Operand.Filled(dropped.Rows, dropped.Columns, 9);
        var fromCopy = Operand.Filled(rows, columns, 9, gap: 3);
        var key = new RandomKey(0x1234_5678_9ABC_DEF0, 7, 11);
        Work(Ours);
        Work(Reference);
        Check(c, k: 8 + 2 * depth);
        Check(added, k: 8 + 2 * depth);
        Tolerance.AssertSameBits(Ours[fromCopy], Ours[c]);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            side.Backend.Gemm.Multiply(kind, side[a], side[b], side[c],
                dropout: new(operand, key, 0.3f, dropped.Columns));
            // As columns 2 and on of a wider matrix.
            side.Backend.Gemm.Multiply(kind, side[a], side[b], side[added], accumulate: true,
                dropout: new(operand, key, 0.3f, dropped.Columns + 5, FirstColumn: 2));
            side.Backend.Dropout.Apply(side[dropped], side[copy], key, 0.3f);
            var left = operand == ProductOperand.A ? side[copy] : side[a];
            var right = operand == ProductOperand.B ? side[copy] : side[b];
            side.Backend.Gemm.Multiply(kind, left, right, side[fromCopy]);
        }
    }

    [Fact]
    public void ProductWithAMaskTooNarrowIsRefused()
    {
        var (a, b, c) = (Operand.Random(3, 4, 1), Operand.Random(4, 6, 2), Operand.Filled(3, 6, 0));
        BothRefuse(() => Work(Ours), () => Work(Reference));

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Gemm.Multiply(GemmKind.NN, side[a], side[b], side[c],
                dropout: new(ProductOperand.A, new RandomKey(1, 2, 3), 0.5f, 3));
    }
}
