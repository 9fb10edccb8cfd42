using System.Numerics;
using LdNetGpu.Devices;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

public sealed class ElementwiseFloatTests : ElementwiseTests<float>;

public sealed class ElementwiseDoubleTests : ElementwiseTests<double>;

public abstract class ElementwiseTests<T> : KernelTest<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    IElementwise<T> Elementwise => Backend.Elementwise;

    public static TheoryData<Unary> Functions => [.. Enum.GetValues<Unary>()];

    [Theory, MemberData(nameof(Shapes))]
    public void EveryOperationMatchesItsDefinition(int rows, int columns, int stride)
    {
        var a = Random(rows, columns, stride);
        var b = Random(rows, columns, stride + 3, seed: 2);
        var start = Random(rows, columns, stride, seed: 3);
        var row = Random(1, columns, seed: 4);
        double[] x = a.ToDoubles(), y = b.ToDoubles(), z = start.ToDoubles(), w = row.ToDoubles();

        Check((i, _) => x[i] + y[i], output => Elementwise.Add(a, b, output));
        Check((i, _) => x[i] * y[i], output => Elementwise.Multiply(a, b, output));
        Check((i, _) => z[i] + x[i] * y[i], output => Elementwise.Multiply(a, b, output, accumulate: true));
        Check((i, _) => -2.5 * x[i], output => Elementwise.Scale(Number(-2.5), a, output));
        Check((i, _) => z[i] - 2.5 * x[i],
            output => Elementwise.Scale(Views.Of<T>(Device, 1, 1, -2.5), a, output, accumulate: true));
        Check((i, column) => x[i] + w[column], output => Elementwise.AddRow(a, row, output));
        Check((i, _) => x[i], output => Elementwise.Copy(a, output));
        Check((_, _) => 0.5, output => Elementwise.Fill(output, Number(0.5)));

        void Check(Func<int, int, double> expected, Action<MatrixView<T>> operation)
        {
            var output = start.Clone(stride + 1);
            operation(output);
            var reference = new double[x.Length];
            for (var i = 0; i < reference.Length; i++) reference[i] = expected(i, i % columns);
            Tolerance.AssertClose(reference, output, k: 2);
            output.AssertGapsUntouched();
        }
    }

    [Theory, MemberData(nameof(Functions))]
    public void FunctionsMatchTheLibrary(Unary function)
    {
        // Beyond ±90 in float the exponential leaves the range of the type at either end.
        var limit = typeof(T) == typeof(float) ? 110 : 800;
        var input = Views.From(Device, 7, 433,
            (r, c) => Number(function == Unary.Log ? 0.01 + c : (c - 216) / 216.0 * limit * Math.Pow(0.1, r)), 440);
        var output = Zeros(7, 433, 435);
        Elementwise.Map(function, input, output);
        // What overflows T is infinite in T; below 1 the bound is absolute.
        var expected =
            Array.ConvertAll(input.ToDoubles(), x => double.CreateChecked(T.CreateTruncating(Reference(function, x))));
        Tolerance.AssertClose(expected, output, k: 4);
        output.AssertGapsUntouched();
        Elementwise.Map(function, input, input);
        Tolerance.AssertSameBits(output, input);
    }

    [Theory]
    [InlineData(Unary.Exp)]
    [InlineData(Unary.Sigmoid)]
    [InlineData(Unary.Tanh)]
    public void ExponentialsKeepTheirRelativeAccuracyWhereTheyAreSmall(Unary function)
    {
        var input = Views.From(Device, 60, 61,
            (r, c) => Number((function == Unary.Tanh ? 0.5 : -80) * (0.001 + r * 61 + c) / (60 * 61)));
        var output = Zeros(60, 61);
        Elementwise.Map(function, input, output);
        var ratios = input.ToDoubles().Zip(output.ToDoubles(), (x, y) => y / Reference(function, x)).ToArray();
        Tolerance.AssertClose<T>(Array.ConvertAll(ratios, _ => 1.0), Array.ConvertAll(ratios, Number), k: 4);
    }

    [Fact]
    public void ExtremesComeOutAsTheLibraryHasThem()
    {
        double[] extremes = [double.NegativeInfinity, double.PositiveInfinity, double.NaN, -0.0, Math.ScaleB(1, 100),
            -Math.ScaleB(1, 100)];
        foreach (var function in (Unary[])[Unary.Exp, Unary.Sigmoid, Unary.Tanh, Unary.Relu])
        {
            var output = Zeros(1, extremes.Length);
            Elementwise.Map(function, Views.Of<T>(Device, 1, extremes.Length, extremes), output);
            Assert.Equal(Array.ConvertAll(extremes, x => Reference(function, x)), output.ToDoubles());
        }
    }

    [Theory, MemberData(nameof(Functions))]
    public void BackwardMatchesTheDerivativeAndAccumulates(Unary function)
    {
        var input = Views.Random<T>(Device, 13, 31, 37, low: function == Unary.Log ? 0.5f : -2, high: 2);
        var output = Zeros(13, 31);
        Elementwise.Map(function, input, output);
        var cotangent = Random(13, 31, 33, seed: 5);
        var gradient = Random(13, 31, 35, seed: 6);
        double[] x = input.ToDoubles(), g = cotangent.ToDoubles(), before = gradient.ToDoubles();
        var slopes = x.Select((value, i) => g[i] * Slope(function, value)).ToArray();
        Elementwise.MapBackward(function, input, output, cotangent, gradient, accumulate: true);
        Tolerance.AssertClose(slopes.Zip(before, (a, b) => a + b).ToArray(), gradient, k: 16);
        Elementwise.MapBackward(function, input, output, cotangent, cotangent, accumulate: false);
        Tolerance.AssertClose(slopes, cotangent, k: 16);
        gradient.AssertGapsUntouched();
    }

    [Fact]
    public void AnyNumberOfThreadsGivesTheSameBits() => Threads.AssertSameBits<T>(backend =>
    {
        var a = Views.Random<T>(backend.Device, 101, 331, 333);
        var output = Views.Random<T>(backend.Device, 101, 331, seed: 2);
        backend.Elementwise.Map(Unary.Tanh, a, output);
        backend.Elementwise.Multiply(a, output, output, accumulate: true);
        return [output];
    });

    [Fact]
    public void ShapesThatDoNotFitAreNamed()
    {
        var error = Assert.Throws<ShapeException>(() => Elementwise.Add(Zeros(2, 3), Zeros(2, 4), Zeros(2, 3)));
        Assert.Equal("Add: a [2 x 3] and b [2 x 4] must have the same shape.", error.Message);
        error = Assert.Throws<ShapeException>(() => Elementwise.AddRow(Zeros(2, 3), Zeros(2, 3), Zeros(2, 3)));
        Assert.Equal("AddRow: row [2 x 3] must be [1 x 3]: one value for each column of input [2 x 3].", error.Message);
        error = Assert.Throws<ShapeException>(() => Elementwise.Map(Unary.Tanh, Zeros(2, 3), default));
        Assert.Equal("Map Tanh: output is missing.", error.Message);
    }

    static double Reference(Unary function, double x) => function switch
    {
        Unary.Relu => double.IsNaN(x) ? x : x > 0 ? x : 0,
        Unary.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Unary.Tanh => Math.Tanh(x),
        Unary.Exp => Math.Exp(x),
        Unary.Log => Math.Log(x),
        Unary.Square => x * x,
        _ => -x,
    };

    static double Slope(Unary function, double x) => function switch
    {
        Unary.Relu => x > 0 ? 1 : 0,
        Unary.Sigmoid => Math.Exp(-x) / Math.Pow(1 + Math.Exp(-x), 2),
        Unary.Tanh => 1 / Math.Pow(Math.Cosh(x), 2),
        Unary.Exp => Math.Exp(x),
        Unary.Log => 1 / x,
        Unary.Square => 2 * x,
        _ => -1,
    };
}
