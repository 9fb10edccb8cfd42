using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Tests;

/// <summary>Of a densely connected stack any part may be frozen, and its gradients add up.</summary>
public class DenseStackTests
{
    const int Steps = 3, Batch = 2, Inputs = 4, Layers = 3;
    static readonly int[] Hidden = [3, 2, 3];
    readonly CpuBackend<double> backend = new(new CpuDevice(1));

    public static TheoryData<int, bool, int> Parts => [.. from learning in Enumerable.Range(-1, Layers + 2)
        from scaled in new[] { false, true } where scaled || learning < Layers
        from dropped in new[] { -1, 0, 1 } select (learning, scaled, dropped)];

    // The one part that learns: -1 the input, 3 the scales of the layers, else a layer; whether layers are scaled, and
    // which one the others do not read.
    [Theory, MemberData(nameof(Parts))]
    public void WhatLearnsAloneGetsItsGradientInAll(int learning, bool scaled, int dropped)
    {
        using var scope = new TensorScope();
        var (alone, all) = (new Stack(backend, scaled, dropped), new Stack(backend, scaled, dropped));
        foreach (var (part, leaf) in alone.Leaves) leaf.RequiresGradient = part == learning;
        alone.Backward();
        all.Backward();
        foreach (var ((part, leaf), (_, expected)) in alone.Leaves.Zip(all.Leaves))
            if (part == learning) AssertClose(expected.GradientToArray()!, leaf.GradientToArray()!);
            else Assert.Null(leaf.GradientToArray());
    }

    [Theory, InlineData(false, -1), InlineData(true, 0), InlineData(true, 1)]
    public void ASecondPassAddsToEveryGradient(bool scaled, int dropped)
    {
        using var scope = new TensorScope();
        var stack = new Stack(backend, scaled, dropped);
        stack.Backward();
        var first = stack.Leaves.Select(entry => entry.Leaf.GradientToArray()!).ToArray();
        stack.Backward();
        foreach (var ((_, leaf), once) in stack.Leaves.Zip(first))
            AssertClose(Array.ConvertAll(once, value => 2 * value), leaf.GradientToArray()!);
    }

    static void AssertClose(double[] expected, double[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-12));

    // Three layers of random weights, all of which learn.
    sealed class Stack
    {
        readonly DeviceBackend<double> backend;
        readonly RecurrentWeights<double>[] layers;
        readonly DenseRecurrentOptions<double> options;
        uint site;

        public Stack(DeviceBackend<double> backend, bool scaled, int dropped)
        {
            this.backend = backend;
            Leaf(-1, new(Steps, Batch, Inputs));
            layers = [.. Enumerable.Range(0, Layers).Select(l => RecurrentWeights<double>.Of(RecurrentUnit.Lstm,
                Inputs + Hidden[..l].Sum(), Hidden[l], (_, shape) => Leaf(l, shape)))];
            options = new()
            {
                LayerScale = scaled ? Leaf(Layers, new(Layers)) : null,
                Dropped = dropped < 0 ? null : [.. Enumerable.Range(0, Layers).Select(l => l == dropped)],
            };
        }

        public List<(int Part, Tensor<double> Leaf)> Leaves { get; } = [];

        public void Backward()
        {
            using var tape = new Tape<double>();
            var output = Leaves[0].Leaf.DenseRecurrent(layers, options).Output;
            site = 100;
            tape.Backward(output.Multiply(Numbers(output.Shape)).Sum());
        }

        Tensor<double> Leaf(int part, Shape shape)
        {
            var leaf = Numbers(shape);
            leaf.RequiresGradient = true;
            Leaves.Add((part, leaf));
            return leaf;
        }

        Tensor<double> Numbers(Shape shape)
        {
            var random = new RandomStream(new RandomKey(1, 0, site++));
            return Tensor.From(backend, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => random.NextNormal())],
                shape);
        }
    }

    [Theory]
    [InlineData(0, "layer 0 reads 5 columns (weight_ih [9, 5]), but 4 lie before it.")]
    [InlineData(1, "layer 1 reads 8 columns (weight_ih [6, 8]), but 7 lie before it.")]
    [InlineData(2, "layer 2 reads 10 columns (weight_ih [9, 10]), but 9 lie before it.")]
    public void ALayerThatDoesNotFitIsNamed(int wrong, string words)
    {
        using var scope = new TensorScope();
        var x = Tensor.Zeros(backend, new Shape(Steps, Batch, Inputs));
        var error = Assert.Throws<ShapeException>(() => x.DenseRecurrent([.. Enumerable.Range(0, Layers).Select(l =>
            RecurrentWeights<double>.Of(RecurrentUnit.Gru, Inputs + Hidden[..l].Sum() + (l == wrong ? 1 : 0), Hidden[l],
                (_, shape) => Tensor.Zeros(backend, shape)))], new()));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }
}
