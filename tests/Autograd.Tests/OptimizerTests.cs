using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;

namespace LdNetGpu.Tests;

/// <summary>A table whose untouched rows lag behind must come to what dense updates give.</summary>
public class OptimizerTests
{
    readonly CpuBackend<double> backend = new(new CpuDevice(2));

    public static TheoryData<string> Rules => ["sgd", "adam", "adagrad", "adadelta"];

    static Optimizer<double> Create(string rule, Parameter<double> table) => rule switch
    {
        "sgd" => new Sgd<double>([("table", table)], 0.1, 0.9),
        "adam" => new Adam<double>([("table", table)], 0.1),
        "adagrad" => new Adagrad<double>([("table", table)], 0.1),
        _ => new Adadelta<double>([("table", table)], 0.5),
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void RowsTouchedNowAndThenEqualDenseSteps(string rule)
    {
        const int rows = 11, columns = 3;
        var random = new RandomStream(new RandomKey(5, 0, 0));
        var start = Enumerable.Range(0, rows * columns).Select(_ => random.NextNormal()).ToArray();
        using var dense = new Parameter<double>(backend, new Shape(rows, columns));
        using var lazy = new Parameter<double>(backend, new Shape(rows, columns), byRows: true);
        dense.CopyFrom(start);
        lazy.CopyFrom(start);
        using var denseOptimizer = Create(rule, dense);
        using var lazyOptimizer = Create(rule, lazy);
        for (var step = 0; step < 40; step++)
        {
            if (step == 25) denseOptimizer.LearningRate = lazyOptimizer.LearningRate = 0.03;
            int[] ids = [.. Enumerable.Range(0, 4).Select(_ => random.NextInt(rows - 1))];
            double[] denseNorm = [0], lazyNorm = [0];
            foreach (var (table, optimizer, norm) in new[] { (dense, denseOptimizer, denseNorm),
                (lazy, lazyOptimizer, lazyNorm) })
            {
                using var scope = new TensorScope();
                using var tape = new Tape<double>();
                var looked = table.GatherRows(new IntTensor(backend.Device, ids));
                tape.Backward(looked.Multiply(looked).Sum());
                optimizer.Step(clipNorm: 2);
                norm[0] = optimizer.Outcome().GradientNorm;
            }
            Assert.Equal(denseNorm[0], lazyNorm[0], 1e-10);
        }
        lazyOptimizer.Flush();
        lazyOptimizer.Flush();
        foreach (var (expected, actual) in dense.ToArray().Zip(lazy.ToArray())) Assert.Equal(expected, actual, 1e-11);
    }

    [Fact]
    public void AGradientThatIsNotFiniteChangesNothingAndNamesTheParameter()
    {
        using var fine = new Parameter<double>(backend, new Shape(1, 2));
        using var bad = new Parameter<double>(backend, new Shape(1, 2));
        using var optimizer = new Sgd<double>([("fine", fine), ("bad", bad)], 0.1);
        using var scope = new TensorScope();
        using var tape = new Tape<double>();
        tape.Backward(fine.Sum().Add(bad.Sum().Scale(double.PositiveInfinity)));
        Assert.Contains("bad", Assert.Throws<DivergedException>(() => optimizer.Step()).Message);
        Assert.Equal([0.0, 0.0], fine.ToArray());
    }

    [Fact]
    public void ALossThatIsNotFiniteChangesNothingEither()
    {
        using var weight = new Parameter<double>(backend, new Shape(1, 2));
        using var optimizer = new Sgd<double>([("weight", weight)], 0.1);
        using var scope = new TensorScope();
        using var tape = new Tape<double>();
        tape.Backward(weight.Sum());
        var error = Assert.Throws<DivergedException>(
            () => optimizer.Step(clipNorm: 1, Tensor.Full(backend, new Shape(), double.NaN)));
        Assert.Equal("the loss is NaN", error.Message);
        Assert.Equal((0, 0.0), (optimizer.StepsTaken, weight.ToArray()[0]));
        optimizer.Step(clipNorm: 1, Tensor.Full(backend, new Shape(), 3.0));
        Assert.Equal(new StepOutcome(Math.Sqrt(2), 3), optimizer.Outcome());
        Assert.Equal(1, optimizer.StepsTaken);
        Assert.Equal(-0.1 / Math.Sqrt(2), weight.ToArray()[0], 1e-6);
    }
}
