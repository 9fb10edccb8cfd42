using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;

namespace LdNetGpu.Tests;

/// <summary>What the tape, scopes and version counters promise.</summary>
public class TapeTests
{
    readonly CpuBackend<double> backend = new(new CpuDevice(1));

    Tensor<double> Leaf(params double[] values)
    {
        var leaf = Tensor.From(backend, values, new Shape(1, values.Length));
        leaf.RequiresGradient = true;
        return leaf;
    }

    [Fact]
    public void GradientsAddUpOverUsesAndPassesAndClear()
    {
        using var scope = new TensorScope();
        var x = Leaf(2, 3);
        for (var pass = 1; pass <= 2; pass++)
        {
            using var tape = new Tape<double>();
            tape.Backward(x.Multiply(x).Add(x).Sum());
            Assert.Equal([pass * 5.0, pass * 7.0], x.GradientToArray()!);
        }
        x.ClearGradient();
        Assert.Null(x.GradientToArray());
    }

    [Fact]
    public void NothingIsRecordedWithoutATapeOrInsideNoGradient()
    {
        using var scope = new TensorScope();
        var x = Leaf(1);
        Assert.False(x.Scale(2).RequiresGradient);
        using var tape = new Tape<double>();
        using (Tape<double>.NoGradient()) Assert.False(x.Scale(2).RequiresGradient);
        Assert.Empty(tape.Operations);
        Assert.True(x.Scale(2).RequiresGradient);
        Assert.Equal(["Scale"], tape.Operations);
    }

    [Fact]
    public void InputsOnTwoDevicesOfOneNameAndOfTwoBackends()
    {
        using var scope = new TensorScope();
        using var device = new CpuDevice(1);
        Tensor<double> One(DeviceBackend<double> target) => Tensor.From(target, [1.0], new Shape(1, 1));
        var x = One(new CpuBackend<double>(device));
        Assert.Contains("two devices of the same name, cpu",
            Assert.Throws<ShapeException>(() => x.Add(Leaf(1))).Message);
        Assert.Contains("two backends of one device, cpu",
            Assert.Throws<ShapeException>(() => x.Add(One(new CpuBackend<double>(device)))).Message);
    }

    [Fact]
    public void AnInPlaceChangeOfASavedTensorThrowsAndNamesTheOperation()
    {
        using var scope = new TensorScope();
        using var tape = new Tape<double>();
        var x = Leaf(1, 2);
        var loss = x.Multiply(x).Sum();
        x.CopyFrom([5, 6]);
        var error = Assert.Throws<InvalidOperationException>(() => tape.Backward(loss));
        Assert.Contains("Multiply", error.Message);
        Assert.Contains("changed in place", error.Message);
    }

    [Fact]
    public void BackwardOfMoreThanOneNumberAsksForACotangent()
    {
        using var scope = new TensorScope();
        using var tape = new Tape<double>();
        var y = Leaf(1, 2).Scale(3);
        Assert.Contains("cotangent", Assert.Throws<ShapeException>(() => tape.Backward(y)).Message);
    }

    [Fact]
    public void BackwardOfALossThatNoTapeSawSaysSo()
    {
        using var scope = new TensorScope();
        var loss = Leaf(1, 2).Sum();
        using var tape = new Tape<double>();
        Assert.Contains("before the tape", Assert.Throws<InvalidOperationException>(() => tape.Backward(loss)).Message);
    }

    [Fact]
    public void ShapeFaultsNameTheOperationAndBothShapes()
    {
        using var scope = new TensorScope();
        var error = Assert.Throws<ShapeException>(() => Leaf(1, 2).Add(Leaf(1, 2, 3)));
        Assert.Contains("Add", error.Message);
        Assert.Contains("[1, 2]", error.Message);
        Assert.Contains("[1, 3]", error.Message);
    }

    [Fact]
    public void ATableByRowsRefusesAGradientThatIsNotFromALookUp()
    {
        using var scope = new TensorScope();
        using var tape = new Tape<double>();
        using var table = new Parameter<double>(backend, new Shape(3, 2), byRows: true);
        var loss = table.Multiply(table).Sum();
        Assert.Contains("GatherRows", Assert.Throws<InvalidOperationException>(() => tape.Backward(loss)).Message);
    }

    [Fact]
    public void AThousandStepsLeaveNoBufferAndAskTheSystemForNothingNew()
    {
        using var weight = new Parameter<double>(backend, new Shape(5, 7));
        using var optimizer = new Adam<double>([("weight", weight)]);
        var counters = backend.Device.Counters;
        long live = 0, allocations = 0;
        for (var step = 0; step < 1000; step++)
        {
            using var scope = new TensorScope();
            using var tape = new Tape<double>();
            var x = Tensor.Full(backend, new Shape(3, 7), 0.5);
            tape.Backward(x.Linear(weight).Map(Unary.Tanh).Sum());
            optimizer.Step();
            if (step == 2) (live, allocations) = (counters.LiveBuffers, counters.SystemAllocations);
            if (step > 2) Assert.Equal(live, counters.LiveBuffers);
        }
        Assert.Equal(allocations, counters.SystemAllocations);
    }

    [Fact]
    public void AKeptTensorOutlivesItsScopeAndOthersDoNot()
    {
        Tensor<double> kept, dropped;
        using (new TensorScope())
        using (var inner = new TensorScope())
        {
            (kept, dropped) = (Leaf(1), Leaf(2));
            inner.Keep(kept);
            inner.Dispose();
            Assert.Equal([1.0], kept.ToArray());
            Assert.Throws<ObjectDisposedException>(() => dropped.ToArray());
        }
        Assert.Throws<ObjectDisposedException>(() => kept.ToArray());
        Assert.Equal(0, backend.Device.Counters.LiveBuffers);
    }
}
