using System.Text.Json.Nodes;
using LdNetGpu.Tests.Training;

namespace LdNetGpu.Tests.Commands;

/// <summary>Whole programs on CUDA: the processor's results within rounding, and the same bits after a kill.</summary>
public sealed class CudaTrainingTests
{
    /// <summary>
    /// As little as gives an F1 to compare: half a minute where a processor stands in for the GPU. No Adam, which makes
    /// steps of rounding errors.
    /// </summary>
    const string SmallQuickstart =
        """
        {
            "lm": {
                "embedding_size": 16, "layers": 2, "hidden_size": 16, "projection_size": 24, "cutoffs": [40], "batch_size": 16, "max_epochs": 1,
                "optimizer": "adagrad", "learning_rate": 0.15
            },
            "tagger": {
                "char_embedding": 6, "char_hidden": 8, "word_embedding": 10, "word_hidden": 12, "lm_projection": 12, "batch_size": 5, "max_epochs": 4,
                "learning_rate": 0.1, "dropout": 0.2
            },
            "prune": { "lambda0": 0.6, "learning_rate": 0.2, "batch_size": 5, "min_epochs": 1, "max_epochs": 3 },
            "data": {
                "unlabelled_words": 8000, "train_sentences": 80, "dev_sentences": 30, "test_sentences": 60,
                "train_names": 12, "dev_names": 4, "test_names": 4
            }
        }
        """;

    readonly TinyModels tiny;

    public CudaTrainingTests(TinyModels tiny)
    {
        this.tiny = tiny;
        if (CudaForTests.WhyNot is { } problem) Assert.Skip(problem.Split('\n')[0]);
        CudaForTests.Open().Dispose();
    }

    [Fact]
    public void QuickstartGivesTheProcessorsTable()
    {
        var settings = tiny.Write("small-quickstart.json", SmallQuickstart);
        JsonNode Table(string device) => Succeeded(LdnetProcess.Run(
            "quickstart", "--device", device, "--config", settings, "--seed", "2", "--threads", "1", "--speed-seconds",
            "0", "--json"));
        var (expected, found) = (Table("cpu"), Table("cuda"));
        foreach (var direction in new[] { "forward", "backward" })
            Assert.Equal(1, Number(found["perplexity"]!, direction) / Number(expected["perplexity"]!, direction), 1e-3);
        var taggers = expected["taggers"]!.AsArray().Zip(found["taggers"]!.AsArray()).ToArray();
        Assert.All(taggers, pair =>
        {
            Assert.Equal(pair.First!["layers_kept"]!.GetValue<string>(),
                pair.Second!["layers_kept"]!.GetValue<string>());
            Assert.Equal(Number(pair.First, "multiply_adds_per_word"), Number(pair.Second, "multiply_adds_per_word"));
            // A sentence or two that rounding decides.
            Assert.Equal(Number(pair.First, "test_f1"), Number(pair.Second, "test_f1"), 3.0);
        });
        Assert.True(Number(taggers[^1].Second!, "test_f1") > 20, "too little is learnt for F1 to say anything.");
    }

    [Theory, InlineData("linear with relu"), InlineData("crf"), InlineData("tagger with language models, dropout")]
    public void GradientsHold(string filter) =>
        Assert.True(
            Succeeded(LdnetProcess.Run("gradcheck", "--device", "cuda", "--filter", filter,
                "--json"))["passed"]!.GetValue<bool>());

    [Fact]
    public void KilledLanguageModelResumesToTheSameBits() =>
        SameBits("cuda-lm", output => tiny.LanguageModelTraining(output, "--direction", "forward"), "forward");

    [Fact]
    public void KilledTaggerResumesToTheSameBits() =>
        SameBits("cuda-tagger", output => tiny.TaggerTraining(output, "--lm", tiny.LanguageModels), "");

    [Fact]
    public void KilledLayerSelectionResumesToTheSameBits() =>
        SameBits("cuda-pruned", output => tiny.Pruning(output, "--layers", "4", "--lambda0", "2"), "");

    /// <summary>
    /// Runs once through, and once killed soon after the first checkpoint and once more after the next, and compares
    /// what the folders hold.
    /// </summary>
    void SameBits(string name, Func<string, string[]> training, string folder)
    {
        var (whole, torn) = (tiny.PathOf(name + "-whole"), tiny.PathOf(name + "-torn"));
        string[] Command(string output) => [.. training(output), "--device", "cuda", "--threads", "1"];
        Assert.Equal("", Ended(LdnetProcess.Run(Command(whole))));
        var state = Path.Combine(torn, folder, "training.safetensors");
        foreach (var milliseconds in new[] { 0, 150 })
        {
            var before = File.Exists(state) ? File.GetLastWriteTimeUtc(state) : default;
            using var process = LdnetProcess.Start([.. Command(torn), "--resume"]);
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            while ((!File.Exists(state) || File.GetLastWriteTimeUtc(state) == before) && !process.HasExited)
                Thread.Sleep(5);
            Assert.False(process.HasExited, "training was over before it could be killed: give it more to do.");
            // Inside a step, as a rule.
            Thread.Sleep(milliseconds);
            process.Kill();
            process.WaitForExit();
        }
        Assert.Equal("", Ended(LdnetProcess.Run([.. Command(torn), "--resume"])));
        Assert.Equal(ResumeTests.Bytes(Path.Combine(whole, folder)), ResumeTests.Bytes(Path.Combine(torn, folder)));
    }

    static string Ended(LdnetProcess run) => run.ExitCode == 0 ? "" : run.Error;

    static JsonNode Succeeded(LdnetProcess run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonNode.Parse(run.Output)!;
    }

    static double Number(JsonNode node, string key) => node[key]!.GetValue<double>();
}
