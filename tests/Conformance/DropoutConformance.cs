using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Gemm;

namespace LdNetGpu.Tests;

public abstract partial class ConformanceSuite<TDevice, T>
{
    [Theory]
    [InlineData(0, 3, 0, 0.5f)]
    [InlineData(1, 1, 0, 0.5f)]
    [InlineData(17, 37, 0, 0.3f)]
    [InlineData(17, 37, 4, 0.01f)]
    [InlineData(3, 10, 1, 0f)]
    [InlineData(3, 10, 1, 1f)]
    public void DropoutDropsTheSameElements(int rows, int columns, int gap, float probability)
    {
        var input = Operand.Random(rows, columns, 1, gap, low: 0.5f, high: 1);
        var (output, added) = (Operand.Filled(rows, columns, 9, gap: 2 * gap), Operand.Random(rows, columns, 2));
        var key = new RandomKey(0x1234_5678_9ABC_DEF0, 7, 11);
        Work(Ours);
        Work(Reference);
        Check(output, k: 2);
        Check(added, k: 4);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            side.Backend.Dropout.Apply(side[input], side[output], key, probability);
            side.Backend.Dropout.Apply(side[input], side[added], key, probability, accumulate: true);
        }
    }

    /// <summary>Two of the five rows of each step, as one of several ranks has them.</summary>
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(5, 37, 3)]
    public void DropoutOfAShareDropsWhatTheWholeDrops(int steps, int columns, int gap)
    {
        var share = new RowShare(Rows: 2, Of: 5, First: 1, Stride: 3);
        var whole = Operand.Filled(5 * steps, columns, 1);
        var part = Operand.Filled(2 * steps, columns, 1, gap);
        var (ofWhole, ofPart) = (Operand.Filled(5 * steps, columns, 9), Operand.Filled(2 * steps, columns, 9, gap));
        var (weight, product, fromCopy) =
            (Operand.Random(3, columns, 1), Operand.Filled(2 * steps, 3, 9), Operand.Filled(2 * steps, 3, 9));
        var key = new RandomKey(0x1234_5678_9ABC_DEF0, 7, 11);
        Work(Ours);
        Work(Reference);
        Check(ofPart, k: 2);
        var (all, some) = (Ours[ofWhole].ToArray(), Ours[ofPart].ToArray());
        for (var row = 0; row < 2 * steps; row++)
            Tolerance.AssertSameBits<T>(all.AsSpan((row / 2 * 5 + 1 + row % 2 * 3) * columns, columns),
                some.AsSpan(row * columns, columns));
        Tolerance.AssertSameBits(Ours[fromCopy], Ours[product]);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            side.Backend.Dropout.Apply(side[whole], side[ofWhole], key, 0.3f);
            side.Backend.Dropout.Apply(side[part], side[ofPart], key with { Share = share }, 0.3f);
            side.Backend.Gemm.Multiply(GemmKind.NT, side[part], side[weight], side[product],
                dropout: new(ProductOperand.A, key with { Share = share }, 0.3f, columns));
            side.Backend.Gemm.Multiply(GemmKind.NT, side[ofPart], side[weight], side[fromCopy]);
        }
    }
}
