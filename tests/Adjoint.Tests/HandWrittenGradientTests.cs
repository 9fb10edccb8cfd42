using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Devices.Gpu;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Elementwise;
using LdNetGpu.Kernels.Recurrent;
using static LdNetGpu.Tests.DifferentiableKernels;

namespace LdNetGpu.Tests;

/// <summary>The library's backward kernels, written by hand, against generated ones: equal to rounding.</summary>
public sealed class HandWrittenGradientTests : IDisposable
{
    readonly GpuDevice device = GpuDevice.Open("managed");
    readonly GpuBackend<double> backend;

    public HandWrittenGradientTests() => backend = new(device);

    public void Dispose() => device.Dispose();

    delegate IReadOnlyList<Tensor<double>> Operation(GradientInput<double> input);

    void Agree(Operation byHand, Operation generated)
    {
        var (one, other) = (Run(byHand), Run(generated));
        Assert.Equal(one.Count, other.Count);
        foreach (var (name, values) in one)
        {
            Assert.True(values.Any(value => value != 0), name);
            for (var i = 0; i < values.Length; i++)
                Assert.True(Math.Abs(values[i] - other[name][i]) <= 1e-14 * Math.Max(1, Math.Abs(values[i])),
                    $"{name}[{i}]: {values[i]:g17} by hand, {other[name][i]:g17} generated");
        }
    }

    // Outputs by number and gradients by name.
    Dictionary<string, double[]> Run(Operation operation)
    {
        using var scope = new TensorScope();
        using var inputs = new GradientInputs<double>(backend, seed: 5);
        using var tape = new Tape<double>();
        var outputs = operation(inputs.Get);
        var found = outputs.Select((output, i) => ($"output {i}", output.ToArray())).ToDictionary();
        tape.Backward([.. outputs.Select((output, i) => (output, Cotangent(output.Shape, i)))]);
        foreach (var (name, tensor) in inputs.All) found[name] = tensor.GradientToArray()!;
        return found;
    }

    Tensor<double> Cotangent(Shape shape, int output)
    {
        var random = new RandomStream(new RandomKey(9, 9, (uint)output));
        return Tensor.From(backend, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => random.NextNormal())], shape);
    }

    [Theory, InlineData(1, 2), InlineData(3, 7)]
    public void LogSoftmax(int rows, int columns) => Agree(
        leaf => [leaf("x", rows, columns).Add(leaf("shift", rows, columns)).LogSoftmax()],
        leaf => [ApplyLogSoftmax(leaf("x", rows, columns).Add(leaf("shift", rows, columns)), columns)]);

    [Fact]
    public void CrossEntropy()
    {
        using var targets = new IntTensor(device, [4, -1, 0, 2]);
        Agree(leaf => [leaf("logits", 4, 5).CrossEntropy(targets)],
            leaf => [ApplyCrossEntropy(leaf("logits", 4, 5), targets, 5)]);
    }

    public static TheoryData<Unary> Functions => [.. Enum.GetValues<Unary>()];

    [Theory, MemberData(nameof(Functions))]
    public void UnaryFunctions(Unary function)
    {
        Tensor<double> Input(GradientInput<double> leaf) => function == Unary.Log
            ? leaf("x", 3, 5).Multiply(leaf("x", 3, 5)).Add(leaf("shift", 3, 5).Map(Unary.Exp)) : leaf("x", 3, 5);
        Agree(leaf => [Input(leaf).Map(function)], leaf => [ApplyMap(Input(leaf), (int)function)]);
    }

    [Theory, InlineData(1, 1), InlineData(3, 5)]
    public void LstmCell(int batch, int hidden) => Agree(
        leaf =>
        {
            var (_, final) = leaf("x", 1, batch, 4 * hidden).Recurrent(
                Weights(leaf, RecurrentUnit.Lstm, hidden, leaf("bias", 4 * hidden)),
                initial: new(leaf("h", batch, hidden), leaf("c", batch, hidden)));
            return [final.Cell!, final.Hidden];
        },
        leaf =>
        {
            var product = leaf("h", batch, hidden).Linear(leaf("weight", 4 * hidden, hidden));
            var (cell, state) = ApplyLstmCell(leaf("x", 1, batch, 4 * hidden).Reshape(batch, 4 * hidden).Add(product),
                leaf("bias", 4 * hidden), leaf("c", batch, hidden), hidden);
            return [cell, state];
        });

    [Theory, InlineData(1, 1), InlineData(3, 5)]
    public void GruCell(int batch, int hidden) => Agree(
        leaf => [leaf("x", 1, batch, 3 * hidden).Recurrent(
            Weights(leaf, RecurrentUnit.Gru, hidden, Tensor.Zeros(backend, new Shape(3 * hidden))),
            initial: new(leaf("h", batch, hidden), null)).Final.Hidden],
        leaf => [ApplyGruCell(leaf("x", 1, batch, 3 * hidden).Reshape(batch, 3 * hidden),
            leaf("h", batch, hidden).Linear(leaf("weight", 3 * hidden, hidden)), leaf("h", batch, hidden), hidden)]);

    // The input's product is the input itself.
    RecurrentWeights<double> Weights(GradientInput<double> leaf, RecurrentUnit unit, int hidden, Tensor<double> bias)
    {
        var size = (int)bias.Shape.Count;
        var identity = new double[size * size];
        for (var i = 0; i < size; i++) identity[i * size + i] = 1;
        return new(unit, Tensor.From(backend, identity, new Shape(size, size)), leaf("weight", size, hidden), bias,
            Tensor.Zeros(backend, new Shape(size)));
    }
}
