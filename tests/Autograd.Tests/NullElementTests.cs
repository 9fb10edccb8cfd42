using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>A tensor or parameter that is null in a list is refused by its place, before anything is written.</summary>
public class NullElementTests
{
    readonly CpuBackend<double> backend = new(new CpuDevice(1));

    Tensor<double> Some(params int[] sizes) => Tensor.Zeros(backend, sizes);

    static void Refused(string name, Action action) =>
        Assert.Equal(name, Assert.Throws<ArgumentNullException>(action).ParamName);

    [Fact]
    public void OperationsOverTensors()
    {
        using var scope = new TensorScope();
        var x = Some(2, 3);
        Refused("parts[1]", () => RowOperations.Concatenate(x, null!));
        Refused("parts[0]", () => RowOperations.Concatenate((Tensor<double>)null!));
        Refused("layers[1]", () => new[] { x, null! }.MixLayers(Some(2), Some(1)));
        Refused("scales[0]", () => new Tensor<double>[] { null! }.Penalty(default, 1));
        Refused("layers[0]", () => Some(1, 1, 3).DenseRecurrent([null!], new()));
        Refused("Initial[0]", () => new DenseRecurrentOptions<double> { Initial = [null!] });
        Refused("Tails[0].Up", () => new AdaptiveSoftmaxWeights<double>([1, 2], x, x, [(x, null!)]));
    }

    [Fact]
    public void AFunctionsInputsAndOutputs()
    {
        using var scope = new TensorScope();
        Refused("inputs", () => new Returning(null!, () => []));
        Assert.IsNotType<ArgumentNullException>(Assert.ThrowsAny<ArgumentException>(() => new OfNothing()));
        var x = Some(1, 2);
        Assert.Contains("Returning: the forward pass returned null.",
            Assert.Throws<InvalidOperationException>(() => new Returning(x, () => null!).Apply()).Message);
        Assert.Contains("as output 1",
            Assert.Throws<InvalidOperationException>(() => new Returning(x, () => [x, null!]).Apply()).Message);
    }

    sealed class Returning(Tensor<double> input, Func<Tensor<double>[]> outputs) : Function<double>(input)
    {
        protected override Tensor<double>[] Forward() => outputs();

        protected override void Backward()
        {
        }
    }

    sealed class OfNothing() : Function<double>()
    {
        protected override Tensor<double>[] Forward() => [];

        protected override void Backward()
        {
        }
    }

    [Fact]
    public void ATapesSeeds()
    {
        using var scope = new TensorScope();
        using var tape = new Tape<double>();
        var x = Some(1, 2);
        x.RequiresGradient = true;
        Refused("seeds[1].Output", () => tape.Backward((x, x), (null!, x)));
        Refused("seeds[1].Cotangent", () => tape.Backward((x, x), (x, null!)));
        Assert.Null(x.GradientToArray());
    }

    [Fact]
    public void AnOptimizersParameters()
    {
        using var weight = new Parameter<double>(backend, new Shape(2, 2));
        var before = backend.Device.Counters.LiveBytes;
        Refused("parameters[1].Parameter", () => new Adam<double>([("w", weight), ("p", null!)]));
        Refused("parameters[1].Name", () => new Sgd<double>([("w", weight), (null!, weight)], 0.1));
        Assert.Equal(before, backend.Device.Counters.LiveBytes);
    }

    [Fact]
    public void InputsOfAGradientCheck() =>
        Refused("inputs[0].Tensor", () => GradientCheck.Run("none", () => [], [("x", null!)]));
}
