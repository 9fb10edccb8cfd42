using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Tagging;
using LdNetGpu.Train.Training;

// Made-up text: some that is labelled, more that is not.
var corpus = new SyntheticCorpus(
    new() { UnlabelledWords = 20_000, TrainSentences = 200, DevSentences = 60, TestSentences = 60 });
var backend = new CpuBackend<float>(new CpuDevice());
var folder = args is [var given]
    ? Directory.CreateDirectory(given).FullName : Directory.CreateTempSubdirectory("train-and-tag-").FullName;
string In(string name) => Path.Combine(folder, name);
LabelledFile Labelled(string name, IReadOnlyList<Sentence> sentences) =>
    LabelledFile.Convert(name, sentences, TagScheme.Iobes);
var (train, dev, test) = (Labelled("train", corpus.Train), Labelled("dev", corpus.Dev), Labelled("test", corpus.Test));
File.WriteAllLines(In("text.txt"), corpus.Unlabelled.Select(words => string.Join(' ', words)));
File.WriteAllLines(In("valid.txt"), corpus.UnlabelledValid.Select(words => string.Join(' ', words)));

// Language models of both directions, a tagger that reads them, and the same tagger with the two layers that it needs
// most.
LanguageModelRun.Train(backend, new()
{
    Sources = [In("text.txt")], Valid = In("valid.txt"), Output = In("lm"),
    Configure = options => options with
    {
        EmbeddingSize = 32, Layers = 3, HiddenSize = 32, ProjectionSize = 48, BatchSize = 16, LearningRate = 5e-3,
        UnkThreshold = 0, MaxEpochs = 2,
    },
});
TaggerRun.Train(backend, new()
{
    Train = train, Dev = dev, Output = In("tagger"), LanguageModels = In("lm"),
    Configure = options => options with
    {
        CharEmbedding = 8, CharHidden = 12, WordEmbedding = 16, WordHidden = 24, LmProjection = 24, LearningRate = 0.05,
        MaxEpochs = 6, WordThreshold = 0,
    },
});
LayerSelectionRun.Train(backend, new()
{
    Model = In("tagger"), Train = train, Dev = dev, Output = In("pruned"),
    Options = new() { Layers = 2, Lambda0 = 0.5, LearningRate = 0.05, MinEpochs = 2, MaxEpochs = 8 },
});

// The pruned tagger from its folder, as another program would load it.
using var pruned = TaggerFolder.Load(backend, In("pruned"));
Console.WriteLine($"test F1 {new TaggerEvaluation(pruned.Vocabularies, test).Score(pruned.Tagger).F1:f2}");
foreach (var sentence in new TextTagger(pruned, new() { WithConfidence = true }).Tag(corpus.Test.Take(3)))
    Console.WriteLine(
        $"{string.Join(' ', sentence.Words)}: "
        + $"{string.Join(", ", sentence.Spans.Select(span => $"{sentence.TextOf(span)} {span.Type}"))}");
