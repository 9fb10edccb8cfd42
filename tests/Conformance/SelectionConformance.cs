using System.Numerics;

namespace LdNetGpu.Tests;

public abstract partial class ConformanceSuite<TDevice, T>
{
    [Theory, MemberData(nameof(Sizes))]
    public void ProximalSteps(int rows, int columns, int gap)
    {
        Operand[] values = [
            .. Enumerable.Range(0, 4).Select(i => Operand.Random(rows, columns, 1 + (ulong)i, gap, low: -2, high: 2))];
        var norms = (Work(Reference), Work(Ours));
        Assert.Equal(norms.Item1, norms.Item2, 1e-12 * (1 + norms.Item1));
        foreach (var value in values) Check(value, scale: 2);

        double Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            var selection = side.Backend.Selection;
            selection.Clamp(side[values[0]], TNumber.Zero, TNumber.One);
            selection.SoftThreshold(side[values[1]], Side<TNumber>.Number(0.75));
            // The whole block vanishes.
            selection.BlockSoftThreshold(side[values[2]], Side<TNumber>.Number(1e6));
            return selection.BlockSoftThreshold(side[values[3]], Side<TNumber>.Number(0.125));
        }
    }

    [Fact]
    public void NegativeThresholdsAreRefused()
    {
        var values = Operand.Random(2, 3, 1);
        BothRefuse(() => Work(Ours), () => Work(Reference));

        void Work<TNumber>(Side<TNumber> side) where TNumber : unmanaged, IFloatingPointIeee754<TNumber> =>
            side.Backend.Selection.SoftThreshold(side[values], -TNumber.One);
    }
}
