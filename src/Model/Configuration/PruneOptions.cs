using LdNetGpu.Autograd;

namespace LdNetGpu.Model.Configuration;

/// <summary>Layer selection of a trained tagger; the defaults are the paper's for NER (section 4.3).</summary>
public sealed record PruneOptions : ISettings
{
    [Setting("Layers to keep, both directions counted together (lambda1).", Minimum = 0, Maximum = 2000)]
    public int Layers { get; init; } = 2;

    [Setting("Weight of the regularizer: 0.05 for NER, 0.5 for chunking.", Minimum = 0)]
    public double Lambda0 { get; init; } = 0.05;

    [Setting("How layers are chosen.")]
    public PruneMethod Method { get; init; } = PruneMethod.LayerWeights;

    [Setting("Regularizer of the layer weights, for method=z.")]
    public SelectionPenalty Regularizer { get; init; } = SelectionPenalty.R3;

    [Setting("Sentences a batch.", Minimum = 1, Maximum = 1048576)]
    public int BatchSize { get; init; } = 10;

    [Setting("Learning rate in epoch 0.", Minimum = 0, Maximum = 1000)]
    public double LearningRate { get; init; } = 0.015;

    [Setting("In epoch e the rate is learning_rate/(1 + lr_decay·e).", Minimum = 0)]
    public double LrDecay { get; init; } = 0.05;

    [Setting("Momentum of SGD.", Minimum = 0, Maximum = 0.9999)]
    public double Momentum { get; init; } = 0.9;

    [Setting("Gradients are scaled down to this Euclidean norm; 0 = never.", Minimum = 0)]
    public double ClipNorm { get; init; } = 5;

    [Setting("Epochs at least.", Minimum = 0)]
    public int MinEpochs { get; init; } = 50;

    [Setting("Epochs at most.", Minimum = 1)]
    public int MaxEpochs { get; init; } = 200;

    [Setting("Epochs without a better dev F1, at no more layers than wanted, before training stops.", Minimum = 1)]
    public int Patience { get; init; } = 5;

    public IEnumerable<string> Contradictions()
    {
        if (MinEpochs > MaxEpochs) yield return $"min_epochs={MinEpochs} is more than max_epochs={MaxEpochs}.";
    }
}
