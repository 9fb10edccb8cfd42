using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>No gradient is lost without a word.</summary>
public sealed class TapeOrderTests : IDisposable
{
    readonly TensorScope scope = new();
    readonly Tensor<double> x = Tensor.From(new CpuBackend<double>(new CpuDevice(1)), [1.0, 2, 3, 4], new Shape(1, 4));

    public TapeOrderTests() => x.RequiresGradient = true;

    public void Dispose() => scope.Dispose();

    Tensor<double> Squares() => x.Multiply(x).Sum();

    static string Refused(Action backward) => Assert.Throws<InvalidOperationException>(backward).Message;

    [Fact]
    public void ASecondLossOfATapeThatHasRunIsRefused()
    {
        using var tape = new Tape<double>();
        var (first, second) = (Squares(), x.Sum());
        tape.Backward(first);
        Assert.Contains("before the last backward pass", Refused(() => tape.Backward(second)),
            StringComparison.Ordinal);
        Refused(() => tape.Backward(first));
        Assert.Equal([2.0, 4, 6, 8], x.GradientToArray()!);
    }

    [Fact]
    public void TwoLossesOfOneBackwardPassAreAdded()
    {
        using var tape = new Tape<double>();
        var one = Tensor.Full(x.Backend, new Shape(1, 1), 1.0);
        var (first, second) = (Squares(), x.Sum());
        tape.Backward((first, one.Reshape([.. first.Shape.Sizes])), (second, one.Reshape([.. second.Shape.Sizes])));
        Assert.Equal([3.0, 5, 7, 9], x.GradientToArray()!);
    }

    [Fact]
    public void WhatIsRecordedAfterABackwardPassHasOneOfItsOwn()
    {
        using var tape = new Tape<double>();
        tape.Backward(Squares());
        tape.Backward(x.Sum());
        Assert.Equal([3.0, 5, 7, 9], x.GradientToArray()!);
    }

    [Fact]
    public void AnotherTapesOutputIsRefused()
    {
        using var outer = new Tape<double>();
        var before = Squares();
        Tensor<double> within;
        using (var inner = new Tape<double>())
        {
            within = Squares();
            Assert.Contains("another tape", Refused(() => outer.Backward(within)), StringComparison.Ordinal);
            Refused(() => inner.Backward(before));
        }
        Assert.Contains("disposed of", Refused(() => outer.Backward(within)), StringComparison.Ordinal);
        Assert.Null(x.GradientToArray());
        outer.Backward(before);
        Assert.Equal([2.0, 4, 6, 8], x.GradientToArray()!);
    }

    [Fact]
    public void ALeafsGradientIsItsCotangentEachTime()
    {
        var leaf = Tensor.Full(x.Backend, new Shape(1, 1), 5.0);
        leaf.RequiresGradient = true;
        using var tape = new Tape<double>();
        tape.Backward(leaf);
        tape.Backward(leaf);
        Assert.Equal([2.0], leaf.GradientToArray()!);
    }
}
