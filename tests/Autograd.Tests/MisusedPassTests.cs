using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>Passes that would lose a gradient, or leave one behind, are refused before anything is written.</summary>
public sealed class MisusedPassTests : IDisposable
{
    readonly CpuDevice device = new(1);
    readonly CpuBackend<double> backend;
    readonly TensorScope scope = new();

    public MisusedPassTests() => backend = new(device);

    public void Dispose()
    {
        scope.Dispose();
        device.Dispose();
    }

    Tensor<double> Leaf(params double[] values)
    {
        var tensor = Tensor.From(backend, values, new Shape(values.Length));
        tensor.RequiresGradient = true;
        return tensor;
    }

    sealed class Passing(Tensor<double> x, Func<Tensor<double>, Tensor<double>> output, Action? backward = null)
        : Function<double>(x)
    {
        readonly Tensor<double> y = output(x);

        protected override Tensor<double>[] Forward() => [y];

        protected override void Backward()
        {
            backward?.Invoke();
            var target = GradientFor(x, out var accumulate);
            Backend.Elementwise.Scale(1, GradientOf(y), target, accumulate);
        }
    }

    [Fact]
    public void AFunctionIsAppliedOnce()
    {
        using var tape = new Tape<double>();
        var function = new Passing(Leaf(1, 2), x => Tensor.From(x.Backend, x.ToArray(), x.Shape));
        function.Apply();
        Assert.Contains("applied before", Assert.Throws<InvalidOperationException>(function.Apply).Message);
    }

    [Fact]
    public void AnOutputIsNoInputAndNoPartOfOne()
    {
        using var tape = new Tape<double>();
        foreach (var output in (Func<Tensor<double>, Tensor<double>>[])[x => x, x => x.Columns(0, 1)])
        {
            var function = new Passing(Leaf(1, 2), output);
            Assert.Contains("returned an input", Assert.Throws<InvalidOperationException>(function.Apply).Message);
        }
    }

    [Fact]
    public void TapesEndInReverseOrder()
    {
        var first = new Tape<double>();
        var second = new Tape<double>();
        Assert.Throws<InvalidOperationException>(first.Dispose);
        var pause = Tape<double>.NoGradient();
        Assert.Null(Tape<double>.Current);
        Assert.Throws<InvalidOperationException>(second.Dispose);
        var inner = new Tape<double>();
        Assert.Throws<InvalidOperationException>(pause.Dispose);
        inner.Dispose();
        pause.Dispose();
        pause.Dispose();
        Assert.Same(second, Tape<double>.Current);
        Exception? elsewhere = null;
        var thread = new Thread(() => elsewhere = Record.Exception(second.Dispose));
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(elsewhere);
        second.Dispose();
        first.Dispose();
        Assert.Null(Tape<double>.Current);
    }

    [Fact]
    public void ARefusedPassWritesNoGradient()
    {
        var (x, w) = (Leaf(1, 2), Leaf(3, 4));
        using var tape = new Tape<double>();
        var loss = x.Multiply(x).Multiply(w).Sum();
        x.CopyFrom([5.0, 6.0]);
        Assert.Throws<InvalidOperationException>(() => tape.Backward(loss));
        Assert.Null(w.GradientToArray());

        using var other = new CpuDevice(1);
        var (y, z) = (w.Scale(2), w.Scale(3));
        var (here, there) = (Leaf(1, 1), Tensor.From(new CpuBackend<double>(other), [1.0, 1], new Shape(2)));
        var error = Assert.Throws<ShapeException>(() => tape.Backward((y, here), (z, there)));
        Assert.Contains("cotangent on", error.Message);
        Assert.Null(w.GradientToArray());
        tape.Backward((y, here));
        Assert.Equal([2.0, 2], w.GradientToArray()!);
    }

    [Fact]
    public void AfterAFailedPassTheNextIsRight()
    {
        var (x, fails) = (Leaf(1, 2), true);
        using var tape = new Tape<double>();
        Tensor<double> Copy(Tensor<double> input) => new Passing(input,
            x => Tensor.From(x.Backend, x.ToArray(), x.Shape),
            () => { if (fails) throw new NotSupportedException(); }).Apply()[0];
        var y = x.Scale(1);
        var z = y.Scale(1);
        Assert.Throws<NotSupportedException>(() => tape.Backward((z.Add(Copy(y)), Leaf(1, 1))));
        fails = false;
        tape.Backward((x.Scale(7), Leaf(1, 1)));
        Assert.Equal([7.0, 7], x.GradientToArray()!);
    }

    [Fact]
    public void ACheckThatComparesNothingFails()
    {
        Assert.False(GradientCheck.Run("empty", backend, leaf => [leaf("a", 0, 3).Sum()]).Passed);
        Assert.False(GradientCheck.Run("none", backend, leaf => [leaf("a", 2).Sum()],
            new GradientCheckOptions { ElementsPerTensor = 0, Directions = 0 }).Passed);
    }

    static readonly GradientCheckOptions[] WrongOptions =
    [
        new() { Step = 0 }, new() { Step = double.NaN }, new() { Tolerance = -1 }, new() { Tolerance = double.NaN },
        new() { Tolerance = double.PositiveInfinity }, new() { DualTolerance = -1 }, new() { Directions = -1 },
        new() { ElementsPerTensor = -1 }, new() { Extrapolations = 9 }, new() { ExtrapolationStep = 0 },
        new() { FloatUlp = double.NaN },
    ];

    [Fact]
    public void NumbersOutOfTheirRangesAreRefused()
    {
        foreach (var options in WrongOptions)
            Assert.Throws<ArgumentOutOfRangeException>(() =>
                GradientCheck.Run("sum", backend, leaf => [leaf("a", 2).Sum()], options));
    }
}
