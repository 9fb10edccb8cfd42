using LdNetGpu.Autograd;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Model;

/// <summary>
/// A gradient check for every block of the model, at toy sizes with random weights:
/// each trainable parameter against central differences of the loss, and against dual numbers.
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

    void LanguageModel(string name, LanguageModelOptions options) =>
        Add(name, new LanguageModelBlock(name, options, seed));

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
        Add(name, new TaggerBlock(name, options, shape, prune, seed));

    void Add(string name, IDifferentiableBlock block) =>
        cases.Add(new(name, options => GradientCheck.Run(name, backend, block, options)));
}
