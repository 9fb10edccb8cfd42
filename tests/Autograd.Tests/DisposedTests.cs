using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>What was disposed of refuses to go on, by type.</summary>
public class DisposedTests
{
    readonly CpuBackend<double> backend = new(new CpuDevice(1));

    [Fact]
    public void AnOptimizer()
    {
        using var weight = new Parameter<double>(backend, new Shape(1, 2));
        var optimizer = new Sgd<double>([("w", weight)], 0.1);
        optimizer.Dispose();
        optimizer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => optimizer.Step());
        Assert.Throws<ObjectDisposedException>(() => optimizer.Outcome());
        Assert.Throws<ObjectDisposedException>(optimizer.Flush);
        Assert.Throws<ObjectDisposedException>(optimizer.PrepareReplay);
        Assert.Throws<ObjectDisposedException>(() => optimizer.WhileFlushed(() => { }));
        Assert.Throws<ObjectDisposedException>(() => optimizer.LearningRate = 0.2);
        Assert.Equal((0, 0.1), (optimizer.StepsTaken, optimizer.LearningRate));
    }

    [Fact]
    public void ATape()
    {
        using var scope = new TensorScope();
        var x = Tensor.From(backend, [2.0], new Shape(1, 1));
        x.RequiresGradient = true;
        var tape = new Tape<double>();
        var loss = x.Multiply(x);
        tape.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tape.Backward(loss));
        Assert.Throws<ObjectDisposedException>(() => tape.Backward((loss, loss)));
        Assert.Null(loss.GradientToArray());
    }

    [Fact]
    public void AScope()
    {
        using var outer = new TensorScope();
        var x = Tensor.Zeros(backend, new Shape(1, 1));
        var inner = new TensorScope();
        inner.Dispose();
        Assert.Throws<ObjectDisposedException>(() => inner.Keep(x));
    }

    [Fact]
    public void IndicesKnownToTheHostToo()
    {
        var ids = new IntTensor(backend.Device, [1, 2]);
        ids.Dispose();
        Assert.Throws<ObjectDisposedException>(() => ids.ToArray());
    }

    [Fact]
    public void ATensorWhoseScopeEndedAndItsViews()
    {
        Tensor<double> x, view;
        using (new TensorScope())
        {
            x = Tensor.Zeros(backend, new Shape(2, 2));
            view = x.Columns(0, 1);
        }
        foreach (var tensor in new[] { x, view })
        {
            Assert.Throws<ObjectDisposedException>(() => tensor.Mutate());
            Assert.Throws<ObjectDisposedException>(() => tensor.RequiresGradient = true);
            Assert.Throws<ObjectDisposedException>(tensor.ClearGradient);
            Assert.Throws<ObjectDisposedException>(() => tensor.ToArray());
            Assert.Equal("LdNetGpu.Autograd.Tensor",
                Assert.Throws<ObjectDisposedException>(() => tensor.Mutate()).ObjectName);
            Assert.False(tensor.RequiresGradient);
        }
    }
}
