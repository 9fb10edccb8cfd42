using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>
/// Each way of choosing layers comes down to the wanted number, keeps z in [0, 1], and the model that is left trains
/// on.
/// </summary>
public class LayerSelectorTests
{
    static readonly CpuBackend<double> Backend = new(new CpuDevice(2));

    [Theory]
    [InlineData(PruneMethod.LayerWeights, 0.5)]
    [InlineData(PruneMethod.SoftThreshold, 0.5)]
    [InlineData(PruneMethod.GroupLasso, 0.5)]
    public void ComesDownToTheWantedLayers(PruneMethod method, double lambda)
    {
        using var tagger = ToyModels.Tagger(Backend, ToyTagging.Shape(scaled: true), 5);
        foreach (var encoder in new[] { tagger.Forward!, tagger.Backward! }) Initialization.Fill(encoder.Scale!, 1);
        var options = new PruneOptions { Method = method, Layers = 2, Lambda0 = lambda };
        var selector = LayerSelector<double>.Create(tagger, options);
        using var optimizer = new Sgd<double>(tagger.Trainable(), 0.05, 0.9);
        var batch = ToyTagging.Batch(ToyTraining.Sentences(5, [3, 6, 4, 5]));
        Assert.Equal(5, selector.Alive);
        double first = 0, last = 0;
        for (var step = 1; step <= 150; step++)
        {
            last = ToyTraining.Step(tagger, optimizer, batch, 1, step, selector);
            if (step == 1) first = last;
            Assert.All(selector.ScaleValues, z => Assert.InRange(z, 0, 1));
        }
        Assert.InRange(selector.Alive, 1, 2);
        Assert.True(last < first / 2, $"loss {first} to {last}");
        using var pruned = tagger.DeleteLayers();
        Assert.Equal(selector.Alive, pruned.Shape.Forward!.Stack.Layers + pruned.Shape.Backward!.Stack.Layers);
        Assert.InRange(ToyModels.Difference<double>(ToyModels.Emissions(tagger, batch),
            ToyModels.Emissions(pruned, batch)), 0, 1e-12);
    }

    [Fact]
    public void AtOneThePapersPenaltyDoesNotPush()
    {
        using var scope = new TensorScope();
        using var tape = new Tape<double>();
        var z = Tensor.From(Backend, [1.0, 1, 1], new Shape(3));
        z.RequiresGradient = true;
        tape.Backward(new[] { z }.Penalty(SelectionPenalty.R3, wantedLayers: 1));
        Assert.Equal([0.0, 0, 0], z.GradientToArray()!);
    }
}
