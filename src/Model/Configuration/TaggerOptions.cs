using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Model.Configuration;

/// <summary>Shape and training of a tagger; the defaults are the paper's (section 4.1).</summary>
public sealed record TaggerOptions : ISettings
{
    [Setting("Width of a character's embedding.", Minimum = 1, Maximum = 65536)]
    public int CharEmbedding { get; init; } = 30;

    [Setting("Hidden units of the character LSTM, each way.", Minimum = 1, Maximum = 65536)]
    public int CharHidden { get; init; } = 150;

    [Setting("Width of a word's embedding, and of a word's character vector.", Minimum = 1, Maximum = 65536)]
    public int WordEmbedding { get; init; } = 100;

    [Setting("Hidden units of the word LSTM, each way.", Minimum = 1, Maximum = 65536)]
    public int WordHidden { get; init; } = 150;

    [Setting("Width that the language models' layers are projected to. The published code ties it to word_embedding.", Minimum = 1, Maximum = 65536)]
    public int LmProjection { get; init; } = 100;

    [Setting("How the tagger reads the language models' layers.")]
    public LanguageModelMixing LmMixing { get; init; } = LanguageModelMixing.Concat;

    [Setting("Recurrent unit of the character and word layers.")]
    public RecurrentUnit Unit { get; init; } = RecurrentUnit.Lstm;

    [Setting("Element dropout before each linear layer and the word LSTM.", Minimum = 0, Maximum = 0.999)]
    public double Dropout { get; init; } = 0.5;

    [Setting("Sentences a batch.", Minimum = 1, Maximum = 1048576)]
    public int BatchSize { get; init; } = 10;

    [Setting("Update rule.")]
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

    [Setting("Learning rate in epoch 0.", Minimum = 0, Maximum = 1000)]
    public double LearningRate { get; init; } = 0.015;

    [Setting("In epoch e the rate is learning_rate/(1 + lr_decay·e).", Minimum = 0)]
    public double LrDecay { get; init; } = 0.05;

    [Setting("Momentum of SGD.", Minimum = 0, Maximum = 0.9999)]
    public double Momentum { get; init; } = 0.9;

    [Setting("Gradients are scaled down to this Euclidean norm; 0 = never.", Minimum = 0)]
    public double ClipNorm { get; init; } = 5;

    [Setting("Epochs without a better dev F1 before training stops.", Minimum = 1)]
    public int Patience { get; init; } = 15;

    [Setting("Epochs at most.", Minimum = 1)]
    public int MaxEpochs { get; init; } = 200;

    [Setting("Tags the model works with inside.")]
    public TagScheme Scheme { get; init; } = TagScheme.Iobes;

    [Setting("Forbid transitions that the tag scheme rules out. Not in the paper.")]
    public bool Constraints { get; init; }

    [Setting("Words without a given embedding get one when seen more often than this in training; the rest share <unk>.", Minimum = 0)]
    public int WordThreshold { get; init; } = 5;

    [Setting("Look words up in lower case.")]
    public bool Lowercase { get; init; } = true;

    public IEnumerable<string> Contradictions()
    {
        if (Momentum > 0 && Optimizer is not OptimizerKind.Sgd && Momentum != new TaggerOptions().Momentum)
            yield return "momentum belongs to optimizer=sgd; leave it out for the others.";
    }
}
