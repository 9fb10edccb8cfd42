using LdNetGpu.Kernels.Recurrent;

namespace LdNetGpu.Model.Configuration;

/// <summary>Shape and training of a tagger; the defaults are the paper's (section 4.1).</summary>
public sealed record TaggerOptions : ISettings
{
    /// <summary>Width of a character's embedding.</summary>
    /// <value>1 to 65536; 30 by default.</value>
    [Setting("Width of a character's embedding.", Minimum = 1, Maximum = 65536)]
    public int CharEmbedding { get; init; } = 30;

    /// <summary>Hidden units of the character LSTM, each way.</summary>
    /// <value>1 to 65536; 150 by default.</value>
    [Setting("Hidden units of the character LSTM, each way.", Minimum = 1, Maximum = 65536)]
    public int CharHidden { get; init; } = 150;

    /// <summary>Width of a word's embedding, and of a word's character vector.</summary>
    /// <value>1 to 65536; 100 by default.</value>
    [Setting("Width of a word's embedding, and of a word's character vector.", Minimum = 1, Maximum = 65536)]
    public int WordEmbedding { get; init; } = 100;

    /// <summary>Hidden units of the word LSTM, each way.</summary>
    /// <value>1 to 65536; 150 by default.</value>
    [Setting("Hidden units of the word LSTM, each way.", Minimum = 1, Maximum = 65536)]
    public int WordHidden { get; init; } = 150;

    /// <summary>
    /// Width that the language models' layers are projected to. The published code ties it to word_embedding.
    /// </summary>
    /// <value>1 to 65536; 100 by default.</value>
    [Setting("Width that the language models' layers are projected to. The published code ties it to word_embedding.",
        Minimum = 1, Maximum = 65536)]
    public int LmProjection { get; init; } = 100;

    /// <summary>How the tagger reads the language models' layers.</summary>
    /// <value>Concat by default.</value>
    [Setting("How the tagger reads the language models' layers.")]
    public LanguageModelMixing LmMixing { get; init; } = LanguageModelMixing.Concat;

    /// <summary>What the language models' weights are kept in; rounded ones are saved as they were rounded.</summary>
    /// <value>Float32 by default.</value>
    [Setting("What the language models' weights are kept in: bf16 halves their memory, on the CPU.")]
    public WeightStorage LmStorage { get; init; } = WeightStorage.Float32;

    /// <summary>Recurrent unit of the character and word layers.</summary>
    /// <value>Lstm by default.</value>
    [Setting("Recurrent unit of the character and word layers.")]
    public RecurrentUnit Unit { get; init; } = RecurrentUnit.Lstm;

    /// <summary>Element dropout before each linear layer and the word LSTM.</summary>
    /// <value>0 to 0.999; 0.5 by default.</value>
    [Setting("Element dropout before each linear layer and the word LSTM.", Minimum = 0, Maximum = 0.999)]
    public double Dropout { get; init; } = 0.5;

    /// <summary>Sentences a batch.</summary>
    /// <value>1 to 1048576; 10 by default.</value>
    [Setting("Sentences a batch.", Minimum = 1, Maximum = 1048576)]
    public int BatchSize { get; init; } = 10;

    /// <summary>Update rule.</summary>
    /// <value>Sgd by default.</value>
    [Setting("Update rule.")]
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Sgd;

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

    /// <summary>Steps over which the learning rate rises from 0: step s of so many has s/warmup_steps of it.</summary>
    /// <value>0 or more; 0 by default.</value>
    [Setting("Steps over which the learning rate rises from 0: step s of so many has s/warmup_steps of it.",
        Minimum = 0)]
    public int WarmupSteps { get; init; }

    /// <summary>
    /// Weights of gold labels (tags, O, or types of spans) in the training loss: a sentence's loss is multiplied by
    /// the mean weight of its words' tags. Labels that are not named weigh 1.
    /// </summary>
    /// <value>None by default.</value>
    [Setting("Weights of gold labels (tags, O, or types of spans) in the training loss: a sentence's loss is "
        + "multiplied by the mean weight of its words' tags. Labels that are not named weigh 1.")]
    public LabelWeights LabelWeights { get; init; } = LabelWeights.None;

    /// <summary>What the best epoch is chosen by, and patience counts: f1 = dev F1; loss = dev loss.</summary>
    /// <value>F1 by default.</value>
    [Setting("What the best epoch is chosen by, and patience counts: f1 = dev F1; loss = dev loss.")]
    public StopCriterion StopBy { get; init; } = StopCriterion.F1;

    /// <summary>
    /// Epochs without a better dev F1, from the first above 0 on, or with stop_by=loss a better dev loss, before
    /// training stops.
    /// </summary>
    /// <value>1 or more; 15 by default.</value>
    [Setting("Epochs without a better dev F1, from the first above 0 on, or with stop_by=loss a better dev loss, "
        + "before training stops.", Minimum = 1)]
    public int Patience { get; init; } = 15;

    /// <summary>Epochs at most.</summary>
    /// <value>1 or more; 200 by default.</value>
    [Setting("Epochs at most.", Minimum = 1)]
    public int MaxEpochs { get; init; } = 200;

    /// <summary>Tags the model works with inside.</summary>
    /// <value>Iobes by default.</value>
    [Setting("Tags the model works with inside.")]
    public TaggerScheme Scheme { get; init; } = TaggerScheme.Iobes;

    /// <summary>
    /// Which tags may follow which: none = all, start and end in the middle too (published code); structure = start
    /// and end at the ends alone; scheme = also no more than the tag scheme allows.
    /// </summary>
    /// <value>Structure by default.</value>
    [Setting("Which tags may follow which: none = all, start and end in the middle too (published code); structure = "
        + "start and end at the ends alone; scheme = also no more than the tag scheme allows.")]
    public CrfConstraints Constraints { get; init; } = CrfConstraints.Structure;

    /// <summary>
    /// Where a sentence end is read: none = nowhere (paper); characters = the backward character LSTM starts at one
    /// (published code); words = the word LSTM reads one too (published code, one sentence a batch).
    /// </summary>
    /// <value>None by default.</value>
    [Setting("Where a sentence end is read: none = nowhere (paper); characters = the backward character LSTM starts at "
        + "one (published code); words = the word LSTM reads one too (published code, one sentence a batch).")]
    public SentenceEnd SentenceEnd { get; init; } = SentenceEnd.None;

    /// <summary>
    /// Words without a given embedding get one when seen more often than this in training; the rest share &lt;unk&gt;.
    /// </summary>
    /// <value>0 or more; 5 by default.</value>
    [Setting("Words without a given embedding get one when seen more often than this in training; the rest share "
        + "<unk>.", Minimum = 0)]
    public int WordThreshold { get; init; } = 5;

    /// <summary>
    /// Look words up in lower case; false = as written, and in lower case where that form is unknown.
    /// </summary>
    /// <value>true by default.</value>
    [Setting("Look words up in lower case; false = as written, and in lower case where that form is unknown.")]
    public bool Lowercase { get; init; } = true;

    /// <inheritdoc/>
    public IEnumerable<string> Contradictions()
    {
        if (Momentum > 0 && Optimizer is not OptimizerKind.Sgd && Momentum != new TaggerOptions().Momentum)
            yield return "momentum belongs to optimizer=sgd; leave it out for the others.";
    }
}
