using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests.Training;

/// <summary>Made-up text and options as small as training can be.</summary>
static class SmallCorpus
{
    static readonly SyntheticCorpus Corpus = new(new()
    {
        Seed = 3, UnlabelledWords = 600, TrainSentences = 20, DevSentences = 10, TestSentences = 4, TrainNames = 6,
        DevNames = 3, TestNames = 3,
    });

    public static LabelledFile Train { get; } = LabelledFile.Convert("train", Corpus.Train, TagScheme.Iobes);

    public static LabelledFile Dev { get; } = LabelledFile.Convert("dev", Corpus.Dev, TagScheme.Iobes);

    public static IReadOnlyList<string[]> Text => Corpus.Unlabelled;

    public static IReadOnlyList<string[]> ValidText => Corpus.UnlabelledValid;

    public static TaggerOptions Tagger { get; } = new()
    {
        CharEmbedding = 3, CharHidden = 4, WordEmbedding = 5, WordHidden = 6, BatchSize = 5, WordThreshold = 0,
        LearningRate = 0.1, MaxEpochs = 3,
    };

    public static LanguageModelOptions LanguageModel { get; } = new()
    {
        EmbeddingSize = 4, Layers = 2, HiddenSize = 4, ProjectionSize = 5, Cutoffs = [20], BatchSize = 4, Steps = 5,
        UnkThreshold = 0, MaxEpochs = 1,
        LearningRate = 0.01, EpochBatches = 10,
    };
}
