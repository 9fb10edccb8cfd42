using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Model.Flops;

namespace LdNetGpu.Tests;

/// <summary>Sizes whose products an int does not hold are refused before memory is asked for.</summary>
public sealed class HostileSizeTests : IDisposable
{
    static readonly string[] Tags = ["O", "B-X", "<start>", "<end>"];

    readonly CpuDevice device = new(1);
    readonly CpuBackend<float> backend;

    public HostileSizeTests() => backend = new(device);

    public void Dispose() => device.Dispose();

    [Theory, InlineData(1, 1 << 30), InlineData(1, int.MaxValue), InlineData(1, -1), InlineData(-1, 1)]
    public void RecurrentLayersHaveSizesThatAnIntCounts(int inputs, int hidden)
    {
        Assert.Throws<ShapeException>(() => new RecurrentLayer<float>(backend, RecurrentUnit.Lstm, inputs, hidden));
        Assert.Throws<ShapeException>(() => RecurrentWeights<float>.Of(RecurrentUnit.Lstm, inputs, hidden,
            (_, shape) => throw new InvalidOperationException($"{shape} is made.")));
        Assert.Equal(0, device.Counters.PeakBytes);
    }

    [Fact]
    public void StacksHaveSizesThatAnIntCounts()
    {
        var stack = new RecurrentStackShape(RecurrentUnit.Lstm, 1, [int.MaxValue, 1]);
        Assert.Throws<ShapeException>(() => stack.Output);
        Assert.Throws<ShapeException>(() => stack.InputOf(1));
        Assert.Throws<ShapeException>(() => new RecurrentStackShape(RecurrentUnit.Lstm, 1, [-2]).Output);
    }

    [Theory, InlineData(1 << 30), InlineData(int.MaxValue), InlineData(-1), InlineData(0)]
    public void TaggersHaveOptionsInTheirRanges(int size)
    {
        var shape = new TaggerShape(3, 3, Tags);
        foreach (var options in new TaggerOptions[]
        {
            new() { CharHidden = size }, new() { WordHidden = size }, new() { WordEmbedding = size },
            new() { CharEmbedding = size },
        })
        {
            Assert.Throws<OptionsException>(() => new Tagger<float>(backend, options, shape));
            Assert.Throws<OptionsException>(() => TaggerFlops.PerWord(options, null, null, Tags.Length));
        }
        Assert.Equal(0, device.Counters.PeakBytes);
    }

    [Theory]
    [InlineData(65536, 65536, 0), InlineData(65536, 65536, 1), InlineData(-1, -1, 1), InlineData(2, 1, 1)]
    [InlineData(1, int.MaxValue, 3)]
    public void LookupsHaveAnIdForEachStep(int steps, int batch, int count)
    {
        using var embedding = new Embedding<float>(backend, 3, 2);
        var ids = new int[count];
        Assert.Throws<ShapeException>(() => embedding.Lookup(ids, steps, batch));
        Assert.Throws<ShapeException>(() => RowLookup<float>.Of(embedding.Weight, ids, steps, batch));
        Assert.Throws<ShapeException>(() =>
            new RowLookup<float>(embedding.Weight, new IntTensor(device, ids), steps, batch));
    }

    [Fact]
    public void RowsOfManyDimensionsAreCountedWithoutWrapping()
    {
        Assert.Throws<ShapeException>(() => new Shape(1 << 22, 1 << 21, 1 << 21, 1).Rows);
        Assert.Throws<ShapeException>(() => new Shape(1 << 30, 1 << 30, 1 << 30, 1 << 30, 1).Count);
        Assert.Equal(0, new Shape(1 << 22, 1 << 21, 1 << 21, 0, 1).Rows);
    }

    [Theory, InlineData(-1, -1), InlineData(3, -1), InlineData(-1, 3)]
    public void FlopsAreOfWidthsThatAreThere(int input, int hidden) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            RecurrentFlops.PerStep(RecurrentUnit.Lstm, input, hidden));

    [Fact]
    public void FlopsDoNotWrap()
    {
        Assert.Throws<ShapeException>(() =>
            RecurrentFlops.PerStep(RecurrentUnit.Lstm, int.MaxValue, int.MaxValue));
        Assert.Equal((long)int.MaxValue * 2 * int.MaxValue,
            RecurrentFlops.PerStep(RecurrentUnit.Tanh, int.MaxValue, int.MaxValue));
    }

    [Fact]
    public void ASoftmaxHasCutoffsThatRiseAndWords()
    {
        Assert.Throws<ShapeException>(() => new AdaptiveSoftmax<float>(backend, 4, [4, 2], 10, 1));
        Assert.Throws<ShapeException>(() => new AdaptiveSoftmax<float>(backend, 4, [-4], 10, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveSoftmax<float>(backend, 4, [], 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveSoftmax<float>(backend, 4, [2], 10, -1));
        using var narrow = new AdaptiveSoftmax<float>(backend, 4, [2], 10, int.MaxValue);
        Assert.Contains(narrow.Parameters(), entry => entry.Parameter.Shape == new Shape(1, 4));
    }

    [Fact]
    public void ASoftmaxHasWeightsAsItsCutoffsSay()
    {
        using var weight = new Parameter<float>(backend, new Shape(4, 3));
        using var bias = new Parameter<float>(backend, new Shape(4));
        using var input = new Parameter<float>(backend, new Shape(1, 3));
        var weights = new AdaptiveSoftmaxWeights<float>([5], weight, bias, []);
        Assert.Throws<ShapeException>(() => input.AdaptiveSoftmaxLoss(weights, new IntTensor(device, [0])));
    }
}
