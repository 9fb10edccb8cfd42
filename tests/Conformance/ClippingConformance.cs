using System.Numerics;
using LdNetGpu.Kernels.Optimizer;
using LdNetGpu.Kernels.Reduction;

namespace LdNetGpu.Tests;

public abstract partial class ConformanceSuite<TDevice, T>
{
    // More without gaps in a row than one launch takes; several blocks, empty, with gaps, one element.
    static readonly (int Rows, int Columns, int Gap)[] ClippingShapes =
        [(7, 9, 2), (0, 4, 0), (3, 5, 0), (70, 61, 0), (1, 1, 0), (2, 2, 0), (300, 1, 0), (1, 6, 0), (4, 4, 0),
            (5, 1, 0), (1, 8, 0), (6, 2, 0), (2, 3, 1)];

    [Theory, InlineData(null), InlineData(0.5), InlineData(1e6)]
    public void TheDeviceDecidesAsTheHostDoes(double? clipNorm)
    {
        Operand[] gradients = [
            .. ClippingShapes.Select(
                (shape, i) => Operand.Random(shape.Rows, shape.Columns, 40 + (ulong)i, shape.Gap))];
        Operand[][] changed = [.. Enumerable.Range(0, 10).Select(k =>
            ClippingShapes.Select((shape, i) => Operand.Random(shape.Rows, shape.Columns, (ulong)(100 * k + i), low: 0))
                .ToArray())];
        var loss = Operand.Of(1, 1, 2.5f);
        // What the launches pass for a rate, a scale or Adam's corrections is not to be read.
        const double unread = double.NaN, rate = 0.01;
        using var adam = Ours.Backend.Optimizers.NewStepNumbers()!;
        using var others = Ours.Backend.Optimizers.NewStepNumbers()!;
        var norm = Math.Sqrt(
            Reference.Backend.Reduction.SquaredNorms([.. gradients.Select(gradient => Reference[gradient])]).Sum());
        var scale = clipNorm is { } limit ? Math.Min(1, limit / (norm + 1e-6)) : 1;
        for (var step = 1; step <= 3; step++)
        {
            adam.Write(rate, step, clipNorm);
            others.Write(rate, step, clipNorm);
            adam.ClipOrSkip<T>([.. gradients.Select(gradient => Ours[gradient])], Ours[loss], 0.9, 0.999);
            others.ClipOrSkip<T>([.. gradients.Select(gradient => Ours[gradient])]);
            Update(Ours, new(unread, 0.9, unread) { OnDevice = others }, new(unread, 1000, unread) { OnDevice = adam },
                new(unread, unread) { OnDevice = others }, new(unread, unread) { OnDevice = others });
            Update(Reference, new(rate, 0.9, scale), new(rate, step, scale), new(rate, scale), new(rate, scale));
        }
        foreach (var operand in changed.SelectMany(part => part)) Check(operand, k: 64);
        var (report, second) = (adam.Read(), others.Read());
        Assert.Equal((2.5, 0, 0), (report.Loss, second.Loss, report.Skipped));
        Assert.Equal(norm, report.Norm, 1e-12 * norm);
        Assert.Equal(report.Norm, second.Norm);

        void Update<TNumber>(Side<TNumber> side, SgdStep sgd, AdamStep adam, AdagradStep adagrad, AdadeltaStep adadelta)
            where TNumber : unmanaged, IFloatingPointIeee754<TNumber>
        {
            var optimizers = side.Backend.Optimizers;
            optimizers.AdamAll([.. gradients.Select((gradient, i) =>
                new AdamParameter<TNumber>(side[changed[0][i]], side[gradient], side[changed[1][i]],
                    side[changed[2][i]]))], adam);
            for (var i = 0; i < gradients.Length; i++)
            {
                optimizers.Sgd(side[changed[3][i]], side[gradients[i]], side[changed[4][i]], sgd);
                optimizers.Adagrad(side[changed[5][i]], side[gradients[i]], side[changed[6][i]], adagrad);
                optimizers.Adadelta(side[changed[7][i]], side[gradients[i]], side[changed[8][i]], side[changed[9][i]],
                    adadelta);
            }
        }
    }

    [Fact]
    public void TheGradientThatIsNotFiniteIsNamed()
    {
        const int count = 10;
        for (var bad = 0; bad < count; bad++)
        {
            var gradients = Enumerable.Range(0, count)
                .Select(i => Operand.Filled(3, 5, i == bad ? float.NaN : 1)).ToArray();
            using var numbers = Ours.Backend.Optimizers.NewStepNumbers()!;
            numbers.Write(0.01, 1, 1);
            numbers.ClipOrSkip<T>([.. gradients.Select(gradient => Ours[gradient])]);
            var report = numbers.Read();
            Assert.Equal((1, bad), (report.Skipped, report.BadGradient));
        }
    }

    // A lane of the one group sees every 256th.
    [Theory, InlineData(44, 300), InlineData(300, 301), InlineData(256, 514), InlineData(514, 514)]
    public void OfSeveralThatAreNotFiniteTheFirstIsNamed(int first, int second)
    {
        Operand[] gradients = [.. Enumerable.Range(0, 2 * ReductionKernels.Lanes + 3)
            .Select(i => Operand.Filled(1, 2, i == first || i == second ? float.PositiveInfinity : 1))];
        using var numbers = Ours.Backend.Optimizers.NewStepNumbers()!;
        numbers.Write(0.01, 7, 1);
        numbers.ClipOrSkip<T>([.. gradients.Select(gradient => Ours[gradient])]);
        var report = numbers.Read();
        Assert.Equal((7, first), (report.Skipped, report.BadGradient));
    }

    [Fact]
    public void MoreGradientsThanLanesHaveOneNorm()
    {
        Operand[] gradients = [.. Enumerable.Range(0, 2 * ReductionKernels.Lanes + 3)
            .Select(i => Operand.Random(1, 2, (ulong)i))];
        using var numbers = Ours.Backend.Optimizers.NewStepNumbers()!;
        numbers.Write(0.01, 1, 1);
        numbers.ClipOrSkip<T>([.. gradients.Select(gradient => Ours[gradient])]);
        var norm = Math.Sqrt(
            Reference.Backend.Reduction.SquaredNorms([.. gradients.Select(gradient => Reference[gradient])]).Sum());
        Assert.Equal(norm, numbers.Read().Norm, 1e-12 * norm);
    }

    [Theory, InlineData(float.NaN, 0), InlineData(float.NegativeInfinity, 0), InlineData(0, float.NaN)]
    public void ARefusedStepAndThoseBehindItChangeNothingUntilTheHostHasReadOfIt(float gradientValue, float lossValue)
    {
        var isLoss = gradientValue == 0;
        Operand[] fine = [Operand.Random(5, 3, 1), Operand.Random(70, 61, 2), Operand.Random(5, 3, 3)];
        Operand bad = new(5, 3, 3, (row, column) => (row, column) == (4, 2) ? gradientValue : 1),
            loss = Operand.Filled(1, 1, lossValue), fineLoss = Operand.Filled(1, 1, 1);
        Operand[] changed = [.. Enumerable.Range(0, 12).Select(i => Operand.Random(5, 3, 50 + (ulong)i, low: 0))];
        var (rows, last) = (new IndexOperand(1, 2, 4, 0, 3), new IndexOperand(1, 0, 2, 2, 1));
        using var numbers = Ours.Backend.Optimizers.NewStepNumbers()!;
        var before = changed.Select(operand => Ours[operand].ToArray()).ToArray();
        Step(3, bad, loss);
        Step(4, fine[0], fineLoss);
        for (var i = 0; i < changed.Length; i++) Assert.Equal(before[i], Ours[changed[i]].ToArray());
        Assert.Equal([1, 0, 2, 2, 1], Ours[last].ToArray());
        var report = numbers.Read();
        Assert.Equal(3, report.Skipped);
        if (isLoss) Assert.Equal(double.NaN, report.Loss);
        else Assert.Equal(2, report.BadGradient);
        Step(3, fine[0], fineLoss);
        Assert.Equal(0, numbers.Read().Skipped);
        for (var i = 0; i < changed.Length; i++) Assert.NotEqual(before[i], Ours[changed[i]].ToArray());
        Assert.Equal([3, 3, 3, 3, 3], Ours[last].ToArray());

        void Step(int number, Operand gradient, Operand loss)
        {
            var optimizers = Ours.Backend.Optimizers;
            numbers.Write(0.1, number, 1);
            numbers.ClipOrSkip<T>([Ours[fine[1]], Ours[fine[2]], Ours[gradient]], Ours[loss], 0.9, 0.999);
            optimizers.Sgd(Ours[changed[0]], Ours[gradient], Ours[changed[1]], new(0.1, 0.9) { OnDevice = numbers });
            optimizers.Adam(Ours[changed[2]], Ours[gradient], Ours[changed[3]], Ours[changed[4]],
                new(0.1, number) { OnDevice = numbers });
            optimizers.AdamAll([new(Ours[changed[5]], Ours[gradient], Ours[changed[6]], Ours[changed[7]])],
                new(0.1, number) { OnDevice = numbers });
            optimizers.Adagrad(Ours[changed[8]], Ours[gradient], Ours[changed[9]], new(0.1) { OnDevice = numbers });
            optimizers.AdamRows(Ours[changed[10]], Ours[rows], default, Ours[changed[3]], Ours[changed[4]], Ours[last],
                new(0.1, number - 1) { OnDevice = numbers });
            optimizers.SgdRows(Ours[changed[11]], Ours[rows], Ours[gradient], Ours[changed[1]], Ours[last],
                new(0.1, 0.9, 1, number) { OnDevice = numbers });
        }
    }
}
