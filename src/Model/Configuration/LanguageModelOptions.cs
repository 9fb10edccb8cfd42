using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Model.Configuration;

/// <summary>Shape and training of one language model; the defaults are the paper's LD-Net (section 4.1).</summary>
public sealed record LanguageModelOptions : ISettings
{
    /// <summary>Width of a word's embedding.</summary>
    /// <value>1 to 65536; 300 by default.</value>
    [Setting("Width of a word's embedding.", Minimum = 1, Maximum = 65536)]
    public int EmbeddingSize { get; init; } = 300;

    /// <summary>Recurrent layers.</summary>
    /// <value>1 to 1000; 10 by default.</value>
    [Setting("Recurrent layers.", Minimum = 1, Maximum = 1000)]
    public int Layers { get; init; } = 10;

    /// <summary>Hidden units of each layer.</summary>
    /// <value>1 to 65536; 300 by default.</value>
    [Setting("Hidden units of each layer.", Minimum = 1, Maximum = 65536)]
    public int HiddenSize { get; init; } = 300;

    /// <summary>
    /// What a layer reads: dense = embedding and all layers below (LD-Net); stacked = the layer below (vanilla
    /// baselines).
    /// </summary>
    /// <value>Dense by default.</value>
    [Setting("What a layer reads: dense = embedding and all layers below (LD-Net); stacked = the layer below (vanilla "
        + "baselines).")]
    public Connectivity Connectivity { get; init; } = Connectivity.Dense;

    /// <summary>Recurrent unit.</summary>
    /// <value>Lstm by default.</value>
    [Setting("Recurrent unit.")]
    public RecurrentUnit Unit { get; init; } = RecurrentUnit.Lstm;

    /// <summary>Width of the projection before the softmax; 0 = none, the softmax reads the layers.</summary>
    /// <value>0 to 1048576; 1600 by default.</value>
    [Setting("Width of the projection before the softmax; 0 = none, the softmax reads the layers.", Minimum = 0,
        Maximum = 1048576)]
    public int ProjectionSize { get; init; } = 1600;

    /// <summary>ReLU after the projection: true in the paper; the published code leaves it off unless asked.</summary>
    /// <value>true by default.</value>
    [Setting("ReLU after the projection: true in the paper; the published code leaves it off unless asked.")]
    public bool ProjectionRelu { get; init; } = true;

    /// <summary>Probability that a layer is hidden from the layers above for one batch (layer-wise dropout).</summary>
    /// <value>0 to 1; 0.5 by default.</value>
    [Setting("Probability that a layer is hidden from the layers above for one batch (layer-wise dropout).",
        Minimum = 0, Maximum = 1)]
    public double LayerDropout { get; init; } = 0.5;

    /// <summary>Element dropout on the embedding, each layer's input and the projection.</summary>
    /// <value>0 to 0.999; 0.01 by default.</value>
    [Setting("Element dropout on the embedding, each layer's input and the projection.", Minimum = 0, Maximum = 0.999)]
    public double Dropout { get; init; } = 0.01;

    /// <summary>
    /// Adaptive softmax: ids, by falling frequency, where one cluster ends and the next starts. Those beyond the
    /// vocabulary are left out.
    /// </summary>
    /// <value>1 or more; [4000, 40000, 200000] by default.</value>
    [Setting("Adaptive softmax: ids, by falling frequency, where one cluster ends and the next starts. Those beyond "
        + "the vocabulary are left out.", Minimum = 1)]
    public IReadOnlyList<int> Cutoffs { get; init; } = [4000, 40000, 200000];

    /// <summary>
    /// Tail i (from 0) of the adaptive softmax works at width D/4^(i+this): 1 matches the paper's parameter counts, 0
    /// is the published code.
    /// </summary>
    /// <value>0 to 1; 1 by default.</value>
    [Setting("Tail i (from 0) of the adaptive softmax works at width D/4^(i+this): 1 matches the paper's parameter "
        + "counts, 0 is the published code.",
        Minimum = 0, Maximum = 1)]
    public int TailExponentStart { get; init; } = 1;

    /// <summary>
    /// The softmax has one row more than there are words, as the published code's, whose cut-offs end at V+1: no word
    /// is there, but it takes probability.
    /// </summary>
    /// <value>false by default.</value>
    [Setting("The softmax has one row more than there are words, as the published code's, whose cut-offs end at V+1: "
        + "no word is there, but it takes probability.")]
    public bool SpareSoftmaxRow { get; init; }

    /// <summary>Streams trained side by side.</summary>
    /// <value>1 to 65536; 128 by default.</value>
    [Setting("Streams trained side by side.", Minimum = 1, Maximum = 65536)]
    public int BatchSize { get; init; } = 128;

    /// <summary>Time steps a gradient flows back through (truncated BPTT); the state is carried on.</summary>
    /// <value>1 to 10000; 20 by default.</value>
    [Setting("Time steps a gradient flows back through (truncated BPTT); the state is carried on.", Minimum = 1,
        Maximum = 10000)]
    public int Steps { get; init; } = 20;

    /// <summary>Update rule.</summary>
    /// <value>Adam by default.</value>
    [Setting("Update rule.")]
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>Learning rate at the start.</summary>
    /// <value>0 to 1000; 1e-3 by default.</value>
    [Setting("Learning rate at the start.", Minimum = 0, Maximum = 1000)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Gradients are scaled down to this Euclidean norm; 0 = never.</summary>
    /// <value>0 or more; 5 by default.</value>
    [Setting("Gradients are scaled down to this Euclidean norm; 0 = never.", Minimum = 0)]
    public double ClipNorm { get; init; } = 5;

    /// <summary>Words seen this often or less in training become &lt;unk&gt;.</summary>
    /// <value>0 or more; 3 by default.</value>
    [Setting("Words seen this often or less in training become <unk>.", Minimum = 0)]
    public int UnkThreshold { get; init; } = 3;

    /// <summary>Batches between two evaluations.</summary>
    /// <value>1 or more; 4000 by default.</value>
    [Setting("Batches between two evaluations.", Minimum = 1)]
    public int EpochBatches { get; init; } = 4000;

    /// <summary>Evaluations without a better training loss before the learning rate falls.</summary>
    /// <value>0 or more; 10 by default.</value>
    [Setting("Evaluations without a better training loss before the learning rate falls.", Minimum = 0)]
    public int Patience { get; init; } = 10;

    /// <summary>Factor by which the learning rate falls then.</summary>
    /// <value>0 to 1; 0.1 by default.</value>
    [Setting("Factor by which the learning rate falls then.", Minimum = 0, Maximum = 1)]
    public double Decay { get; init; } = 0.1;

    /// <summary>
    /// Each pass reads the files of the training text in an order of its own, drawn by the seed; false = in that of
    /// their names.
    /// </summary>
    /// <value>false by default.</value>
    [Setting("Each pass reads the files of the training text in an order of its own, drawn by the seed; false = in "
        + "that of their names.")]
    public bool ShuffleShards { get; init; }

    /// <summary>Passes over the corpus at most.</summary>
    /// <value>1 or more; 400 by default.</value>
    [Setting("Passes over the corpus at most.", Minimum = 1)]
    public int MaxEpochs { get; init; } = 400;

    /// <summary>Tokens trained on at most; 0 = no limit.</summary>
    /// <value>0 or more; 0 by default.</value>
    [Setting("Tokens trained on at most; 0 = no limit.", Minimum = 0)]
    public long MaxTokens { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Contradictions()
    {
        for (var i = 1; i < Cutoffs.Count; i++)
            if (Cutoffs[i] <= Cutoffs[i - 1])
                yield return $"cutoffs must rise: {Cutoffs[i]} follows {Cutoffs[i - 1]}.";
        if (Connectivity == Connectivity.Stacked && LayerDropout > 0 && Layers > 1)
            yield return "connectivity=stacked cannot hide a layer from the layers above: set layer_dropout=0.";
    }
}
