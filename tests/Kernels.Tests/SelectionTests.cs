using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

public sealed class SelectionFloatTests : SelectionTests<float>;

public sealed class SelectionDoubleTests : SelectionTests<double>;

public abstract class SelectionTests<T> : KernelTest<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [Theory, MemberData(nameof(Shapes))]
    public void EveryStepMatchesItsDefinition(int rows, int columns, int stride)
    {
        var start = Random(rows, columns, stride, low: -2, high: 2);
        var x = start.ToDoubles();
        Check(v => Math.Clamp(v, 0, 1), view => Backend.Selection.Clamp(view, T.Zero, T.One));
        Check(v => Math.Sign(v) * Math.Max(0, Math.Abs(v) - 0.75),
            view => Backend.Selection.SoftThreshold(view, Number(0.75)));
        // Summed in chunks: one running sum of 30,000 squares is itself off by a hundred roundings.
        var norm = Math.Sqrt(x.Chunk(181).Sum(chunk => chunk.Sum(v => v * v)));
        foreach (var threshold in (double[])[0, norm / 2, norm + 1])
            Check(v => norm == 0 ? 0 : Math.Max(0, 1 - threshold / norm) * v,
                view => Assert.Equal(norm, Backend.Selection.BlockSoftThreshold(view, Number(threshold)),
                    1e-9 * (1 + norm)));

        void Check(Func<double, double> definition, Action<MatrixView<T>> step)
        {
            var view = start.Clone(stride + 2);
            step(view);
            Tolerance.AssertClose(Array.ConvertAll(x, v => definition(v)), view, k: 16, scale: 2);
            view.AssertGapsUntouched();
        }
    }

    [Theory]
    [InlineData(false, 0.3)]
    [InlineData(true, 0.3)]
    [InlineData(true, 100)]
    public void NoNeighbourOfAProximalStepIsBetter(bool block, double threshold)
    {
        var view = Random(3, 5, 6);
        var v = view.ToDoubles();
        if (block) Backend.Selection.BlockSoftThreshold(view, Number(threshold));
        else Backend.Selection.SoftThreshold(view, Number(threshold));
        var best = view.ToDoubles();
        var key = new RandomStream(new RandomKey(4, 0, 0));
        for (var trial = 0; trial < 300; trial++)
        {
            var size = Math.Pow(10, -3 * key.NextDouble());
            var moved = Array.ConvertAll(best, x => x + size * (2 * key.NextDouble() - 1));
            Assert.True(Objective(moved) >= Objective(best) - 1e-6,
                $"Trial {trial}: {Objective(moved)} < {Objective(best)}.");
        }

        // What a proximal step minimises: ½‖x - v‖² + threshold · penalty(x).
        double Objective(double[] x) => x.Zip(v, (a, b) => (a - b) * (a - b) / 2).Sum()
            + threshold * (block ? Math.Sqrt(x.Sum(a => a * a)) : x.Sum(Math.Abs));
    }

    [Fact]
    public void ImpossibleSettingsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Backend.Selection.Clamp(Zeros(1, 1), T.One, T.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => Backend.Selection.SoftThreshold(Zeros(1, 1), Number(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Backend.Selection.BlockSoftThreshold(Zeros(1, 1), T.NaN));
        Assert.Equal("Clamp: values is missing.",
            Assert.Throws<ShapeException>(() => Backend.Selection.Clamp(default, T.Zero, T.One)).Message);
    }
}
