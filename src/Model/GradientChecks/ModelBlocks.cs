using System.Numerics;
using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model;

/// <summary>The losses of a language model at toy sizes, over text and states drawn by its name.</summary>
sealed record LanguageModelBlock(string Name, LanguageModelOptions Options, ulong Seed) : IDifferentiableBlock
{
    const int Steps = 4, Batch = 3, Words = 15;

    public DifferentiableBlock<T> On<T>(DeviceBackend<T> backend) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var draws = new BlockDraws(Name, Seed);
        var model = new LanguageModel<T>(backend, Options, Words);
        draws.Randomize(model);
        int[] ids = draws.Ids(Steps * Batch, Words), targets = draws.Ids(Steps * Batch, Words);
        var count = Batch * Options.HiddenSize;
        var states = Enumerable.Range(0, Options.Layers)
            .Select(_ => (Hidden: draws.Normal<T>(count), Cell: draws.Normal<T>(count))).ToArray();
        return new(BlockDraws.Leaves(model), () =>
        {
            var initial = states.Select(layer => new RecurrentState<T>(State(layer.Hidden),
                Options.Unit.Traits().HasCell ? State(layer.Cell) : null)).ToArray();
            return [
                model.Losses(new(backend.Device, ids), new(backend.Device, targets), Steps, Batch, initial,
                    ForwardContext.Training(Seed, 1)).Losses];
        }, model);

        Tensor<T> State(T[] values) => Tensor.From(backend, values, new Shape(Batch, Options.HiddenSize));
    }
}

/// <summary>The loss of a tagger at toy sizes, over three sentences drawn by its name.</summary>
sealed record TaggerBlock(string Name, TaggerOptions Options, TaggerShape Shape, PruneOptions? Prune, ulong Seed)
    : IDifferentiableBlock
{
    public DifferentiableBlock<T> On<T>(DeviceBackend<T> backend) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var draws = new BlockDraws(Name, Seed);
        var tagger = new Tagger<T>(backend, Options, Shape);
        draws.Randomize(tagger);
        var selector = Prune is null ? null : LayerSelector<T>.Create(tagger, Prune);
        var batch = ToyTagging.Batch(draws.Sentence(2), draws.Sentence(4), draws.Sentence(1));
        return new(BlockDraws.Leaves(tagger), () =>
        {
            var loss = tagger.Loss(batch, ForwardContext.Training(Seed, 1));
            return [selector?.Penalty() is { } penalty ? loss.Add(penalty) : loss];
        }, tagger);
    }
}

/// <summary>What is drawn for a block: the same each time, in whatever kind of number it is made.</summary>
sealed class BlockDraws(string name, ulong seed)
{
    readonly RandomStream random =
        new(new RandomKey(seed, (uint)name.Length, name.Aggregate(0u, (hash, letter) => hash * 31 + letter)));

    public static IReadOnlyList<(string, Tensor<T>)> Leaves<T>(Module<T> module)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. module.Trainable().Select(entry => (entry.Name, (Tensor<T>)entry.Parameter))];

    // Layer weights strictly inside (0, 1): at the borders the penalties have no derivative.
    public void Randomize<T>(Module<T> module) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (var (parameterName, parameter) in module.Parameters())
        {
            var count = (int)parameter.Shape.Count;
            parameter.CopyFrom(parameterName.EndsWith("weight_list", StringComparison.Ordinal)
                ? Numbers<T>(count, () => 0.1 + 0.8 * random.NextDouble()) : Normal<T>(count));
        }
    }

    public T[] Normal<T>(int count) where T : unmanaged, IFloatingPointIeee754<T> =>
        Numbers<T>(count, () => 0.6 * random.NextNormal());

    public int[] Ids(int count, int bound) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt(bound))];

    public EncodedSentence Sentence(int length) => ToyTagging.Sentence(random, length);

    static T[] Numbers<T>(int count, Func<double> next) where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(next()))];
}
