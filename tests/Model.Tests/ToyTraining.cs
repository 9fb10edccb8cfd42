using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Tests;

/// <summary>Training steps of models as small as they can be with every part in them.</summary>
static class ToyTraining
{
    public static readonly TaggerOptions TaggerOptions = ToyTagging.Options with { Dropout = 0.3 };

    public static readonly LanguageModelOptions LanguageModelOptions = new()
    {
        EmbeddingSize = 5, Layers = 3, HiddenSize = 4, ProjectionSize = 16, Cutoffs = [6, 12], LayerDropout = 0.5,
        Dropout = 0.1,
    };

    /// <summary>
    /// A tagger on pruned dense language models, its layers scaled for selection; weights drawn from a fixed seed.
    /// </summary>
    public static Tagger<T> Tagger<T>(DeviceBackend<T> backend, TaggerOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var tagger = new Tagger<T>(backend, options ?? TaggerOptions, ToyTagging.Shape(scaled: true));
        tagger.Initialize(new RandomStream(new RandomKey(2, 0, 0)));
        return tagger;
    }

    /// <summary>A language model of 18 words, weights drawn from a fixed seed.</summary>
    public static LanguageModel<T> LanguageModel<T>(DeviceBackend<T> backend, LanguageModelOptions? options = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var model = new LanguageModel<T>(backend, options ?? LanguageModelOptions, 18);
        model.Initialize(new RandomStream(new RandomKey(2, 0, 0)));
        return model;
    }

    public static EncodedSentence[] Sentences(ulong seed, IEnumerable<int> lengths)
    {
        var random = new RandomStream(new RandomKey(seed, 0, 1));
        return [.. lengths.Select(length => ToyTagging.Sentence(random, length))];
    }

    /// <summary>One training step; returns the loss before it.</summary>
    public static double Step<T>(Tagger<T> tagger, Optimizer<T> optimizer, TaggerBatch batch, ulong seed, int step,
        LayerSelector<T>? selector = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using var scope = new TensorScope();
        using var tape = new Tape<T>();
        var loss = tagger.Loss(batch, ForwardContext.Training(seed, step));
        tape.Backward(selector?.Penalty() is { } penalty ? loss.Add(penalty) : loss);
        optimizer.Step(clipNorm: 5);
        selector?.Proximal(optimizer.LearningRate);
        return loss.Item();
    }

    /// <summary>One training step on streams that count through the words; returns the loss before it.</summary>
    public static double Step<T>(LanguageModel<T> model, Optimizer<T> optimizer, int step)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int steps = 6, batch = 4;
        int[] ids = [.. Enumerable.Range(0, steps * batch).Select(i => (i / batch + 5 * (i % batch)) % 18)];
        using var scope = new TensorScope();
        using var tape = new Tape<T>();
        var device = model.Backend.Device;
        var loss =
            model.Losses(new(device, ids), new(device, Array.ConvertAll(ids, id => (id + 1) % 18)), steps, batch, null,
                ForwardContext.Training(1, step)).Losses.Mean();
        tape.Backward(loss);
        optimizer.Step(clipNorm: 5);
        return loss.Item();
    }
}
