using System.Collections.Concurrent;
using LdNetGpu.Cli;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Tests.Data;
using LdNetGpu.Tests.Training;
using LdNetGpu.Train.Data;

namespace LdNetGpu.Tests.Commands;

/// <summary>Every key of the quickstart changes what it leaves behind, or is refused.</summary>
public sealed class QuickstartSettingsTests : IDisposable
{
    /// <summary>As small as training, with something to prune, can be.</summary>
    static readonly string[] Tiny =
    [
        "lm.embedding_size=3", "lm.layers=2", "lm.hidden_size=3", "lm.projection_size=4", "lm.cutoffs=20",
        "lm.batch_size=8", "lm.steps=5", "lm.max_epochs=1",
        "tagger.char_embedding=2", "tagger.char_hidden=2", "tagger.word_embedding=3", "tagger.word_hidden=3",
        "tagger.lm_projection=3", "tagger.max_epochs=2",
        "prune.min_epochs=0", "prune.max_epochs=2", "prune.layers=4",
        "data.unlabelled_words=300", "data.train_sentences=12", "data.dev_sentences=4", "data.test_sentences=4",
        "data.train_names=4", "data.dev_names=2", "data.test_names=2",
    ];

    /// <summary>Layers do fall.</summary>
    static readonly string[] Harsh = ["prune.lambda0=20", "prune.learning_rate=0.2", "prune.max_epochs=4"];

    /// <summary>A tagger whose F1 on dev is above 0, by luck, and stays what it is.</summary>
    static readonly string[] Still = ["tagger.learning_rate=0", "tagger.word_hidden=6", "tagger.char_embedding=4"];

    /// <summary>
    /// A value that shows, and what must be set besides for it to show: a patience, say, needs something that does not
    /// get better.
    /// </summary>
    static readonly Dictionary<string, (string Value, string[] Besides)> Changes = new()
    {
        ["lm.embedding_size"] = ("4", []), ["lm.layers"] = ("3", Harsh), ["lm.hidden_size"] = ("4", []),
        ["lm.unit"] = ("gru", []),
        ["lm.projection_size"] = ("5", []), ["lm.projection_relu"] = ("false", []),
        ["lm.layer_dropout"] = ("1", []), ["lm.dropout"] = ("0.3", []), ["lm.cutoffs"] = ("10", []),
        ["lm.tail_exponent_start"] = ("0", []), ["lm.spare_softmax_row"] = ("true", []),
        ["lm.batch_size"] = ("4", []), ["lm.steps"] = ("7", []), ["lm.optimizer"] = ("sgd", []),
        ["lm.learning_rate"] = ("0.1", []),
        ["lm.clip_norm"] = ("0.001", ["lm.optimizer=sgd"]), ["lm.unk_threshold"] = ("2", []),
        ["lm.epoch_batches"] = ("2", []),
        ["lm.patience"] = ("0", ["lm.learning_rate=0", "lm.max_epochs=4", "lm.dropout=0", "lm.layer_dropout=0"]),
        ["lm.decay"] = ("0.5", ["lm.patience=0", "lm.learning_rate=0.5", "lm.epoch_batches=1"]),
        ["lm.max_epochs"] = ("2", []), ["lm.max_tokens"] = ("100", []),
        ["tagger.char_embedding"] = ("3", []), ["tagger.char_hidden"] = ("3", []),
        ["tagger.word_embedding"] = ("4", []), ["tagger.word_hidden"] = ("4", []),
        ["tagger.lm_projection"] = ("4", []), ["tagger.lm_storage"] = ("bf16", []),
        ["tagger.unit"] = ("rnn", []), ["tagger.dropout"] = ("0.1", []),
        ["tagger.batch_size"] = ("5", []), ["tagger.optimizer"] = ("adagrad", []),
        ["tagger.learning_rate"] = ("0.1", []), ["tagger.lr_decay"] = ("1", []),
        ["tagger.momentum"] = ("0.5", []), ["tagger.clip_norm"] = ("0.01", []),
        ["tagger.patience"] = ("1", [.. Still, "tagger.max_epochs=4"]),
        ["tagger.warmup_steps"] = ("4", []), ["tagger.label_weights"] = ("O=0.5", []),
        ["tagger.stop_by"] = ("loss", [.. Still, "tagger.max_epochs=4", "tagger.patience=1"]),
        ["tagger.max_epochs"] = ("3", []), ["tagger.constraints"] = ("scheme", []),
        ["tagger.sentence_end"] = ("words", []), ["tagger.word_threshold"] = ("0", []),
        ["tagger.scheme"] = ("iob2", []), ["tagger.lowercase"] = ("false", []),
        ["prune.layers"] = ("3", Harsh), ["prune.lambda0"] = ("40", [.. Harsh, "prune.layers=3"]),
        ["prune.method"] = ("l1", []), ["prune.regularizer"] = ("r1", []), ["prune.batch_size"] = ("5", []),
        ["prune.learning_rate"] = ("0.1", []),
        ["prune.lr_decay"] = ("1", []), ["prune.momentum"] = ("0.5", []), ["prune.clip_norm"] = ("0.01", []),
        ["prune.min_epochs"] = ("4", [.. Still, "prune.learning_rate=0", "prune.max_epochs=4", "prune.patience=1"]),
        ["prune.max_epochs"] = ("1", []),
        ["prune.patience"] = ("1", [.. Still, "prune.learning_rate=0", "prune.max_epochs=4"]),
        ["data.unlabelled_words"] = ("400", []), ["data.train_sentences"] = ("13", []),
        ["data.dev_sentences"] = ("5", []), ["data.test_sentences"] = ("5", []),
        ["data.train_names"] = ("5", []), ["data.dev_names"] = ("3", []), ["data.test_names"] = ("3", []),
        ["data.neutral_share"] = ("0.1", []),
    };

    static readonly Dictionary<string, string> Refused = new()
    {
        ["tagger.lm_mixing"] = "elmo", ["lm.connectivity"] = "stacked", ["lm.shuffle_shards"] = "true",
    };

    static readonly ConcurrentDictionary<string, SortedDictionary<string, string>> Bases = [];
    readonly TestFiles files = TestFiles.InMemory();

    /// <summary>All keys there are: one that is new is without a line above, and its test fails.</summary>
    public static TheoryData<string> Keys =>
    [
        .. new (string Name, SettingsSchema Schema)[]
        {
            ("lm", SettingsSchema<LanguageModelOptions>.Instance), ("tagger", SettingsSchema<TaggerOptions>.Instance),
            ("prune", SettingsSchema<PruneOptions>.Instance), ("data", SettingsSchema<SyntheticCorpusOptions>.Instance),
        }.SelectMany(section => section.Schema.Settings.Select(setting => $"{section.Name}.{setting.Name}")),
    ];

    [Theory, MemberData(nameof(Keys))]
    public void TakesEffectOrIsRefused(string key)
    {
        if (Refused.TryGetValue(key, out var value))
        {
            Ldnet.Run("quickstart", "--set", "lm.layer_dropout=0", "--set", $"{key}={value}")
                .Failed(1, key, "Leave it out");
            return;
        }
        var (changed, besides) = Changes[key];
        var expected = Bases.GetOrAdd(string.Join(' ', besides), _ => Left(besides));
        var found = Left([.. besides, $"{key}={changed}"]);
        Assert.NotEqual(expected, found);
    }

    /// <summary>The quickstart reaches every record of settings that there is: none escapes the test above.</summary>
    [Fact]
    public void EveryRecordOfSettingsIsAmongTheKeys()
    {
        var records = new[] { typeof(ISettings), typeof(SyntheticCorpusOptions), typeof(SettingsSource) }
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type.IsAssignableTo(typeof(ISettings)) && type is { IsInterface: false });
        Assert.Equal(
            [nameof(LanguageModelOptions), nameof(PruneOptions), nameof(SyntheticCorpusOptions), nameof(TaggerOptions)],
            records.Select(type => type.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>What the quickstart refuses for having no layers to select takes effect in training.</summary>
    [Fact]
    public void RefusedSettingsTakeEffectElsewhere()
    {
        byte[] Model(string name) => File.ReadAllBytes(files.PathOf(Path.Combine(name, "model.safetensors")));
        var corpus = new SyntheticCorpus(new()
        {
            UnlabelledWords = 300, TrainSentences = 8, DevSentences = 1, TestSentences = 1,
            TrainNames = 4, DevNames = 2, TestNames = 2,
        });
        var text = files.Write("text.txt",
            string.Concat(corpus.Unlabelled.Select(words => string.Join(' ', words) + "\n")));
        string[] small = ["embedding_size=3", "layers=2", "hidden_size=3", "projection_size=4", "cutoffs=20",
            "batch_size=4", "steps=5", "max_epochs=1", "layer_dropout=0", "unk_threshold=0"];
        void LanguageModel(string output, params string[] more) => Ldnet.Run(["lm", "train", "--train", text, "--valid",
            text, "--out", files.PathOf(output), .. Set([.. small, .. more])]).Succeeded();
        LanguageModel("dense");
        LanguageModel("stacked", "connectivity=stacked");
        Assert.NotEqual(Model("dense/forward"), Model("stacked/forward"));
        var labelled = files.PathOf("train.conll");
        ConllWriter.Write(labelled, corpus.Train);
        void Tagger(string output, params string[] more) => Ldnet.Run(["tagger", "train", "--train", labelled, "--dev",
            labelled, "--lm", files.PathOf("dense"), "--out", files.PathOf(output), .. Set(["char_embedding=2",
            "char_hidden=2", "word_embedding=3", "word_hidden=3", "lm_projection=3", "max_epochs=1", .. more])])
            .Succeeded();
        Tagger("concat");
        Tagger("elmo", "lm_mixing=elmo");
        Assert.NotEqual(Model("concat"), Model("elmo"));
    }

    static IEnumerable<string> Set(string[] settings) => settings.SelectMany(setting => new[] { "--set", setting });

    [Fact]
    public void ShownDefaultsAreAConfigurationFile()
    {
        var shown = Ldnet.Run("config", "show", "quickstart", "--set", "data.dev_names=3").Succeeded().Output;
        Assert.Equal(shown, Ldnet.Run("config", "show", "quickstart", "--config", files.Write("quickstart.json", shown))
            .Succeeded().Output);
        Assert.Contains("\"dev_names\": 3", shown, StringComparison.Ordinal);
        Assert.Contains("\"hidden_size\": 48", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownKeysAreNamed() =>
        Ldnet.Run("quickstart", "--set", "lm.layer=3", "--set", "layers=3")
            .Failed(1, "did you mean layers?", "begin with lm. or tagger. or prune. or data.");

    [Fact]
    public void MoreLayersToKeepThanThereAreAreSaidBeforeTheTraining() =>
        Ldnet.Run("quickstart", "--set", "lm.layers=2", "--set", "prune.layers=5", "--out", files.PathOf("five"))
            .Failed(1, "prune.layers=5", "lm.layers=2");

    public void Dispose() => files.Dispose();

    /// <summary>All that a run leaves but the settings themselves.</summary>
    SortedDictionary<string, string> Left(string[] settings)
    {
        var output = files.PathOf(string.Join(' ', settings));
        Ldnet.Run(["quickstart", "--speed-seconds", "0", "--out", output,
            .. Tiny.Concat(settings).SelectMany(setting => new[] { "--set", setting })]).Succeeded();
        return new(ResumeTests.Bytes(output).Where(file => Path.GetFileName(file.Key) is not
            ("config.json" or "settings.json")).ToDictionary(),
            StringComparer.Ordinal);
    }
}
