using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Kernels.Recurrent;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Data;
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
