using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Tests;

public sealed class CrossEntropyFloatTests : CrossEntropyTests<float>;

public sealed class CrossEntropyDoubleTests : CrossEntropyTests<double>;

public abstract class CrossEntropyTests<T> : KernelTest<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [Theory]
    [InlineData(0, 5, 5)]
    [InlineData(1, 1, 1)]
    [InlineData(13, 7, 9)]
    [InlineData(5, 4003, 4003)]
    public void ForwardAndBackwardMatchTheDefinitions(int rows, int columns, int stride)
    {
        var logits = Random(rows, columns, stride, low: -20, high: 20);
        var targets = Enumerable.Range(0, rows).Select(r => r % 3 == 2 ? -1 : r * 7 % columns).ToArray();
        var view = Views.Indices(Device, targets);
        double[] x = logits.ToDoubles(), log = LogPartitions(x, rows, columns);
        var (partition, losses) = (Zeros(rows, 1, 2), Zeros(rows, 1, 3));
        Backend.CrossEntropy.Forward(logits, view, partition, losses);
        Tolerance.AssertClose(log, partition, k: 4);
        Tolerance.AssertClose(targets.Select((t, r) => t < 0 ? 0 : log[r] - x[r * columns + t]).ToArray(), losses, k: 4,
            scale: 20);

        var cotangent = Random(rows, 1, 2, seed: 2);
        var g = cotangent.ToDoubles();
        var expected = x.Select((value, i) => (r: i / columns, c: i % columns, value))
            .Select(e => targets[e.r] < 0 ? 0 : g[e.r] * (Math.Exp(e.value - log[e.r]) - (e.c == targets[e.r] ? 1 : 0)))
            .ToArray();
        var gradient = Random(rows, columns, stride + 1, seed: 3);
        var before = gradient.ToDoubles();
        Backend.CrossEntropy.Backward(logits, view, partition, cotangent, gradient, accumulate: true);
        Tolerance.AssertClose(expected.Zip(before, (a, b) => a + b).ToArray(), gradient, k: 32);
        Backend.CrossEntropy.Backward(logits, view, partition, cotangent, logits);
        Tolerance.AssertClose(expected, logits, k: 32);
        logits.AssertGapsUntouched();
        losses.AssertGapsUntouched();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(13, 31)]
    [InlineData(3, 1009)]
    public void LogSoftmaxAndItsBackwardMatchTheDefinitions(int rows, int columns)
    {
        var input = Random(rows, columns, columns + 2, low: -20, high: 20);
        double[] x = input.ToDoubles(), log = LogPartitions(x, rows, columns);
        var expected = x.Select((value, i) => value - log[i / columns]).ToArray();
        var output = Zeros(rows, columns);
        Backend.CrossEntropy.LogSoftmax(input, output);
        Tolerance.AssertClose(expected, output, k: 4, scale: 20);

        var cotangent = Random(rows, columns, seed: 2);
        var g = cotangent.ToDoubles();
        var sums = Enumerable.Range(0, rows).Select(r => g[(r * columns)..((r + 1) * columns)].Sum()).ToArray();
        var slopes = g.Select((value, i) => value - Math.Exp(expected[i]) * sums[i / columns]).ToArray();
        var gradient = Random(rows, columns, columns + 1, seed: 3);
        var before = gradient.ToDoubles();
        var scale = 1 + Math.Sqrt(columns);
        Backend.CrossEntropy.LogSoftmaxBackward(output, cotangent, gradient, accumulate: true);
        Tolerance.AssertClose(slopes.Zip(before, (a, b) => a + b).ToArray(), gradient, k: 32, scale);
        Backend.CrossEntropy.LogSoftmaxBackward(output, cotangent, gradient, accumulate: false);
        Tolerance.AssertClose(slopes, gradient, k: 32, scale);
        Backend.CrossEntropy.LogSoftmax(input, input);
        Tolerance.AssertSameBits(output, input);
    }

    [Fact]
    public void HugeLogitsNeitherOverflowNorVanish()
    {
        var logits = Views.Of<T>(Device, 2, 3, 1e30, 0, -1e30, -1e30, -1e30, double.NegativeInfinity);
        var (partition, losses) = (Zeros(2, 1), Zeros(2, 1));
        Backend.CrossEntropy.Forward(logits, Views.Indices(Device, 0, 1), partition, losses);
        Assert.Equal(T.Zero, losses.ToArray()[0]);
        Assert.Equal(double.CreateChecked(Number(-1e30)), partition.ToDoubles()[1]);
    }

    [Fact]
    public void AnyNumberOfThreadsGivesTheSameBits() => Threads.AssertSameBits<T>(backend =>
    {
        var logits = Views.Random<T>(backend.Device, 67, 1009);
        var targets = Views.Indices(backend.Device, Enumerable.Range(0, 67).ToArray());
        var (partition, losses) = (Views.Filled<T>(backend.Device, 67, 1), Views.Filled<T>(backend.Device, 67, 1));
        backend.CrossEntropy.Forward(logits, targets, partition, losses);
        backend.CrossEntropy.Backward(logits, targets, partition, Views.Filled<T>(backend.Device, 67, 1, 0.3), logits);
        return [partition, losses, logits];
    });

    [Fact]
    public void ATargetThatIsNoColumnIsNamedWithItsRow()
    {
        var error = Assert.Throws<ShapeException>(
            () => Backend.CrossEntropy.Forward(Zeros(3, 4), Views.Indices(Device, 0, 4, 1), Zeros(3, 1), Zeros(3, 1)));
        Assert.Equal(
            "CrossEntropy.Forward: targets[1] = 4 lies outside -1..3, the columns of logits [3 x 4] (-1: a row that "
            + "does not count).", error.Message);
        error = Assert.Throws<ShapeException>(
            () => Backend.CrossEntropy.Forward(Zeros(3, 4), Views.Indices(Device, 0, 1), Zeros(3, 1), Zeros(3, 1)));
        Assert.Equal("CrossEntropy.Forward: targets [2] must be [3]: one for each row of logits [3 x 4].",
            error.Message);
        error = Assert.Throws<ShapeException>(() => Backend.CrossEntropy.LogSoftmax(Zeros(3, 4), Zeros(3, 5)));
        Assert.Equal("LogSoftmax: input [3 x 4] and output [3 x 5] must have the same shape.", error.Message);
    }

    static double[] LogPartitions(double[] x, int rows, int columns) => [.. Enumerable.Range(0, rows).Select(r =>
    {
        var row = x[(r * columns)..((r + 1) * columns)];
        return row.Max() + Math.Log(row.Sum(value => Math.Exp(value - row.Max())));
    })];
}

/// <summary>The hand-written gradients against differences, in double.</summary>
public sealed class CrossEntropyGradientTests : KernelTest<double>
{
    [Fact]
    public void BackwardIsTheSlopeOfForward()
    {
        var logits = Random(5, 7, 9, low: -3, high: 3);
        var targets = Views.Indices(Device, 0, 6, -1, 3, 3);
        var (partition, losses, gradient) = (Zeros(5, 1), Zeros(5, 1), Zeros(5, 7));
        var cotangent = Random(5, 1, seed: 2);
        Backend.CrossEntropy.Forward(logits, targets, partition, losses);
        Backend.CrossEntropy.Backward(logits, targets, partition, cotangent, gradient);
        CentralDifferences.AssertGradient(() =>
        {
            Backend.CrossEntropy.Forward(logits, targets, partition, losses);
            return CentralDifferences.Dot(cotangent, losses);
        }, logits, gradient);
    }

    [Fact]
    public void LogSoftmaxBackwardIsTheSlopeOfLogSoftmax()
    {
        var (input, output, gradient) = (Random(4, 6, 7, low: -3, high: 3), Zeros(4, 6), Zeros(4, 6));
        var cotangent = Random(4, 6, seed: 2);
        Backend.CrossEntropy.LogSoftmax(input, output);
        Backend.CrossEntropy.LogSoftmaxBackward(output, cotangent, gradient, accumulate: false);
        CentralDifferences.AssertGradient(() =>
        {
            Backend.CrossEntropy.LogSoftmax(input, output);
            return CentralDifferences.Dot(cotangent, output);
        }, input, gradient);
    }

    [Fact]
    public void LossesAndGradientsMatchPyTorch()
    {
        var golden = Golden.Load("layers").Case("cross_entropy");
        var logits = golden.View<double>(Device, "input/logits");
        var targets = golden.IndexView(Device, "input/targets");
        var (partition, losses) = (Zeros(logits.Rows, 1), Zeros(logits.Rows, 1));
        Backend.CrossEntropy.Forward(logits, targets, partition, losses);
        Tolerance.AssertClose<double>(golden.Values("output/output"), losses.ToArray(), k: 16);
        Backend.CrossEntropy.Backward(logits, targets, partition,
            golden.View<double>(Device, "cotangent/output").Reshape(logits.Rows, 1), logits);
        Tolerance.AssertClose<double>(golden.Values("gradient/logits"), logits.ToArray(), k: 16);
    }
}
