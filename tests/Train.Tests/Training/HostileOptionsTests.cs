using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Training;

/// <summary>Options made in C#, which no command line has looked at, are refused before a folder is made.</summary>
public sealed class HostileOptionsTests : IDisposable
{
    readonly CpuBackend<float> backend = new(new CpuDevice(1));
    readonly TestFiles files = TestFiles.InMemory();

    public void Dispose() => files.Dispose();

    public static TheoryData<string, Func<TaggerOptions, TaggerOptions?>> Taggers => new()
    {
        { "word_hidden", options => options with { WordHidden = -1 } },
        { "word_hidden", options => options with { WordHidden = int.MaxValue } },
        { "batch_size", options => options with { BatchSize = 0 } },
        { "learning_rate", options => options with { LearningRate = double.NaN } },
        { "optimizer", options => options with { Optimizer = (OptimizerKind)77 } },
        { "unit", options => options with { Unit = (RecurrentUnit)77 } },
        { "TaggerOptions", _ => null },
    };

    [Theory, MemberData(nameof(Taggers), DisableDiscoveryEnumeration = true)]
    public void TaggerRunNamesTheOption(string named, Func<TaggerOptions, TaggerOptions?> configure)
    {
        foreach (var resume in new[] { false, true })
            Refused(named, output => TaggerRun.Train(backend, new()
            {
                Train = SmallCorpus.Train, Dev = SmallCorpus.Dev, Output = output, Configure = configure!,
                Resume = resume,
            }));
    }

    public static TheoryData<string, Func<LanguageModelOptions, LanguageModelOptions?>> LanguageModels => new()
    {
        { "hidden_size", options => options with { HiddenSize = -1 } },
        { "cutoffs", options => options with { Cutoffs = [4, 2] } },
        { "cutoffs", options => options with { Cutoffs = null! } },
        { "clip_norm", options => options with { ClipNorm = double.PositiveInfinity } },
        { "LanguageModelOptions", _ => null },
    };

    [Theory, MemberData(nameof(LanguageModels), DisableDiscoveryEnumeration = true)]
    public void LanguageModelRunNamesTheOption(string named,
        Func<LanguageModelOptions, LanguageModelOptions?> configure)
    {
        foreach (var resume in new[] { false, true })
            Refused(named, output => LanguageModelRun.Train(backend, Text(output) with
            {
                Configure = configure!, Resume = resume,
            }));
    }

    [Theory, InlineData(""), InlineData("sideways"), InlineData("../escaped"), InlineData("forward,forward")]
    public void DirectionsAreForwardAndBackward(string directions)
    {
        Refused("directions", output => LanguageModelRun.Train(backend, Text(output) with
        {
            Directions = directions.Split(',', StringSplitOptions.RemoveEmptyEntries),
        }));
        Assert.False(Path.Exists(files.PathOf("escaped")));
    }

    public static TheoryData<string, Action<string>> Nulls => new()
    {
        { "Train", output => _ = Tagger(output) with { Train = null! } },
        { "Dev", output => _ = Tagger(output) with { Dev = null! } },
        { "Output", output => _ = Tagger(output) with { Output = null! } },
        { "Configure", output => _ = Tagger(output) with { Configure = null! } },
        { "Label", output => _ = Tagger(output) with { Label = null! } },
        { "Train", output => _ = Selection(output) with { Train = null! } },
        { "Output", output => _ = Selection(output) with { Output = null! } },
        { "Model", output => _ = Selection(output) with { Model = null! } },
        { "Sources", output => _ = Models(output) with { Sources = null! } },
        { "Sources[1]", output => _ = Models(output) with { Sources = ["x", null!] } },
        { "Valid", output => _ = Models(output) with { Valid = null! } },
        { "Output", output => _ = Models(output) with { Output = null! } },
        { "Directions", output => _ = Models(output) with { Directions = null! } },
        { "Configure", output => _ = Models(output) with { Configure = null! } },
    };

    [Theory, MemberData(nameof(Nulls), DisableDiscoveryEnumeration = true)]
    public void NullIsNamed(string named, Action<string> change) =>
        Assert.Equal(named, Assert.Throws<ArgumentNullException>(() => change("out")).ParamName);

    static TaggerRunOptions Tagger(string output) => new()
    {
        Train = SmallCorpus.Train, Dev = SmallCorpus.Dev, Output = output,
    };

    static LayerSelectionRunOptions Selection(string output) => new()
    {
        Train = SmallCorpus.Train, Dev = SmallCorpus.Dev, Output = output, Model = "none",
    };

    static LanguageModelRunOptions Models(string output) => new()
    {
        Sources = ["none"], Valid = "none", Output = output,
    };

    public static TheoryData<string, PruneOptions?> Prunings => new()
    {
        { "layers", new() { Layers = -1 } },
        { "momentum", new() { Momentum = 2 } },
        { "method", new() { Method = (PruneMethod)9 } },
        { "min_epochs", new() { MinEpochs = 3, MaxEpochs = 2 } },
        { "PruneOptions", null },
    };

    [Theory, MemberData(nameof(Prunings), DisableDiscoveryEnumeration = true)]
    public void LayerSelectionRunNamesTheOption(string named, PruneOptions? options) =>
        Refused(named, output => LayerSelectionRun.Train(backend, new()
        {
            Train = SmallCorpus.Train, Dev = SmallCorpus.Dev, Output = output, Model = files.PathOf("none"),
            Options = options!,
        }));

    [Fact]
    public void MoreLayersThanThereAreAreNotKept()
    {
        LanguageModelRun.Train(backend, new()
        {
            Sources = [Lines("text", SmallCorpus.Text)], Valid = Lines("valid", SmallCorpus.ValidText),
            Output = files.PathOf("lm"), Configure = _ => SmallCorpus.LanguageModel,
        });
        TaggerRun.Train(backend, Tagger(files.PathOf("tagger")) with
        {
            LanguageModels = files.PathOf("lm"), Configure = _ => SmallCorpus.Tagger with { MaxEpochs = 1 },
        });
        Refused("layers: 5 are to be kept, and the tagger's language models have 4 together.",
            output => LayerSelectionRun.Train(backend, Pruned(output, layers: 5)));
        Assert.Equal(1, LayerSelectionRun.Train(backend, Pruned(files.PathOf("all"), layers: 4)).Epochs);

        string Lines(string name, IEnumerable<string[]> text) =>
            files.Write(name, string.Concat(text.Select(words => string.Join(' ', words) + "\n")));

        LayerSelectionRunOptions Pruned(string output, int layers) => Selection(output) with
        {
            Model = files.PathOf("tagger"), Options = new() { Layers = layers, MinEpochs = 0, MaxEpochs = 1 },
        };
    }

    [Fact]
    public void TextsWithoutASentenceAreNamed()
    {
        var none = SmallCorpus.Dev with { Name = "none.conll", Sentences = [] };
        var output = files.PathOf("refused");
        foreach (var (role, train) in new (string, Action)[]
        {
            ("training text", () => TaggerRun.Train(backend, Tagger(output) with { Train = none })),
            ("dev text", () => TaggerRun.Train(backend, Tagger(output) with { Dev = none })),
            ("training text", () => LayerSelectionRun.Train(backend, Selection(output) with { Train = none })),
            ("dev text", () => LayerSelectionRun.Train(backend, Selection(output) with { Dev = none })),
        })
            TestFiles.Refused(train, "none.conll", role, "no sentence");
        using var loaded = TaggerSetup.Create(backend, SmallCorpus.Tagger, SmallCorpus.Train);
        TestFiles.Refused(() => _ = new TaggerEvaluation(loaded.Vocabularies, none), "none.conll", "scored");
        Assert.False(Path.Exists(output));
    }

    [Fact]
    public void EmptyNamesAreShownWithWhatIsExpected()
    {
        foreach (var empty in new[] { "", " " })
        {
            TestFiles.Refused(() => LabelledFile.Load(empty), $"'{empty}': ", "labelled text");
            TestFiles.Refused(() => _ = new Corpus([empty]), $"'{empty}': ", "text");
            TestFiles.Refused(() => LanguageModelRun.Train(backend, Text("out") with { Valid = empty }),
                $"'{empty}': ", "validation text");
            TestFiles.Refused(() => new SyntheticCorpus(Smallest).Write(empty), $"'{empty}'", "output folder");
            foreach (var (expected, load) in new (string, Action)[]
            {
                ("tagger", () => TaggerFolder.Load(backend, empty)),
                ("language model", () => LanguageModelFolder.Load(backend, empty)),
                ("language model", () => LanguageModelFolder.Directions(empty)),
                ("language model", () => TaggerRun.Train(backend, Tagger(files.PathOf("lacking")) with
                {
                    LanguageModels = empty,
                })),
            })
                Assert.Contains(expected, Assert.Throws<NoCheckpointException>(load).Message, StringComparison.Ordinal);
        }
        TestFiles.Refused(() => LanguageModelRun.Train(backend, Text("out") with { Sources = [] }), "sources: ");
        Assert.False(Path.Exists(files.PathOf("lacking")));
    }

    static readonly SyntheticCorpusOptions Smallest = new()
    {
        UnlabelledWords = 100, TrainSentences = 1, DevSentences = 1, TestSentences = 1, TrainNames = 1, DevNames = 1,
        TestNames = 1,
    };

    public static TheoryData<string, SyntheticCorpusOptions> Corpora => new()
    {
        { "unlabelled_words", Smallest with { UnlabelledWords = 99 } },
        { "train_sentences", Smallest with { TrainSentences = -1 } },
        { "dev_sentences", Smallest with { DevSentences = 0 } },
        { "test_sentences", Smallest with { TestSentences = int.MaxValue } },
        { "train_names", Smallest with { TrainNames = 0 } },
        { "dev_names", Smallest with { DevNames = 1001 } },
        { "test_names", Smallest with { TestNames = int.MinValue } },
        { "neutral_share", Smallest with { NeutralShare = double.NaN } },
    };

    [Theory, MemberData(nameof(Corpora), DisableDiscoveryEnumeration = true)]
    public void SyntheticCorporaNameTheOption(string named, SyntheticCorpusOptions options)
    {
        var problem = Assert.Single(Assert.Throws<OptionsException>(() => new SyntheticCorpus(options)).Problems);
        Assert.StartsWith(named + ":", problem, StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData(" "), InlineData("a\0b"), InlineData("FILE"), InlineData("FILE/inner")]
    public void OutputsAreFolders(string name)
    {
        var file = files.Write("taken", "a text of another");
        var output = name.Replace("FILE", file, StringComparison.Ordinal);
        foreach (var train in new Action[]
        {
            () => TaggerRun.Train(backend, new()
            {
                Train = SmallCorpus.Train, Dev = SmallCorpus.Dev, Output = output, Resume = true,
            }),
            () => LanguageModelRun.Train(backend, Text(output)),
            () => LayerSelectionRun.Train(backend, new()
            {
                Train = SmallCorpus.Train, Dev = SmallCorpus.Dev, Output = output, Model = files.PathOf("none"),
            }),
            () => DocumentSplit.SplitFile(file, output, 1, SplitUnit.Sentence),
        })
            Assert.Throws<OutputFolderException>(train);
        Assert.Equal("a text of another", File.ReadAllText(file));
    }

    [Fact]
    public void ARunThatLeavesNothingLeavesNoFolderAndNoLock()
    {
        var output = files.PathOf(Path.Combine("outer", "inner"));
        var run = new TaggerRunOptions
        {
            Train = SmallCorpus.Train, Dev = SmallCorpus.Dev, Output = output, LanguageModels = files.PathOf("none"),
        };
        Assert.ThrowsAny<UserException>(() => TaggerRun.Train(backend, run));
        Assert.False(Path.Exists(files.PathOf("outer")));
        // What was there before stays.
        Directory.CreateDirectory(output);
        Assert.ThrowsAny<UserException>(() => TaggerRun.Train(backend, run));
        Assert.Empty(Directory.EnumerateFileSystemEntries(output));
        Directory.Delete(output);
        Directory.Delete(files.PathOf("outer"));
    }

    [Fact]
    public void ALockThatIsRemovedAndTakenAtOnceHasOneOwner()
    {
        var output = files.PathOf("contended");
        Directory.CreateDirectory(output);
        var (owners, most) = (0, 0);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var i = 0; i < 300; i++)
            {
                if (Train.Checkpoints.FolderLock.TryTake(output) is not { } taken) continue;
                var now = Interlocked.Increment(ref owners);
                if (now > 1) Interlocked.Exchange(ref most, now);
                Thread.Yield();
                Interlocked.Decrement(ref owners);
                taken.Remove();
            }
        });
        Assert.Equal(0, most);
    }

    LanguageModelRunOptions Text(string output) => new()
    {
        Sources = [files.Write("train.txt", "a b c\n")], Valid = files.Write("valid.txt", "a b\n"), Output = output,
    };

    void Refused(string named, Action<string> train)
    {
        var output = files.PathOf("refused");
        var error = Assert.Throws<OptionsException>(() => train(output));
        Assert.Contains(error.Problems, problem => problem.Contains(named, StringComparison.Ordinal));
        Assert.False(Path.Exists(output));
    }
}
