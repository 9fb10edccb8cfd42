using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>What the assertion lets through, what it does not, and what it says then.</summary>
public class GradientAssertTests
{
    static readonly CpuBackend<double> Backend = new(new CpuDevice(1));

    [Theory, InlineData(1, 1), InlineData(3, 5)]
    public void ARightGradientHolds(int rows, int columns)
    {
        var report = GradientAssert.Holds("product", Backend,
            leaf => [leaf("a", rows, columns).Multiply(leaf("b", rows, columns))]);
        // Every element of both, and two directions.
        Assert.Equal(2 * rows * columns + 2, report.Checked);
    }

    [Fact]
    public void AWrongGradientIsToldWithItsPlaceAndTheSeedThatRepeatsIt()
    {
        var error = Assert.Throws<GradientAssertException>(() => GradientAssert.Holds("halved square 2 x 3", Backend,
            leaf => [new HalvedSquare(leaf("x", 2, 3), wrongAt: 4).Apply()[0]], new() { Seed = 7, Directions = 0 }));

        Assert.Equal("x[4]", error.Report.Worst.Place);
        Assert.Equal(error.Report.Worst.Numeric, 2 * error.Report.Worst.Analytic, 1e-6);
        string[] said =
            ["halved square 2 x 3", "worst at x[4]", "HalvedSquare", "6 derivatives", "seed:                 7 "];
        Assert.All(said, words => Assert.Contains(words, error.Message));
    }

    [Fact]
    public void TheSeedChoosesTheInputs()
    {
        Assert.Equal(ValuesBy(5), ValuesBy(5));
        Assert.NotEqual(ValuesBy(5), ValuesBy(6));

        static double[] ValuesBy(ulong seed)
        {
            double[]? values = null;
            GradientAssert.Holds("identity", Backend, leaf =>
            {
                values ??= leaf("x", 4).ToArray();
                return [leaf("x", 4).Scale(1)];
            }, new() { Seed = seed });
            return values!;
        }
    }

    [Fact]
    public void ACheckWithoutDerivativesDoesNotHold()
    {
        using var scope = new TensorScope();
        var constant = Tensor.Full(Backend, new Shape(2, 2), 3.0);
        var error = Assert.Throws<GradientAssertException>(
            () => GradientAssert.Holds("constant", () => [constant], []));
        Assert.Contains("constant: no derivative was compared", error.Message);
    }

    [Fact]
    public void TensorsOfTheCallerComeBackAsTheyWere()
    {
        using var scope = new TensorScope();
        var x = Tensor.From(Backend, [0.3, -1.2, 0.7], new Shape(1, 3));
        x.RequiresGradient = true;
        GradientAssert.Holds("cube", () => [x.Multiply(x).Multiply(x)], [("x", x)]);
        Assert.Equal([0.3, -1.2, 0.7], x.ToArray());
    }

    [Fact]
    public void ACaseOfAListIsHeld()
    {
        var check = new OperationChecks(Backend).All().Single(entry => entry.Name == "linear");
        Assert.Contains("Linear", GradientAssert.Holds(check).Operations);
    }

    /// <summary>x², whose backward pass forgets the factor 2 at one element.</summary>
    sealed class HalvedSquare(Tensor<double> input, int wrongAt) : Function<double>(input)
    {
        readonly Tensor<double> output = Tensor.Empty(input.Backend, input.Shape);

        protected override Tensor<double>[] Forward()
        {
            Backend.Elementwise.Multiply(input.View, input.View, output.View);
            return [output];
        }

        protected override void Backward()
        {
            double[] slopes = [.. input.ToArray().Select((x, i) => i == wrongAt ? x : 2 * x)];
            var factors = Tensor.From(Backend, slopes, input.Shape);
            var target = GradientFor(input, out var accumulate);
            Backend.Elementwise.Multiply(GradientOf(output), factors.View, target, accumulate);
        }
    }
}
