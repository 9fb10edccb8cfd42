using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using static LdNetGpu.Tests.DifferentiableKernels;

namespace LdNetGpu.Tests;

/// <summary>Generated operations as their callers meet them.</summary>
public sealed class GeneratedOperationTests : IDisposable
{
    readonly GpuDevice device = GpuDevice.Open("managed");
    readonly GpuBackend<double> backend;
    readonly TensorScope scope = new();

    public GeneratedOperationTests() => backend = new(device);

    public void Dispose()
    {
        scope.Dispose();
        device.Dispose();
    }

    Tensor<double> Leaf(params int[] sizes)
    {
        var shape = new Shape(sizes);
        var tensor = Tensor.From(backend, [.. Enumerable.Range(0, (int)shape.Count).Select(i => Math.Sin(i))], shape);
        tensor.RequiresGradient = true;
        return tensor;
    }

    [Fact]
    public void OutputsHaveTheShapesThatTheirIndicesTell()
    {
        using var targets = new IntTensor(device, [0, 1, 2, 0, 1, 2]);
        Assert.Equal(new Shape(2, 3, 5), ApplyGate(Leaf(2, 3, 5), Leaf(2, 3, 5)).Shape);
        Assert.Equal(new Shape(2, 3, 5), ApplySoftmax(Leaf(2, 3, 5), 5).Shape);
        Assert.Equal(new Shape(2, 3), ApplyCrossEntropy(Leaf(2, 3, 5), targets, 5).Shape);
        Assert.Equal(new Shape(4, 2), ApplyLstmCell(Leaf(4, 8), Leaf(8), Leaf(4, 2), 2).Output.Shape);
        Assert.Equal(new Shape(3, 4), ApplyOuter(Leaf(3, 4), Leaf(4), Leaf(3), 4).Shape);
        Assert.Equal(new Shape(24, 2), ApplyPair(Leaf(4, 6)).Shape);
        Assert.Equal(new Shape(4, 6), ApplyReversed(Leaf(4, 6), Leaf(6), 6, 6).Shape);
        Assert.Equal(new Shape(6, 3), ApplyGatedHalves(Leaf(6, 7), Leaf(5), targets, 7, 2, 0.7).Shape);
        Assert.Equal(new Shape(6, 4), ApplyTransposed(Leaf(4, 6), 4, 6).Shape);
    }

    [Fact]
    public void ShapesThatDoNotFitAreRefusedBeforeTheLaunch()
    {
        Assert.Contains("[3, 5] and [5, 3] must be equal", Assert.Throws<ShapeException>(
            () => ApplyGate(Leaf(3, 5), Leaf(5, 3))).Message, StringComparison.Ordinal);
        Refused("x", () => ApplySoftmax(Leaf(3, 5), 4));
        Refused("scale", () => ApplyLayerNorm(Leaf(3, 5), Leaf(4), Leaf(5), 5, 0.1));
        Refused("gates", () => ApplyLstmCell(Leaf(4, 7), Leaf(8), Leaf(4, 2), 2));
        Refused("bias", () => ApplyLstmCell(Leaf(4, 8), Leaf(7), Leaf(4, 2), 2));
        Refused("cell", () => ApplyLstmCell(Leaf(4, 8), Leaf(8), Leaf(4, 3), 2));
        Refused("column", () => ApplyOuter(Leaf(3, 4), Leaf(4), Leaf(2), 4));
        Refused("start", () => ApplyNewton(Leaf(3), Leaf(0)));

        var (y, z) = ApplyColumnPairs(Leaf(6, 2), Leaf(3, 4), Leaf(2, 4), 3, 4);
        Assert.Equal((new Shape(6), new Shape(6, 2)), (y.Shape, z.Shape));
        Refused("w", () => ApplyColumnPairs(Leaf(6, 2), Leaf(2, 4), Leaf(2, 4), 3, 4));
        Refused("v", () => ApplyColumnPairs(Leaf(6, 2), Leaf(3, 4), Leaf(3, 4), 3, 4));
        Assert.Contains("not made of rows of 4", Assert.Throws<ShapeException>(
            () => ApplyColumnPairs(Leaf(6, 2), Leaf(4, 4), Leaf(2, 4), 4, 4)).Message, StringComparison.Ordinal);
        using var three = new IntTensor(device, [0, 1, 2]);
        Refused("targets", () => ApplyCrossEntropy(Leaf(4, 5), three, 5));
        Refused("kind", () => ApplyBranches(Leaf(4), three));
        Refused("signs", () => ApplyGatedHalves(Leaf(4, 6), Leaf(3), three, 6, 1, 0.7));
        Refused("every", () => ApplyGatedHalves(Leaf(3, 6), Leaf(6), three, 6, 3, 0.7));
        Assert.Contains("-1 for step: places are multiplied by it", Assert.Throws<ShapeException>(
            () => ApplyGatedHalves(Leaf(3, 6), Leaf(3), three, 6, -1, 0.7)).Message, StringComparison.Ordinal);

        // Rows that are longer, or shorter, than what is written of them.
        foreach (var width in (int[])[4, 6])
            Assert.Contains($"y: rows of {width} are written up to element 4",
                Assert.Throws<ShapeException>(() => ApplyReversed(Leaf(3, 5), Leaf(5), 5, width)).Message);

        static void Refused(string view, Action call)
        {
            var error = Assert.Throws<ShapeException>(call);
            Assert.Matches($"^\\w+: .* for {view}: .* read", error.Message);
        }
    }

    [Fact]
    public void OneTensorMayBeBothInputsAndPartsThatOverlapMayNot()
    {
        var x = Leaf(4, 5);
        Assert.True(GradientCheck.Run("gate", backend, leaf => [ApplyGate(leaf("x", 3, 5), leaf("x", 3, 5))]).Passed);
        var error = Assert.Throws<ShapeException>(() => ApplyGate(x.Slice(0, 3), x.Slice(1, 3)));
        Assert.Contains("share elements", error.Message, StringComparison.Ordinal);
        ApplyGate(x.Slice(0, 2), x.Slice(2, 2));
    }

    [Fact]
    public void AnInputThatNeedsNoGradientGetsNone()
    {
        var (a, b) = (Leaf(3, 5), Leaf(3, 5));
        b.RequiresGradient = false;
        using var tape = new Tape<double>();
        tape.Backward(ApplyGate(a, b).Sum());
        Assert.NotNull(a.GradientToArray());
        Assert.Null(b.GradientToArray());
    }

    [Fact]
    public void OfNoElementsThereIsNothing()
    {
        var (a, scale, shift) = (Leaf(0, 5), Leaf(5), Leaf(5));
        using var tape = new Tape<double>();
        var y = ApplyLayerNorm(a, scale, shift, 5, 0.1);
        Assert.Equal(new Shape(0, 5), y.Shape);
        tape.Backward(y.Sum());
        Assert.All(scale.GradientToArray()!, gradient => Assert.Equal(0, gradient));
    }

    [Theory, InlineData(-1000), InlineData(1000)]
    public void ASigmoidThatOverflowsInsideHasTheGradientZero(double far)
    {
        var (a, b) = (Leaf(1), Tensor.From(backend, [far], new Shape(1)));
        b.RequiresGradient = true;
        using var tape = new Tape<double>();
        tape.Backward(ApplyGate(a, b).Sum());
        Assert.Equal([0.0], b.GradientToArray()!);
        Assert.Equal([far > 0 ? 1.0 : 0], a.GradientToArray()!);
    }

    [Fact]
    public void StridedRowsAreRefused() =>
        Assert.Throws<ShapeException>(() => ApplyGate(Leaf(3, 5).Columns(0, 2), Leaf(3, 2)));

    [Fact]
    public void NullIsRefusedByName() =>
        Assert.Equal("b", Assert.Throws<ArgumentNullException>(() => ApplyGate(Leaf(1), null!)).ParamName);
}
