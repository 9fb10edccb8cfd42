using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>Training steps: they learn, they repeat to the bit, and they leave no memory behind.</summary>
public class TrainingTests
{
    [Fact]
    public void ATinyTaggerLearnsItsBatch()
    {
        using var device = new CpuDevice(2);
        using var tagger = new Tagger<float>(new CpuBackend<float>(device), ToyTagging.Options, ToyTagging.Shape());
        tagger.Initialize(new RandomStream(new RandomKey(2, 0, 0)));
        using var optimizer = new Sgd<float>(tagger.Trainable(), 0.1, 0.9);
        var batch = ToyTagging.Batch(ToyTraining.Sentences(2, [3, 6, 1, 5]));
        var losses = Enumerable.Range(1, 30).Select(step => ToyTraining.Step(tagger, optimizer, batch, 1, step))
            .ToArray();
        Assert.True(losses[^1] < losses[0] / 3, $"loss {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void ATinyLanguageModelLearnsACycle()
    {
        using var device = new CpuDevice(2);
        using var model = ToyTraining.LanguageModel(new CpuBackend<float>(device),
            ToyTraining.LanguageModelOptions with { LayerDropout = 0, Dropout = 0 });
        using var optimizer = new Adam<float>(model.Trainable(), 0.02);
        var losses = Enumerable.Range(1, 60).Select(step => ToyTraining.Step(model, optimizer, step)).ToArray();
        Assert.True(losses[^1] < losses[0] / 3, $"loss {losses[0]} to {losses[^1]}");
    }

    [Theory, InlineData(1), InlineData(2)]
    public void OneSeedGivesTheSameBitsOnAnyNumberOfThreads(int threads)
    {
        Assert.Equal(TaggerBits(1), TaggerBits(threads));
        Assert.Equal(LanguageModelBits(1), LanguageModelBits(threads));
    }

    [Fact]
    public void AnotherSeedGivesOthers() => Assert.NotEqual(TaggerBits(2), TaggerBits(2, seed: 6));

    [Fact]
    public void StepsAndDecodingLeaveNoBufferBehind()
    {
        using var device = new CpuDevice(2);
        var tagger = ToyTraining.Tagger(new CpuBackend<float>(device));
        var optimizer = new Sgd<float>(tagger.Trainable(), 0.05, 0.9);
        var selector = LayerSelector<float>.Create(tagger, new PruneOptions { Layers = 5 });
        var batch = ToyTagging.Batch(ToyTraining.Sentences(2, [3, 6, 1]));
        long live = 0, allocations = 0;
        for (var step = 1; step <= 40; step++)
        {
            ToyTraining.Step(tagger, optimizer, batch, 1, step, selector);
            tagger.Decode(batch);
            tagger.Read(batch, 2, withConfidence: true);
            if (step == 10) (live, allocations) = (device.Counters.LiveBuffers, device.Counters.SystemAllocations);
            if (step > 10) Assert.Equal(live, device.Counters.LiveBuffers);
        }
        Assert.Equal(allocations, device.Counters.SystemAllocations);
        optimizer.Dispose();
        tagger.Dispose();
        Assert.Equal(0, device.Counters.LiveBuffers);
    }

    static int[] TaggerBits(int threads, ulong seed = 5)
    {
        using var device = new CpuDevice(threads);
        using var tagger = ToyTraining.Tagger(new CpuBackend<float>(device));
        using var optimizer = new Sgd<float>(tagger.Trainable(), 0.05, 0.9);
        for (var step = 1; step <= 6; step++)
            ToyTraining.Step(tagger, optimizer, ToyTagging.Batch(ToyTraining.Sentences((ulong)step, [7, 2, 9, 4])),
                seed, step);
        optimizer.Flush();
        return Bits(tagger);
    }

    static int[] LanguageModelBits(int threads)
    {
        using var device = new CpuDevice(threads);
        using var model = ToyTraining.LanguageModel(new CpuBackend<float>(device));
        using var optimizer = new Adam<float>(model.Trainable(), 0.01);
        for (var step = 1; step <= 6; step++) ToyTraining.Step(model, optimizer, step);
        optimizer.Flush();
        return Bits(model);
    }

    static int[] Bits(Module<float> module) =>
        [.. module.Parameters().SelectMany(entry => entry.Parameter.ToArray()).Select(BitConverter.SingleToInt32Bits)];
}
