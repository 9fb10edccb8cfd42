using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Tests;

public sealed class ReductionFloatTests : ReductionTests<float>;

public sealed class ReductionDoubleTests : ReductionTests<double>;

public abstract class ReductionTests<T> : KernelTest<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [Theory, MemberData(nameof(Shapes))]
    public void SumsMatchTheNaiveSums(int rows, int columns, int stride)
    {
        var a = Random(rows, columns, stride);
        var b = Random(rows, columns, stride + 2, seed: 2);
        double[] x = a.ToDoubles(), y = b.ToDoubles();
        var scale = Math.Sqrt(x.Length) + 1;
        var one = Views.Of<T>(Device, 1, 1, 7);

        Backend.Reduction.Sum(a, one);
        Tolerance.AssertClose([x.Sum()], one, k: 8, scale);
        Backend.Reduction.Dot(a, b, one, accumulate: true);
        Tolerance.AssertClose([x.Sum() + x.Zip(y, (p, q) => p * q).Sum()], one, k: 8, scale);
        Assert.Equal(x.Sum(p => p * p), Backend.Reduction.SquaredNorm(a), 1e-12 * scale * scale);

        var start = Random(1, columns, seed: 3);
        var total = start.Clone();
        Backend.Reduction.SumRows(a, total);
        var sums = Enumerable.Range(0, columns).Select(c => Enumerable.Range(0, rows).Sum(r => x[r * columns + c]))
            .ToArray();
        Tolerance.AssertClose(sums, total, k: 8, scale: Math.Sqrt(rows) + 1);
        Backend.Reduction.SumRows(a, start, accumulate: true);
        Tolerance.AssertClose(sums.Zip(Random(1, columns, seed: 3).ToDoubles(), (p, q) => p + q).ToArray(), start, k: 8,
            scale: Math.Sqrt(rows) + 1);
    }

    [Fact]
    public void ALongSumKeepsItsAccuracy()
    {
        // 0.1 is not representable: a running float sum of a million of them is off in its third digit.
        var x = Views.Filled<T>(Device, 1000, 1000, double.CreateChecked(T.CreateTruncating(0.1)));
        var one = Zeros(1, 1);
        Backend.Reduction.Sum(x, one);
        Tolerance.AssertClose([1e6 * double.CreateChecked(T.CreateTruncating(0.1))], one, k: 256);
    }

    [Fact]
    public void SquaresBeyondTheRangeOfFloatHaveANorm() =>
        Assert.Equal(3e60, Backend.Reduction.SquaredNorm(Views.Filled<T>(Device, 3, 1, 1e30)), 1e54);

    [Fact]
    public void AnyNumberOfThreadsGivesTheSameBits() => Threads.AssertSameBits<T>(backend =>
    {
        var a = Views.Random<T>(backend.Device, 331, 307, 311);
        var b = Views.Random<T>(backend.Device, 331, 307, seed: 2);
        var (sum, dot, row) = (Views.Filled<T>(backend.Device, 1, 1), Views.Filled<T>(backend.Device, 1, 1),
            Views.Filled<T>(backend.Device, 1, 307));
        backend.Reduction.Sum(b, sum);
        backend.Reduction.Dot(a, b, dot);
        backend.Reduction.SumRows(a, row);
        return [sum, dot, row, Views.Of<T>(backend.Device, 1, 1, (float)backend.Reduction.SquaredNorm(a))];
    });

    [Fact]
    public void ShapesThatDoNotFitAreNamed()
    {
        var error = Assert.Throws<ShapeException>(() => Backend.Reduction.SumRows(Zeros(2, 3), Zeros(1, 2)));
        Assert.Equal("SumRows: output [1 x 2] must be [1 x 3]: one sum for each column of input [2 x 3].",
            error.Message);
        error = Assert.Throws<ShapeException>(() => Backend.Reduction.Dot(Zeros(2, 3), Zeros(3, 2), Zeros(1, 1)));
        Assert.Equal("Dot: a [2 x 3] and b [3 x 2] must have the same shape.", error.Message);
    }
}
