using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Data;

namespace TrainAndTag;

/// <summary>The paper's work at a size that takes seconds: made-up text, models of few and narrow layers.</summary>
static class Miniature
{
    /// <summary>Some labelled sentences, and more text that nobody labelled.</summary>
    public static void WriteTexts(string folder) => new SyntheticCorpus(new()
    {
        UnlabelledWords = 20_000, TrainSentences = 200, DevSentences = 60, TestSentences = 60,
    }).Write(folder);

    public static LanguageModelOptions LanguageModel(LanguageModelOptions paper) => paper with
    {
        EmbeddingSize = 32, Layers = 3, HiddenSize = 32, ProjectionSize = 48, BatchSize = 16, LearningRate = 5e-3,
        UnkThreshold = 0, MaxEpochs = 2,
    };

    public static TaggerOptions Tagger(TaggerOptions paper) => paper with
    {
        CharEmbedding = 8, CharHidden = 12, WordEmbedding = 16, WordHidden = 24, LmProjection = 24, LearningRate = 0.05,
        MaxEpochs = 6, WordThreshold = 0,
    };

    public static PruneOptions Selection { get; } = new()
    {
        Lambda0 = 0.5, LearningRate = 0.05, MinEpochs = 2, MaxEpochs = 8,
    };
}
