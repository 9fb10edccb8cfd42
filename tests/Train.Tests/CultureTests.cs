using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Tests.Data;
using LdNetGpu.Tests.Training;
using LdNetGpu.Train;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Data.Embeddings;
using LdNetGpu.Train.Metrics;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests;

/// <summary>A program's culture changes neither files nor texts, nor how they are read.</summary>
public sealed class CultureTests : IDisposable
{
    readonly TestFiles files = TestFiles.InMemory();

    public void Dispose() => files.Dispose();

    [Fact]
    public void TheCultureIsAnother()
    {
        using var german = new GermanCulture();
        Assert.Equal("\u22121.234,5", $"{-1234.5:N1}");
    }

    [Fact]
    public void AFolderAndItsProgressAreTheSame()
    {
        var messages = Train("invariant");
        using (new GermanCulture()) Assert.Equal(messages, Train("german"));
        Assert.Contains(messages, message => message.Contains("dev F1 ", StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(files.PathOf("invariant"), "*", SearchOption.AllDirectories))
        {
            var other = Path.Combine(files.PathOf("german"), Path.GetRelativePath(files.PathOf("invariant"), file));
            Assert.True(WithoutSpeed(file).SequenceEqual(WithoutSpeed(other)), file);
        }
    }

    [Fact]
    public void VectorsAndSettingsAreReadTheSame()
    {
        var glove = files.Write("glove", "the 1.5 -2\n");
        using var german = new GermanCulture();
        Assert.Equal([1.5f, -2f], EmbeddingFile.Load(glove).Vectors["the"]);
        var setting = SettingsSchema<TaggerOptions>.Instance.Find("learning_rate")!;
        Assert.True(setting.TryParse("0.5", out var value, out _));
        Assert.Equal(0.5, value);
        Assert.Equal("0.5", setting.TextIn(new TaggerOptions { LearningRate = 0.5 }));
    }

    [Fact]
    public void FiguresAreWrittenTheSame()
    {
        using var german = new GermanCulture();
        Assert.Equal("0.50 ± 0.71", MeanAndDeviation.Of([0, 1]).ToString());
        Assert.Equal("text, line 1234, byte 5: bad", new InputException("text", 1234, "bad", column: 5).Message);
    }

    List<string> Train(string folder)
    {
        var backend = new CpuBackend<float>(new CpuDevice(1));
        using var loaded = TaggerSetup.Create(backend, SmallCorpus.Tagger, SmallCorpus.Train);
        using var trainer = new TaggerTrainer(loaded.Tagger, loaded.Vocabularies, TaggerSchedule.Of(SmallCorpus.Tagger),
            SmallCorpus.Train, SmallCorpus.Dev, new CheckpointFolder(files.PathOf(folder)), seed: 1);
        var heard = new Messages();
        trainer.Run(heard, CancellationToken.None);
        return heard.All;
    }

    // Words a second and seconds are those of the run, and with them the manifest's checksum of the metrics.
    static IEnumerable<string> WithoutSpeed(string file) => Path.GetFileName(file) is "manifest.json"
        ? []
        : File.ReadAllLines(file, System.Text.Encoding.Latin1)
            .Select(line => line.Contains("per_second", StringComparison.Ordinal)
            ? string.Join(',', line.Split(',').Where(part => !part.Contains("second", StringComparison.Ordinal)))
            : line);

    sealed class Messages : IProgress<WorkProgress>
    {
        public List<string> All { get; } = [];

        public void Report(WorkProgress value)
        {
            if (value.Message is { } message) All.Add(message);
        }
    }
}
