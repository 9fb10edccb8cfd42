using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>Training steps: they learn, they repeat to the bit, and they leave no memory behind.</summary>
public class TrainingTests
{
    static readonly TaggerOptions Options = ToyTagging.Options with { Dropout = 0.3 };

    static readonly LanguageModelOptions LanguageModelOptions = new()
    {
        EmbeddingSize = 5, Layers = 3, HiddenSize = 4, ProjectionSize = 16, Cutoffs = [6, 12], LayerDropout = 0.5, Dropout = 0.1,
    };

    [Fact]
    public void A_tiny_tagger_learns_its_batch()
    {
        using var device = new CpuDevice(2);
        using var tagger = new Tagger<float>(new CpuBackend<float>(device), ToyTagging.Options, ToyTagging.Shape());
        tagger.Initialize(new RandomStream(new RandomKey(2, 0, 0)));
        using var optimizer = new Sgd<float>(tagger.Trainable(), 0.1, 0.9);
        var batch = ToyTagging.Batch(ToyModels.Sentences(2, [3, 6, 1, 5]));
        var losses = Enumerable.Range(1, 30).Select(step => ToyModels.Step(tagger, optimizer, batch, 1, step)).ToArray();
        Assert.True(losses[^1] < losses[0] / 3, $"loss {losses[0]} to {losses[^1]}");
    }

    [Fact]
    public void A_tiny_language_model_learns_a_cycle()
    {
        using var device = new CpuDevice(2);
        using var model = new LanguageModel<float>(new CpuBackend<float>(device), LanguageModelOptions with { LayerDropout = 0, Dropout = 0 }, 18);
        model.Initialize(new RandomStream(new RandomKey(2, 0, 0)));
        using var optimizer = new Adam<float>(model.Trainable(), 0.02);
        var losses = Enumerable.Range(1, 60).Select(step => LanguageModelStep(model, optimizer, step)).ToArray();
        Assert.True(losses[^1] < losses[0] / 3, $"loss {losses[0]} to {losses[^1]}");
    }

    [Theory, InlineData(1), InlineData(2)]
    public void One_seed_gives_the_same_bits_on_any_number_of_threads(int threads)
    {
        Assert.Equal(TaggerBits(1), TaggerBits(threads));
        Assert.Equal(LanguageModelBits(1), LanguageModelBits(threads));
    }

    [Fact]
    public void Another_seed_gives_others() => Assert.NotEqual(TaggerBits(2), TaggerBits(2, seed: 6));

    [Fact]
    public void Steps_and_decoding_leave_no_buffer_behind()
    {
        using var device = new CpuDevice(2);
        var tagger = new Tagger<float>(new CpuBackend<float>(device), Options, ToyTagging.Shape(scaled: true));
        tagger.Initialize(new RandomStream(new RandomKey(2, 0, 0)));
        var optimizer = new Sgd<float>(tagger.Trainable(), 0.05, 0.9);
        var selector = LayerSelector<float>.Create(tagger, new PruneOptions { Layers = 5 });
        var batch = ToyTagging.Batch(ToyModels.Sentences(2, [3, 6, 1]));
        long live = 0, allocations = 0;
        for (var step = 1; step <= 40; step++)
        {
            ToyModels.Step(tagger, optimizer, batch, 1, step, selector);
            tagger.Decode(batch);
            tagger.DecodeBest(batch, 2);
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
        using var tagger = new Tagger<float>(new CpuBackend<float>(device), Options, ToyTagging.Shape(scaled: true));
        tagger.Initialize(new RandomStream(new RandomKey(2, 0, 0)));
        using var optimizer = new Sgd<float>(tagger.Trainable(), 0.05, 0.9);
        for (var step = 1; step <= 6; step++)
            ToyModels.Step(tagger, optimizer, ToyTagging.Batch(ToyModels.Sentences((ulong)step, [7, 2, 9, 4])), seed, step);
        optimizer.Flush();
        return Bits(tagger);
    }

    static int[] LanguageModelBits(int threads)
    {
        using var device = new CpuDevice(threads);
        using var model = new LanguageModel<float>(new CpuBackend<float>(device), LanguageModelOptions, 18);
        model.Initialize(new RandomStream(new RandomKey(2, 0, 0)));
        using var optimizer = new Adam<float>(model.Trainable(), 0.01);
        for (var step = 1; step <= 6; step++) LanguageModelStep(model, optimizer, step);
        optimizer.Flush();
        return Bits(model);
    }

    static int[] Bits(Module<float> module) => [.. module.Parameters().SelectMany(entry => entry.Parameter.ToArray()).Select(BitConverter.SingleToInt32Bits)];

    static double LanguageModelStep(LanguageModel<float> model, Optimizer<float> optimizer, int step)
    {
        const int steps = 6, batch = 4;
        int[] ids = [.. Enumerable.Range(0, steps * batch).Select(i => (i / batch + 5 * (i % batch)) % 18)];
        using var scope = new TensorScope();
        using var tape = new Tape<float>();
        var device = model.Backend.Device;
        var loss = model.Losses(new(device, ids), new(device, Array.ConvertAll(ids, id => (id + 1) % 18)), steps, batch, null, ForwardContext.Training(1, step)).Losses.Mean();
        tape.Backward(loss);
        optimizer.Step(clipNorm: 5);
        return loss.Item();
    }
}
