using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Tests.Data;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Data;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Training;

/// <summary>The trainers as a C# program uses them: progress, cancellation, going on.</summary>
public sealed class TrainerTests : IDisposable
{
    readonly CpuBackend<float> backend = new(new CpuDevice(1));
    readonly TestFiles files = TestFiles.InMemory();

    public void Dispose() => files.Dispose();

    [Fact]
    public void CancelledTaggerIsSavedAndGoesOnToTheSameBits()
    {
        Assert.False(Tagger("whole", resume: false, new CancelledProgress(int.MaxValue)).WasInterrupted);
        Assert.True(Tagger("torn", resume: false, new CancelledProgress(5)).WasInterrupted);
        Assert.False(Tagger("torn", resume: true, new CancelledProgress(int.MaxValue)).WasInterrupted);
        SameBits("whole", "torn");
    }

    [Fact]
    public void CancelledLanguageModelIsSavedAndGoesOnToTheSameBits()
    {
        Assert.False(LanguageModel("lm-whole", resume: false, new CancelledProgress(int.MaxValue)).WasInterrupted);
        Assert.True(LanguageModel("lm-torn", resume: false, new CancelledProgress(7)).WasInterrupted);
        Assert.False(LanguageModel("lm-torn", resume: true, new CancelledProgress(int.MaxValue)).WasInterrupted);
        SameBits("lm-whole", "lm-torn");
    }

    [Fact]
    public void ProgressRisesToTheTotal()
    {
        var heard = new CancelledProgress(int.MaxValue);
        LanguageModel("progress", resume: false, heard);
        Assert.Equal(heard.Reports.Select(report => report.Done).Order(), heard.Reports.Select(report => report.Done));
        Assert.Equal(heard.Reports[^1].Total, heard.Reports[^1].Done);
        Assert.All(heard.Reports,
            report => Assert.Equal(("forward language model", "tokens"), (report.Label, report.Unit)));
        Assert.Contains(heard.Reports, report => report.Message?.Contains("valid", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void EvaluationThatIsCancelledThrows()
    {
        using var loaded = TaggerSetup.Create(backend, SmallCorpus.Tagger, SmallCorpus.Train);
        Assert.Throws<OperationCanceledException>(() =>
            new TaggerEvaluation(loaded.Vocabularies, SmallCorpus.Dev).Score(loaded.Tagger,
                cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void AFoldersEvaluationIsFollowedAndCancelled()
    {
        Tagger("scored", resume: false, new CancelledProgress(int.MaxValue));
        var heard = new CancelledProgress(int.MaxValue);
        var report = TaggerEvaluation.Score(backend, files.PathOf("scored"), SmallCorpus.Dev, heard, heard.Token);
        Assert.Equal(SmallCorpus.Dev.WordCount, heard.Reports[^1].Done);
        Assert.Equal(SmallCorpus.Dev.WordCount, report.Tokens);
        Assert.Throws<OperationCanceledException>(() => TaggerEvaluation.Score(backend, files.PathOf("scored"),
            SmallCorpus.Dev, cancellation: new CancellationToken(canceled: true)));
    }

    TaggerResult Tagger(string folder, bool resume, CancelledProgress cancelled)
    {
        using var loaded = TaggerSetup.Create(backend, SmallCorpus.Tagger, SmallCorpus.Train);
        using var trainer = new TaggerTrainer(loaded.Tagger, loaded.Vocabularies, TaggerSchedule.Of(SmallCorpus.Tagger),
            SmallCorpus.Train, SmallCorpus.Dev, new CheckpointFolder(files.PathOf(folder)), seed: 1);
        if (resume) trainer.Resume();
        return trainer.Run(cancelled, cancelled.Token);
    }

    LanguageModelResult LanguageModel(string folder, bool resume, CancelledProgress cancelled)
    {
        var vocabulary = Vocabulary.ForLanguageModel(TokenCounts.Of(SmallCorpus.Text), rareCount: 0);
        var config = new LanguageModelConfig(LanguageModelConfig.KindName, "forward", vocabulary.Count,
            SmallCorpus.LanguageModel);
        using var trainer = new LanguageModelTrainer(backend, config, vocabulary,
            TokenArray.Encode(SmallCorpus.Text, vocabulary), TokenArray.Encode(SmallCorpus.ValidText, vocabulary),
            new CheckpointFolder(files.PathOf(folder)), seed: 1);
        if (resume) trainer.Resume();
        return trainer.Run(cancelled, cancelled.Token);
    }

    void SameBits(string whole, string torn)
    {
        foreach (var name in new[] { "model.safetensors", "training.safetensors" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(files.PathOf(whole), name)),
                File.ReadAllBytes(Path.Combine(files.PathOf(torn), name)));
    }
}
