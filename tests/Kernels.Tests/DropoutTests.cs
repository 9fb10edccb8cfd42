using System.Numerics;
using LdNetGpu.Devices;

namespace LdNetGpu.Tests;

public sealed class DropoutFloatTests : DropoutTests<float>;

public sealed class DropoutDoubleTests : DropoutTests<double>;

public abstract class DropoutTests<T> : KernelTest<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    static readonly RandomKey Key = new(42, 3, 7);

    [Theory, MemberData(nameof(Shapes))]
    public void TheMaskIsThatOfTheKeyWhateverTheStride(int rows, int columns, int stride)
    {
        var input = Random(rows, columns, stride);
        var output = Random(rows, columns, stride + 5, seed: 2);
        double[] x = input.ToDoubles(), start = output.ToDoubles();
        foreach (var p in (float[])[0, 0.1f, 0.5f, 0.999f])
        {
            var masked = x.Select((value, i) => Key.Uniform(i) >= p ? value / (1 - (double)p) : 0).ToArray();
            Backend.Dropout.Apply(input, output, Key, p);
            Tolerance.AssertClose(masked, output, k: 2);

            var sum = Random(rows, columns, stride, seed: 2);
            Backend.Dropout.Apply(input, sum, Key, p, accumulate: true);
            Tolerance.AssertClose(masked.Zip(start, (a, b) => a + b).ToArray(), sum, k: 4);

            var inPlace = input.Clone(stride);
            Backend.Dropout.Apply(inPlace, inPlace, Key, p);
            Tolerance.AssertSameBits(output, inPlace);
            output.AssertGapsUntouched();
        }
    }

    [Fact]
    public void NothingDroppedIsACopyAndEverythingDroppedIsZero()
    {
        var input = Random(5, 7);
        var output = Zeros(5, 7);
        Backend.Dropout.Apply(input, output, Key, 0);
        Tolerance.AssertSameBits(input, output);
        Backend.Dropout.Apply(input, output, Key, 1);
        Assert.All(output.ToArray(), x => Assert.Equal(T.Zero, x));
    }

    [Fact]
    public void TheKeptFractionIsWhatWasAskedFor()
    {
        var ones = Views.Filled<T>(Device, 100, 1000, 1);
        Backend.Dropout.Apply(ones, ones, Key, 0.3f);
        // 100,000 draws: five standard deviations are 0.0073.
        Assert.InRange(ones.ToArray().Count(x => x != T.Zero) / 100_000.0, 0.7 - 0.0073, 0.7 + 0.0073);
    }

    [Theory]
    [InlineData(-0.01f)]
    [InlineData(1.01f)]
    [InlineData(float.NaN)]
    public void AProbabilityOutsideZeroToOneIsRefused(float p) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Backend.Dropout.Apply(Zeros(1, 1), Zeros(1, 1), Key, p));

    [Fact]
    public void AnyNumberOfThreadsGivesTheSameBits() => Threads.AssertSameBits<T>(backend =>
    {
        var x = Views.Random<T>(backend.Device, 101, 331, 333);
        backend.Dropout.Apply(x, x, Key, 0.5f);
        return [x];
    });

    [Fact]
    public void ShapesThatDoNotFitAreNamed()
    {
        var error = Assert.Throws<ShapeException>(() => Backend.Dropout.Apply(Zeros(2, 3), Zeros(3, 3), Key, 0.5f));
        Assert.Equal("Dropout: input [2 x 3] and output [3 x 3] must have the same shape.", error.Message);
    }
}
