using System.Numerics;
using LdNetGpu.Devices;

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
}
