using LdNetGpu.Devices;
using LdNetGpu.Devices.Managed;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Crf;
using LdNetGpu.Kernels.Gemm;
using LdNetGpu.Kernels.Optimizer;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Kernels.Simd;
using LdNetGpu.Kernels.Variants;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

/// <summary>
/// Calls that used to write outside of their operands, or to leave a part of the work done; each is refused before
/// anything is written.
/// </summary>
public sealed class WrongCallTests : IDisposable
{
    readonly CpuDevice device = new(2);
    readonly CpuBackend<float> backend;

    public WrongCallTests() => backend = new(device);

    public void Dispose() => device.Dispose();

    MatrixView<float> Matrix(int rows, int columns, float value = 1) =>
        Views.Filled<float>(device, rows, columns, value);

    [Fact]
    public void APackForAnotherWidthOfVectors()
    {
        var c = Matrix(3, 5);
        foreach (var (packs, reads) in new[] { (SimdWidth.Scalar, SimdWidth.Vector128),
            (SimdWidth.Vector128, SimdWidth.Scalar) })
        {
            using var packed = new CpuGemm<float>(device, packs).Pack(Matrix(4, 5), transposed: false);
            var error = Assert.Throws<ShapeException>(
                () => new CpuGemm<float>(device, reads).Multiply(Matrix(3, 4), packed, c));
            Assert.Contains("pack b by the same object", error.Message);
        }
        Assert.All(c.ToArray(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void APackThatIsNotThereOrNoMore()
    {
        var gemm = new CpuGemm<float>(device);
        var packed = gemm.Pack(Matrix(4, 5), transposed: false);
        packed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => gemm.Multiply(Matrix(3, 4), packed, Matrix(3, 5)));
        Assert.Throws<ArgumentNullException>(() => gemm.Multiply(Matrix(3, 4), null!, Matrix(3, 5)));
    }

    [Theory, InlineData(-1), InlineData(2), InlineData(int.MaxValue), InlineData(int.MinValue)]
    public void ARowThatAViewDoesNotHave(int row) =>
        Assert.Contains("whose rows are 0 to 1",
            Assert.Throws<ShapeException>(() => Matrix(4, 3).SliceRows(1, 2).Row(row)[0] = 1).Message);

    [Fact]
    public void PlacesWhoseSumIsNoNumber()
    {
        var (matrix, indices) = (Matrix(2, 3), Views.Indices(device, 1, 2));
        Assert.Throws<ShapeException>(() => new MatrixView<float>(matrix.Buffer, long.MaxValue, 2, 3, 3));
        Assert.Throws<ShapeException>(() => new IndexView(indices.Buffer, long.MaxValue, 2));
        Assert.Throws<ShapeException>(() => matrix.SliceRows(2, int.MaxValue));
        Assert.Throws<ShapeException>(() => matrix.SliceColumns(3, int.MaxValue));
        Assert.Throws<ShapeException>(() => indices.Slice(1, int.MaxValue));
        Assert.Throws<ShapeException>(() => indices.Slice(-1, 1));
        Assert.Throws<ArgumentNullException>(() => new MatrixView<float>(null!, 0, 0, 0, 0));
        Assert.Throws<ArgumentNullException>(() => new IndexView(null!, 0, 0));
    }

    [Fact]
    public void ASliceOfIndicesBeyondTheViewAndInsideTheBuffer()
    {
        var part = Views.Indices(device, 1, 2, 3, 4).Slice(1, 2);
        Assert.Throws<ShapeException>(() => part.Slice(1, 2));
        Assert.Throws<ShapeException>(() => part.Slice(-1, 2));
    }

    [Fact]
    public void StepsTimesSentencesThatAreZeroInInt()
    {
        const int Half = 65536;
        var empty = Matrix(0, 3);
        var batch = new CrfBatch<float>
        {
            Steps = Half, Batch = Half, StartTag = 0, EndTag = 1,
            Lengths = Views.Indices(device, [.. Enumerable.Repeat(1, Half)]), Emissions = empty,
            Transitions = Matrix(3, 3),
        };
        Assert.Contains("4294967296 x 3",
            Assert.Throws<ShapeException>(() => backend.Crf.LogPartition(batch, Matrix(Half, 1))).Message);
        var forward = new RecurrenceForward<float>
        {
            Shape = new(RecurrentUnit.Tanh, Half, Half, 3), Gates = empty, RecurrentWeight = Matrix(3, 3),
            Hidden = empty,
        };
        Assert.Contains("4294967296 x 3",
            Assert.Throws<ShapeException>(() => backend.Recurrence.Forward(forward)).Message);
        var backward = new RecurrenceBackward<float>
        {
            Shape = forward.Shape, Gates = empty, RecurrentWeight = forward.RecurrentWeight, Hidden = empty,
            HiddenGradient = empty,
        };
        Assert.Contains("4294967296 x 3",
            Assert.Throws<ShapeException>(() => backend.Recurrence.Backward(backward)).Message);
    }

    [Fact]
    public void SizesAndUnitsThatThereAreNot()
    {
        var square = Matrix(3, 3);
        var forward = new RecurrenceForward<float> { Shape = new(RecurrentUnit.Tanh, -1, -3, 3), Gates = square,
            RecurrentWeight = square, Hidden = square };
        Assert.Throws<ShapeException>(() => backend.Recurrence.Forward(forward));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => backend.Recurrence.Forward(forward with { Shape = new((RecurrentUnit)7, 1, 3, 3) }));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => backend.Gemm.Multiply((GemmKind)7, Matrix(2, 2), Matrix(2, 2), Matrix(2, 2)));
    }

    [Fact]
    public void MorePathsThanAnyoneReads()
    {
        var batch = new CrfBatch<float>
        {
            Steps = 12, Batch = 1, StartTag = 0, EndTag = 1,
            Lengths = Views.Indices(device, 12), Emissions = Matrix(12, 8), Transitions = Matrix(8, 8),
        };
        Assert.Contains("must be 1 to",
            Assert.Throws<ShapeException>(() => backend.Crf.NBest(batch, int.MaxValue)).Message);
    }

    [Theory, InlineData(100_000), InlineData(int.MaxValue), InlineData(-1)]
    public void MoreThreadsThanAnyProcessorHas(int threads) =>
        Assert.Throws<UserException>(() => new CpuDevice(threads));

    [Fact]
    public void SweepsOfAnotherBatch()
    {
        using var sweeps = backend.Crf.NewSweeps()!;
        CrfBatch<float> Batch(int tags) => new()
        {
            Steps = 2, Batch = 1, StartTag = 0, EndTag = 1,
            Lengths = Views.Indices(device, 2), Emissions = Matrix(2, tags), Transitions = Matrix(tags, tags),
        };
        var (gold, loss) = (Views.Indices(device, 2, 2), Matrix(1, 1));
        backend.Crf.NegativeLogLikelihood(Batch(40), gold, loss, default, default, default, false, sweeps);
        Assert.Contains("another batch", Assert.Throws<ShapeException>(() =>
            backend.Crf.NegativeLogLikelihood(Batch(3), gold, loss, Matrix(1, 1), Matrix(2, 3), Matrix(3, 3), false,
                sweeps)).Message);
    }

    [Fact]
    public void ABufferOfAnotherDeviceOrNone()
    {
        var losses = Matrix(2, 1);
        using var other = new LdNetGpu.Devices.Managed.ManagedDevice();
        var (logits, targets, logPartition) = (Matrix(2, 3), Views.Indices(device, 0, 1), Matrix(2, 1));
        Assert.Contains("copy it there first", Assert.Throws<ShapeException>(() =>
            backend.CrossEntropy.Forward(logits, targets, logPartition, Views.Filled<float>(other, 2, 1))).Message);
        losses.Buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(
            () => backend.CrossEntropy.Forward(logits, targets, logPartition, losses));
        Assert.Equal([1f, 1f], logPartition.ToArray());
    }

    [Fact]
    public void AnIndexThatBreaksItsPromise()
    {
        var (indices, table) = (Views.Indices(device, 0, 9), Matrix(2, 3));
        Assert.Throws<ShapeException>(
            () => backend.Rows.ScatterAdd(Matrix(2, 3), new IndexView(indices.Buffer, 0, 2, promised: 2), table));
        Assert.All(table.ToArray(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void AnUpdateOfRowsAndOneOfSeveralParameters()
    {
        var (last, weight) = (Views.Indices(device, 0, 3, 0), Matrix(3, 2));
        Assert.Throws<ShapeException>(
            () => backend.Optimizers.SgdRows(weight, Views.Indices(device, 0, 1, 0), Matrix(3, 2), default, last,
                new(0.1, 0, 1, 5)));
        Assert.Equal([0, 3, 0], last.ToArray());
        AdamParameter<float> fits = new(weight, Matrix(3, 2), Matrix(3, 2), Matrix(3, 2)),
            doesNot = fits with { Gradient = Matrix(2, 2) };
        Assert.Throws<ShapeException>(() => backend.Optimizers.AdamAll([fits, doesNot], new(0.1, 1)));
        Assert.All(weight.ToArray(), value => Assert.Equal(1, value));
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.Optimizers.AdamAll([fits], new(0.1, 1, Beta1: 1)));
    }

    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity), InlineData(double.NegativeInfinity)]
    public void AStepWhoseNumbersAreNone(double none)
    {
        var (weight, gradient, first, second) = (Matrix(2, 2), Matrix(2, 2), Matrix(2, 2), Matrix(2, 2));
        var (rows, last) = (Views.Indices(device, 0, 1), Views.Indices(device, 0, 0));
        var rules = backend.Optimizers;
        foreach (var step in new Action[]
        {
            () => rules.Sgd(weight, gradient, default, new(none, 0)),
            () => rules.Sgd(weight, gradient, first, new(0.1, none)),
            () => rules.Sgd(weight, gradient, first, new(0.1, 0, GradientScale: none)),
            () => rules.SgdRows(weight, rows, gradient, default, last, new(none, 0)),
            () => rules.Adam(weight, gradient, first, second, new(none, 1)),
            () => rules.Adam(weight, gradient, first, second, new(0.1, 1, Epsilon: none)),
            () => rules.AdamRows(weight, rows, gradient, first, second, last, new(none, 1)),
            () => rules.AdamRows(weight, rows, gradient, first, second, last, new(0.1, 1, GradientScale: none)),
            () => rules.Adagrad(weight, gradient, first, new(none)),
            () => rules.Adagrad(weight, gradient, first, new(0.1, GradientScale: none)),
            () => rules.Adagrad(weight, gradient, first, new(0.1, Epsilon: none)),
            () => rules.Adadelta(weight, gradient, first, second, new(none)),
            () => rules.Adadelta(weight, gradient, first, second, new(1, GradientScale: none)),
            () => rules.Adadelta(weight, gradient, first, second, new(1, Rho: none)),
        })
            Assert.Equal("step", Assert.Throws<ArgumentOutOfRangeException>(step).ParamName);
        Assert.All(weight.ToArray(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void ChoicesThatThereAreNotAreNamed()
    {
        void Named(string name, Action call) =>
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(call).ParamName);
        var (a, c) = (Matrix(2, 2), Matrix(2, 2));
        Named("kind", () => backend.Gemm.Multiply((GemmKind)9, a, a, c));
        Named("activation", () => backend.Gemm.Multiply(GemmKind.NN, a, a, c, activation: (Activation)77));
        Named("Math", () => new KernelChoice((ProductPrecision)77));
        Named("Math", () => _ = KernelChoice.Default with { Math = (ProductPrecision)77 });
    }

    [Fact]
    public void NumbersOfAStepOnTheDeviceAreSome()
    {
        using var managed = new ManagedDevice();
        using var numbers = new StepNumbers(managed, KernelChoice.Default);
        void Named(string name, Action call) =>
            Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(call).ParamName);
        Named("learningRate", () => numbers.Write(double.NaN, 1, null));
        Named("number", () => numbers.Write(0.1, 0, null));
        Named("clipNorm", () => numbers.Write(0.1, 1, -3));
        Named("clipNorm", () => numbers.Write(0.1, 1, double.NaN));
        numbers.Write(0.1, 1, double.PositiveInfinity);
    }
}
