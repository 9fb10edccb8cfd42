using System.Numerics;

namespace LdNetGpu.Tests;

public abstract partial class ConformanceSuite<TDevice, T>
{
    [Theory]
    [InlineData(0, 3, 1f, 2)]
    [InlineData(1, 1, 1f, 2)]
    [InlineData(13, 31, 5f, 2)]
    [InlineData(3, 300, 5f, 2)]
    [InlineData(5, 17, 200f, 2)]
    // Rows on multiples of 16 bytes.
    [InlineData(1, 1, 1f, 3)]
    [InlineData(13, 31, 5f, 1)]
    [InlineData(3, 300, 5f, 0)]
    [InlineData(5, 17, 200f, 7)]
    // More than the lanes of a group read at once.
    [InlineData(2, 3300, 5f, 0)]
    [InlineData(2, 3303, 50f, 1)]
    public void CrossEntropyAndItsGradient(int rows, int classes, float range, int gap)
    {
        var logits = Operand.Random(rows, classes, 1, gap, low: -range, high: range);
        var targets =
            new IndexOperand([.. Enumerable.Range(0, rows).Select(row => row % 5 == 3 ? -1 : row * 7 % classes)]);
        var (logPartition, losses) = (Operand.Filled(rows, 1, 9, gap: 3), Operand.Filled(rows, 1, 9, gap: 1));
        var cotangent = Operand.Random(rows, 1, 2, gap: 2);
        var (written, added) = (Operand.Filled(rows, classes, 9, gap), Operand.Random(rows, classes, 3, gap));
        Work(Ours);
        Work(Reference);
        Check(logPartition, scale: range);
        Check(losses, scale: range);
        // The exponential turns the logits' rounding into a relative error of their size.
        Check(written, k: 16, scale: range);
        Check(added, k: 16, scale: range);
        Check(logits, k: 16, scale: range);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            var loss = side.Backend.CrossEntropy;
            loss.Forward(side[logits], side[targets], side[logPartition], side[losses]);
            loss.Backward(side[logits], side[targets], side[logPartition], side[cotangent], side[written]);
            loss.Backward(side[logits], side[targets], side[logPartition], side[cotangent], side[added],
                accumulate: true);
            loss.Backward(side[logits], side[targets], side[logPartition], side[cotangent], side[logits]);
        }
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(3, 0)]
    [InlineData(1, 1)]
    [InlineData(13, 31)]
    [InlineData(2, 517)]
    public void LogSoftmaxAndItsGradient(int rows, int columns)
    {
        var input = Operand.Random(rows, columns, 1, gap: 2, low: -9, high: 9);
        var output = Operand.Filled(rows, columns, 9, gap: 1);
        var cotangent = Operand.Random(rows, columns, 2, gap: 3);
        var (written, added) = (Operand.Filled(rows, columns, 9), Operand.Random(rows, columns, 3));
        Work(Ours);
        Work(Reference);
        Check(output, scale: 20);
        Check(written, k: 32, scale: 20);
        Check(added, k: 32, scale: 20);

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            side.Backend.CrossEntropy.LogSoftmax(side[input], side[output]);
            side.Backend.CrossEntropy.LogSoftmaxBackward(side[output], side[cotangent], side[written],
                accumulate: false);
            side.Backend.CrossEntropy.LogSoftmaxBackward(side[output], side[cotangent], side[added], accumulate: true);
        }
    }

    [Fact]
    public void TargetsOutsideTheClassesAreRefused()
    {
        var (logits, row, targets) = (Operand.Random(2, 3, 1), Operand.Filled(2, 1, 0), new IndexOperand(0, 3));
        BothRefuse(() => Work(Ours), () => Work(Reference));

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.CrossEntropy.Forward(side[logits], side[targets], side[row], side[row]);
    }
}
