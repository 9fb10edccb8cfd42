using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Data;

[assembly: AssemblyFixture(typeof(LdNetGpu.Tests.Commands.TinyModels))]

namespace LdNetGpu.Tests.Commands;

/// <summary>
/// Made-up text, both language models and a tagger on them, each as small as it can be; made once for all tests.
/// </summary>
public sealed class TinyModels : IDisposable
{
    readonly TestFiles files = TestFiles.InMemory();

    public TinyModels()
    {
        var corpus = new SyntheticCorpus(new SyntheticCorpusOptions
        {
            Seed = 7, UnlabelledWords = 2400, TrainSentences = 40, DevSentences = 12, TestSentences = 16,
            TrainNames = 8, DevNames = 4, TestNames = 4,
        });
        Text = WriteText("text.txt", corpus.Unlabelled);
        ValidText = WriteText("valid.txt", corpus.UnlabelledValid);
        (TrainFile, DevFile, TestFile) = (PathOf("train.conll"), PathOf("dev.conll"), PathOf("test.conll"));
        ConllWriter.Write(TrainFile, corpus.Train);
        ConllWriter.Write(DevFile, corpus.Dev);
        ConllWriter.Write(TestFile, corpus.Test);
        LanguageModels = PathOf("lm");
        LanguageModelRun = Ldnet.Run(LanguageModelTraining(LanguageModels, "--json")).Succeeded();
        Tagger = PathOf("tagger");
        Ldnet.Run(TaggerTraining(Tagger, "--lm", LanguageModels)).Succeeded();
        NoLm = PathOf("nolm");
        Ldnet.Run(TaggerTraining(NoLm, "--set", "max_epochs=1")).Succeeded();
    }

    public string Text { get; }
    public string ValidText { get; }
    public string TrainFile { get; }
    public string DevFile { get; }
    public string TestFile { get; }

    /// <summary>Folder of both directions.</summary>
    public string LanguageModels { get; }

    /// <summary>A tagger on the language models.</summary>
    public string Tagger { get; }

    /// <summary>A tagger without.</summary>
    public string NoLm { get; }

    internal Ldnet LanguageModelRun { get; }

    public string PathOf(string name) => files.PathOf(name);

    public string Write(string name, string text) => files.Write(name, text);

    public string Write(string name, byte[] bytes) => files.Write(name, bytes);

    /// <summary>Two passes, two evaluations each; tails of the softmax, layer-wise and element dropout.</summary>
    public string[] LanguageModelTraining(string output, params string[] more) =>
    [
        "lm", "train", "--train", Text, "--valid", ValidText, "--out", output,
        .. Settings("embedding_size=6", "layers=3", "hidden_size=5", "projection_size=7", "cutoffs=20,60",
            "batch_size=8", "steps=10",
            "dropout=0.1", "unk_threshold=1", "epoch_batches=20", "learning_rate=0.01", "max_epochs=2"),
        .. more,
    ];

    public string[] TaggerTraining(string output, params string[] more) =>
    [
        "tagger", "train", "--train", TrainFile, "--dev", DevFile, "--out", output,
        .. Settings("char_embedding=4", "char_hidden=5", "word_embedding=6", "word_hidden=6", "lm_projection=5",
            "batch_size=8", "word_threshold=0", "learning_rate=0.1", "lr_decay=0.3", "max_epochs=3"),
        .. more,
    ];

    public string[] Pruning(string output, params string[] more) =>
    [
        "prune", "--model", Tagger, "--train", TrainFile, "--dev", DevFile, "--out", output,
        .. Settings("batch_size=8", "learning_rate=0.1", "min_epochs=3", "max_epochs=3"),
        .. more,
    ];

    /// <summary>A copy of a model's folder, to be damaged.</summary>
    public string CopyOf(string model, string name)
    {
        foreach (var file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
            Write(Path.Combine(name, Path.GetRelativePath(model, file)), File.ReadAllBytes(file));
        return PathOf(name);
    }

    public void Dispose() => files.Dispose();

    static IEnumerable<string> Settings(params string[] settings) =>
        settings.SelectMany(setting => new[] { "--set", setting });

    string WriteText(string name, IReadOnlyList<string[]> sentences) =>
        Write(name, string.Concat(sentences.Select(words => string.Join(' ', words) + "\n")));
}
