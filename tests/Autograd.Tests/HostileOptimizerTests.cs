using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>Numbers that no rule can use, and parameters that do not belong together, are refused.</summary>
public sealed class HostileOptimizerTests : IDisposable
{
    readonly CpuDevice device = new(1);
    readonly CpuBackend<float> backend;
    readonly Parameter<float> weight;

    public HostileOptimizerTests()
    {
        backend = new(device);
        weight = new(backend, new Shape(2, 3));
        weight.CopyFrom([1, 2, 3, 4, 5, 6]);
    }

    public void Dispose()
    {
        weight.Dispose();
        device.Dispose();
    }

    [Theory, InlineData(double.NaN), InlineData(-1.0), InlineData(double.PositiveInfinity)]
    public void LearningRatesAreFiniteAndNotNegative(double rate)
    {
        Refused("learningRate", parameters => new Sgd<float>(parameters, rate));
        Refused("learningRate", parameters => new Adam<float>(parameters, rate));
        Refused("learningRate", parameters => new Adagrad<float>(parameters, rate));
        Refused("learningRate", parameters => new Adadelta<float>(parameters, rate));
        using var optimizer = new Sgd<float>([("w", weight)], 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.LearningRate = rate);
        Assert.Equal(1, optimizer.LearningRate);
    }

    [Theory, InlineData(double.NaN), InlineData(-0.1), InlineData(1.0), InlineData(2.0)]
    public void DecaysAreBelowOne(double decay)
    {
        Refused("momentum", parameters => new Sgd<float>(parameters, 1, decay));
        Refused("beta1", parameters => new Adam<float>(parameters, beta1: decay));
        Refused("beta2", parameters => new Adam<float>(parameters, beta2: decay));
        Refused("rho", parameters => new Adadelta<float>(parameters, rho: decay));
    }

    [Theory, InlineData(double.NaN), InlineData(-1.0), InlineData(double.PositiveInfinity)]
    public void EpsilonsAreFiniteAndNotNegative(double epsilon)
    {
        Refused("epsilon", parameters => new Adam<float>(parameters, epsilon: epsilon));
        Refused("epsilon", parameters => new Adagrad<float>(parameters, epsilon: epsilon));
        Refused("epsilon", parameters => new Adadelta<float>(parameters, epsilon: epsilon));
    }

    [Fact]
    public void OneOptimizerAtATimeLeavesRowsBehind()
    {
        using var table = new Parameter<float>(backend, new Shape(4, 2), byRows: true);
        using (var first = new Adam<float>([("t", table)], 0.1))
        {
            Assert.Contains("t is a table by rows that another optimizer",
                Assert.Throws<ArgumentException>(() => new Sgd<float>([("t", table)], 0.1)).Message);
            Assert.NotNull(table.BeforeLookup);
        }
        using var second = new Adam<float>([("t", table)], 0.1);
    }

    [Fact]
    public void NamesTellParametersApart()
    {
        using var other = new Parameter<float>(backend, new Shape(1, 2));
        Assert.Contains("are called w",
            Assert.Throws<ArgumentException>(() => new Adam<float>([("w", weight), ("w", other)])).Message);
    }

    [Theory, InlineData(double.NaN), InlineData(-1.0)]
    public void NormsToClipToAreNotNegative(double norm)
    {
        using var optimizer = new Sgd<float>([("w", weight)], 1);
        Backward();
        Unchanged(optimizer, () => Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Step(clipNorm: norm)));
    }

    [Fact]
    public void ALossIsOneElement()
    {
        using var optimizer = new Sgd<float>([("w", weight)], 1);
        Backward();
        Unchanged(optimizer, () => Assert.Throws<ShapeException>(() =>
            optimizer.Step(loss: Tensor.Full(backend, new Shape(2), 1f))));
    }

    [Fact]
    public void StepsAreCountedUpToTheLastNumber()
    {
        using var optimizer = new Adam<float>([("w", weight)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.StepsTaken = -1);
        optimizer.StepsTaken = int.MaxValue;
        Backward();
        Unchanged(optimizer, () => Assert.Throws<InvalidOperationException>(() => optimizer.Step()));
    }

    [Fact]
    public void AParameterIsSteppedOnce()
    {
        var live = device.Counters.LiveBytes;
        var error = Assert.Throws<ArgumentException>(() => new Sgd<float>([("first", weight), ("second", weight)], 1));
        Assert.Contains("first", error.Message, StringComparison.Ordinal);
        Assert.Contains("second", error.Message, StringComparison.Ordinal);
        Assert.Equal(live, device.Counters.LiveBytes);
    }

    [Fact]
    public void ParametersLiveOnOneDevice()
    {
        using var other = new CpuDevice(1);
        using var elsewhere = new Parameter<float>(new CpuBackend<float>(other), new Shape(2));
        Assert.Throws<ShapeException>(() => new Sgd<float>([("w", weight), ("elsewhere", elsewhere)], 1));
    }

    void Backward()
    {
        using var scope = new TensorScope();
        using var tape = new Tape<float>();
        tape.Backward(weight.Multiply(weight).Mean());
    }

    void Unchanged(Optimizer<float> optimizer, Action step)
    {
        var (before, steps) = (weight.ToArray(), optimizer.StepsTaken);
        step();
        Assert.Equal(before, weight.ToArray());
        Assert.Equal(steps, optimizer.StepsTaken);
    }

    void Refused(string named, Func<(string, Parameter<float>)[], Optimizer<float>> make)
    {
        var live = device.Counters.LiveBytes;
        Assert.Equal(named,
            Assert.Throws<ArgumentOutOfRangeException>(() => make([("w", weight)])).ParamName);
        Assert.Equal(live, device.Counters.LiveBytes);
    }
}
