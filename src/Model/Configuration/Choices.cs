using System.Text.Json.Serialization;

namespace LdNetGpu.Model.Configuration;

/// <summary>How the layers of a language model read each other.</summary>
public enum Connectivity
{
    /// <summary>Each layer reads the embedding and every layer below it (LD-Net).</summary>
    [JsonStringEnumMemberName("dense")] Dense,

    /// <summary>Each layer reads the layer below it (the paper's vanilla LSTM baselines).</summary>
    [JsonStringEnumMemberName("stacked")] Stacked,
}

/// <summary>The rule that turns gradients into steps.</summary>
public enum OptimizerKind
{
    /// <summary>Kingma and Ba 2015.</summary>
    [JsonStringEnumMemberName("adam")] Adam,

    /// <summary>Stochastic gradient descent with momentum.</summary>
    [JsonStringEnumMemberName("sgd")] Sgd,

    /// <summary>Duchi et al. 2011.</summary>
    [JsonStringEnumMemberName("adagrad")] Adagrad,

    /// <summary>Zeiler 2012.</summary>
    [JsonStringEnumMemberName("adadelta")] Adadelta,
}

/// <summary>How the tagger reads a language model's layers.</summary>
public enum LanguageModelMixing
{
    /// <summary>All layers side by side through one linear layer (LD-Net).</summary>
    [JsonStringEnumMemberName("concat")] Concat,

    /// <summary>One learnt weighted mean of the layers (ELMo).</summary>
    [JsonStringEnumMemberName("elmo")] Elmo,
}

/// <summary>What the frozen language models' weights are kept in while a tagger reads them.</summary>
public enum WeightStorage
{
    /// <summary>As they are, 4 bytes each.</summary>
    [JsonStringEnumMemberName("f32")] Float32,

    /// <summary>Rounded to bfloat16, 2 bytes each, on the CPU.</summary>
    [JsonStringEnumMemberName("bf16")] Bfloat16,
}

/// <summary>Tags the model works with inside; input of any scheme is converted, scores are on IOB2 spans.</summary>
public enum TaggerScheme
{
    /// <summary>Begin, inside, end and single: B-, I-, E-, S- and O.</summary>
    [JsonStringEnumMemberName("iobes")] Iobes,

    /// <summary>Every span begins with B- and goes on with I-.</summary>
    [JsonStringEnumMemberName("iob2")] Iob2,
}

/// <summary>Where a tagger reads a sentence end. The paper has none; the published code has.</summary>
public enum SentenceEnd
{
    /// <summary>Nowhere: a sentence is its words and their characters.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>Behind the last character: the backward character LSTM starts at it.</summary>
    [JsonStringEnumMemberName("characters")] Characters,

    /// <summary>
    /// There, and behind the last word as a word of its own, which the word LSTM reads and no tag is given to.
    /// </summary>
    [JsonStringEnumMemberName("words")] Words,
}

/// <summary>What an epoch of a tagger is judged by.</summary>
public enum StopCriterion
{
    /// <summary>F1 of the dev text's spans; among equal ones its loss.</summary>
    [JsonStringEnumMemberName("f1")] F1,

    /// <summary>The mean loss of the dev text's sentences.</summary>
    [JsonStringEnumMemberName("loss")] Loss,
}

/// <summary>How layers are chosen for deletion.</summary>
public enum PruneMethod
{
    /// <summary>
    /// A weight z in [0, 1] for each layer, with the paper's regularizers and projected gradient steps.
    /// </summary>
    [JsonStringEnumMemberName("z")] LayerWeights,

    /// <summary>The same weights under L1, with soft-thresholding as the proximal step.</summary>
    [JsonStringEnumMemberName("l1")] SoftThreshold,

    /// <summary>The columns that read a layer as one group, with block soft-thresholding.</summary>
    [JsonStringEnumMemberName("group-lasso")] GroupLasso,
}
