using LdNetGpu.Autograd;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model;

/// <summary>
/// A gradient check for every block of the model, at toy sizes with random weights:
/// each trainable parameter against central differences of the loss.
/// </summary>
sealed class ModelChecks(DeviceBackend<double> backend, ulong seed = 1)
{
    readonly List<GradientCheckCase> cases = [];

    /// <summary>Language models, taggers, layer selection.</summary>
    public IReadOnlyList<GradientCheckCase> All()
    {
        cases.Clear();
        LanguageModels();
        Taggers();
        LayerSelection();
        return cases;
    }

    void LanguageModels()
    {
        var dense = new LanguageModelOptions
        {
            EmbeddingSize = 4, Layers = 3, HiddenSize = 3, ProjectionSize = 8, Cutoffs = [4, 9], LayerDropout = 0,
            Dropout = 0,
        };
        LanguageModel("language model, layer and element dropout", dense with { LayerDropout = 0.5, Dropout = 0.2 });
        LanguageModel("language model, published widths, no ReLU",
            dense with { TailExponentStart = 0, ProjectionRelu = false });
        LanguageModel("language model, no projection", dense with { ProjectionSize = 0 });
        foreach (var unit in Enum.GetValues<RecurrentUnit>())
        {
            LanguageModel($"language model, dense {unit}", dense with { Unit = unit });
            LanguageModel($"language model, stacked {unit}, element dropout",
                dense with { Connectivity = Connectivity.Stacked, Unit = unit, Dropout = 0.2 });
        }
    }

    void LanguageModel(string name, LanguageModelOptions options) => cases.Add(new(name, check =>
    {
        const int steps = 4, batch = 3, words = 15;
        var random = Stream(name);
        using var model = new LanguageModel<double>(backend, options, words);
        Randomize(model, random);
        int[] ids = Ids(random, steps * batch, words), targets = Ids(random, steps * batch, words);
        var state = Enumerable.Range(0, options.Layers)
            .Select(_ =>
                (Hidden: Normal(random, batch * options.HiddenSize), Cell: Normal(random, batch * options.HiddenSize)))
            .ToArray();
        return GradientCheck.Run(name, () =>
        {
            var initial = state
                .Select(layer => new RecurrentState<double>(State(layer.Hidden),
                    options.Unit.Traits().HasCell ? State(layer.Cell) : null))
                .ToArray();
            return [
                model.Losses(new(backend.Device, ids), new(backend.Device, targets), steps, batch, initial,
                    ForwardContext.Training(seed, 1)).Losses];
        }, Leaves(model), check);

        Tensor<double> State(double[] values) => Tensor.From(backend, values, new Shape(batch, options.HiddenSize));
    }));

    void Taggers()
    {
        var options = ToyTagging.Options;
        foreach (var constraints in Enum.GetValues<CrfConstraints>())
            Tagger($"tagger without language models, constraints {constraints}",
                options with { Constraints = constraints }, ToyTagging.ShapeWithoutLanguageModels());
        foreach (var unit in Enum.GetValues<RecurrentUnit>())
            Tagger($"tagger, {unit}, dropout", options with { Unit = unit, Dropout = 0.3 },
                ToyTagging.ShapeWithoutLanguageModels());
        Tagger("tagger with language models", options, ToyTagging.Shape());
        Tagger("tagger with language models, dropout", options with { Dropout = 0.3 }, ToyTagging.Shape());
        Tagger("tagger, layers mixed as in ELMo", options with { LmMixing = LanguageModelMixing.Elmo },
            new(7, ToyTagging.Words, ToyTagging.Tags,
                new(ToyTagging.ForwardWords, new(RecurrentUnit.Lstm, 3, [2, 2, 2])),
                new(ToyTagging.BackwardWords, new(RecurrentUnit.Lstm, 3, [3, 3], IsDense: false))));
    }

    void LayerSelection()
    {
        Tagger("tagger with layer weights z", ToyTagging.Options, ToyTagging.Shape(scaled: true));
        Tagger("tagger with layer weights z, dropout", ToyTagging.Options with { Dropout = 0.3 },
            ToyTagging.Shape(scaled: true));
        foreach (var regularizer in Enum.GetValues<SelectionPenalty>())
            foreach (var wanted in new[] { 2, 5 })
                Tagger($"tagger with layer weights z, {regularizer}, {wanted} layers wanted", ToyTagging.Options,
                    ToyTagging.Shape(scaled: true),
                    prune: new() { Regularizer = regularizer, Layers = wanted, Lambda0 = 0.5 });
    }

    void Tagger(string name, TaggerOptions options, TaggerShape shape, PruneOptions? prune = null) =>
        cases.Add(new(name, check =>
    {
        var random = Stream(name);
        using var tagger = new Tagger<double>(backend, options, shape);
        Randomize(tagger, random);
        var selector = prune is null ? null : LayerSelector<double>.Create(tagger, prune);
        var batch = ToyTagging.Batch(ToyTagging.Sentence(random, 2), ToyTagging.Sentence(random, 4),
            ToyTagging.Sentence(random, 1));
        return GradientCheck.Run(name, () =>
        {
            var loss = tagger.Loss(batch, ForwardContext.Training(seed, 1));
            return [selector?.Penalty() is { } penalty ? loss.Add(penalty) : loss];
        }, Leaves(tagger), check);
    }));

    static IReadOnlyList<(string, Tensor<double>)> Leaves(Module<double> module) =>
        [.. module.Trainable().Select(entry => (entry.Name, (Tensor<double>)entry.Parameter))];

    // Layer weights strictly inside (0, 1): at the borders the penalties have no derivative.
    static void Randomize(Module<double> module, RandomStream random)
    {
        foreach (var (name, parameter) in module.Parameters())
            parameter.CopyFrom(name.EndsWith("weight_list", StringComparison.Ordinal)
                ? [.. Enumerable.Range(0, (int)parameter.Shape.Count).Select(_ => 0.1 + 0.8 * random.NextDouble())]
                : Normal(random, (int)parameter.Shape.Count));
    }

    static double[] Normal(RandomStream random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => 0.6 * random.NextNormal())];

    static int[] Ids(RandomStream random, int count, int bound) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextInt(bound))];

    RandomStream Stream(string name) =>
        new(new RandomKey(seed, (uint)name.Length, name.Aggregate(0u, (hash, letter) => hash * 31 + letter)));
}
