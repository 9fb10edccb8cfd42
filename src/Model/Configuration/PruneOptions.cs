using LdNetGpu.Autograd;

namespace LdNetGpu.Model.Configuration;

/// <summary>Layer selection of a trained tagger; the defaults are the paper's for NER (section 4.3).</summary>
public sealed record PruneOptions : ISettings
{
    /// <summary>Layers to keep, both directions counted together (lambda1).</summary>
    /// <value>0 to 2000; 2 by default.</value>
    [Setting("Layers to keep, both directions counted together (lambda1).", Minimum = 0, Maximum = 2000)]
    public int Layers { get; init; } = 2;

    /// <summary>Weight of the regularizer: 0.05 for NER, 0.5 for chunking.</summary>
    /// <value>0 or more; 0.05 by default.</value>
    [Setting("Weight of the regularizer: 0.05 for NER, 0.5 for chunking.", Minimum = 0)]
    public double Lambda0 { get; init; } = 0.05;

    /// <summary>How layers are chosen.</summary>
    /// <value>LayerWeights by default.</value>
    [Setting("How layers are chosen.")]
    public PruneMethod Method { get; init; } = PruneMethod.LayerWeights;

    /// <summary>Regularizer of the layer weights, for method=z.</summary>
    /// <value>R3 by default.</value>
    [Setting("Regularizer of the layer weights, for method=z.")]
    public SelectionPenalty Regularizer { get; init; } = SelectionPenalty.R3;

    /// <summary>Sentences a batch.</summary>
    /// <value>1 to 1048576; 10 by default.</value>
    [Setting("Sentences a batch.", Minimum = 1, Maximum = 1048576)]
    public int BatchSize { get; init; } = 10;

    /// <summary>Learning rate in epoch 0.</summary>
    /// <value>0 to 1000; 0.015 by default.</value>
    [Setting("Learning rate in epoch 0.", Minimum = 0, Maximum = 1000)]
    public double LearningRate { get; init; } = 0.015;

    /// <summary>In epoch e the rate is learning_rate/(1 + lr_decay·e).</summary>
    /// <value>0 or more; 0.05 by default.</value>
    [Setting("In epoch e the rate is learning_rate/(1 + lr_decay·e).", Minimum = 0)]
    public double LrDecay { get; init; } = 0.05;

    /// <summary>Momentum of SGD.</summary>
    /// <value>0 to 0.9999; 0.9 by default.</value>
    [Setting("Momentum of SGD.", Minimum = 0, Maximum = 0.9999)]
    public double Momentum { get; init; } = 0.9;

    /// <summary>Gradients are scaled down to this Euclidean norm; 0 = never.</summary>
    /// <value>0 or more; 5 by default.</value>
    [Setting("Gradients are scaled down to this Euclidean norm; 0 = never.", Minimum = 0)]
    public double ClipNorm { get; init; } = 5;

    /// <summary>Epochs at least.</summary>
    /// <value>0 or more; 50 by default.</value>
    [Setting("Epochs at least.", Minimum = 0)]
    public int MinEpochs { get; init; } = 50;

    /// <summary>Epochs at most.</summary>
    /// <value>1 or more; 200 by default.</value>
    [Setting("Epochs at most.", Minimum = 1)]
    public int MaxEpochs { get; init; } = 200;

    /// <summary>
    /// Epochs without a better dev F1, at no more layers than wanted and from the first above 0 on, before training
    /// stops.
    /// </summary>
    /// <value>1 or more; 5 by default.</value>
    [Setting("Epochs without a better dev F1, at no more layers than wanted and from the first above 0 on, before "
        + "training stops.", Minimum = 1)]
    public int Patience { get; init; } = 5;

    /// <inheritdoc/>
    public IEnumerable<string> Contradictions()
    {
        if (Method != PruneMethod.LayerWeights && Regularizer != new PruneOptions().Regularizer)
            yield return "regularizer belongs to method=z; leave it out for the others.";
        if (MinEpochs > MaxEpochs) yield return $"min_epochs={MinEpochs} is more than max_epochs={MaxEpochs}.";
    }
}
