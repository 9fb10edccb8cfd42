using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Kernels;
using LdNetGpu.Tests.Commands;
using LdNetGpu.Train.Models;

namespace LdNetGpu.Tests.Training;

/// <summary>Fine-tuning, folds, sweeps, early stopping, warm-up and clipping of taggers.</summary>
public sealed class PracticeTests(TinyModels tiny)
{
    // Types that the tagger has, and one that it has not.
    const string OtherLabels = "Anna B-PER\nflies O\nto O\nMars B-PLANET\n\nNew B-PLANET\nEarth I-PLANET\nshines O\n\n"
        + "Zoë B-PER\nsleeps O\n\n";

    string[] FineTuning(string output, string model, params string[] more) =>
    [
        "tagger", "train", "--train", tiny.Write("planets.conll", OtherLabels), "--dev",
        tiny.Write("planets-dev.conll", OtherLabels), "--init", model, "--out", output, "--set", "batch_size=2",
        "--set", "word_threshold=0", "--set", "max_epochs=3", .. more,
    ];

    [Fact]
    public void FineTuningKeepsWhatIsKnownAndDrawsWhatIsNew()
    {
        var output = tiny.PathOf("tuned");
        // Without a step the folder holds what the run begins with.
        var run = Ldnet.Run(FineTuning(output, tiny.Tagger, "--set", "learning_rate=0", "--set", "max_epochs=1"))
            .Succeeded();
        Assert.Contains("kept PER; new PLANET; left out", run.Error, StringComparison.Ordinal);
        var backend = new CpuBackend<float>(new CpuDevice(1));
        using var before = TaggerFolder.Load(backend, tiny.Tagger);
        using var after = TaggerFolder.Load(backend, output);
        var (old, now) = (before.Vocabularies, after.Vocabularies);
        Assert.Equal(old.Words.Tokens, now.Words.Tokens.Take(old.Words.Count));
        Assert.True(now.Words.Contains("mars"));
        Assert.True(now.Characters.Vocabulary.Contains("ë"));
        Assert.Equal(["O", "B-PER", "E-PER", "I-PER", "S-PER", "B-PLANET", "E-PLANET", "I-PLANET", "S-PLANET", "<s>",
            "<eof>"], now.Tags.Vocabulary.Tokens);
        var known = before.Tagger.Parameters().ToDictionary(entry => entry.Name, entry => entry.Parameter.ToArray());
        foreach (var (name, parameter) in after.Tagger.Parameters())
        {
            var values = parameter.ToArray();
            var vocabularies = name switch
            {
                "word_embed.weight" => (old.Words, now.Words),
                "char_embed.weight" => (old.Characters.Vocabulary, now.Characters.Vocabulary),
                "crf.hidden2tag.weight" or "crf.hidden2tag.bias" => (old.Tags.Vocabulary, now.Tags.Vocabulary),
                _ => ((Train.Data.Vocabulary, Train.Data.Vocabulary)?)null,
            };
            if (name == "crf.transitions")
                foreach (var from in now.Tags.Vocabulary.Tokens)
                    foreach (var to in now.Tags.Vocabulary.Tokens)
                        Assert.Equal(from.EndsWith("PLANET", StringComparison.Ordinal)
                            || to.EndsWith("PLANET", StringComparison.Ordinal) ? 0
                                : known[name][old.Tags.Vocabulary.Id(from) * old.Tags.Count
                                    + old.Tags.Vocabulary.Id(to)],
                            values[now.Tags.Vocabulary.Id(from) * now.Tags.Count + now.Tags.Vocabulary.Id(to)]);
            else if (vocabularies is not var (first, second)) Assert.Equal(known[name], values);
            else
            {
                var width = values.Length / second.Count;
                for (var id = 0; id < second.Count; id++)
                {
                    var row = values.AsSpan(id * width, width).ToArray();
                    if (first.TryGetId(second[id], out var place))
                        Assert.Equal(known[name].AsSpan(place * width, width).ToArray(), row);
                    else if (!name.EndsWith("bias", StringComparison.Ordinal))
                        Assert.Contains(row, value => value != 0);
                }
            }
        }
    }

    [Fact]
    public void NewRowsAreOfTheSeed()
    {
        byte[] Weights(string name, params string[] more)
        {
            var output = tiny.PathOf(name);
            Ldnet.Run(FineTuning(output, tiny.NoLm, ["--set", "max_epochs=1", .. more])).Succeeded();
            return File.ReadAllBytes(Path.Combine(output, "model.safetensors"));
        }
        var first = Weights("seeded1");
        Assert.Equal(first, Weights("seeded1-again"));
        Assert.NotEqual(first, Weights("seeded2", "--seed", "2"));
    }

    [Fact]
    public void FineTuningIsResumedToTheSameBits()
    {
        string[] Of(string name, params string[] more) => FineTuning(tiny.PathOf(name), tiny.Tagger, more);
        Ldnet.Run(Of("tune-whole")).Succeeded();
        Assert.Equal(130, Ldnet.RunUntil(3, Of("tune-torn")).ExitCode);
        Ldnet.Run(Of("tune-torn", "--resume")).Succeeded();
        Assert.Equal(ResumeTests.Bytes(tiny.PathOf("tune-whole")), ResumeTests.Bytes(tiny.PathOf("tune-torn")));
        Ldnet.Run(FineTuning(tiny.PathOf("tune-torn"), tiny.NoLm, "--resume"))
            .Failed(1, "tagger to begin with", "--resume");
        Ldnet.Run(tiny.TaggerTraining(tiny.NoLm, "--set", "max_epochs=1", "--resume", "--init", tiny.Tagger))
            .Failed(1, "no tagger to begin with");
    }

    [Fact]
    public void APrunedTaggerIsFineTunedWithItsChoiceOfLayers()
    {
        var pruned = tiny.PathOf("pruned-to-tune");
        Ldnet.Run(tiny.Pruning(pruned, "--layers", "4", "--lambda0", "2")).Succeeded();
        var output = tiny.PathOf("tuned-pruned");
        Ldnet.Run(FineTuning(output, pruned)).Succeeded();
        var backend = new CpuBackend<float>(new CpuDevice(1));
        using var before = TaggerFolder.Load(backend, pruned);
        using var after = TaggerFolder.Load(backend, output);
        Assert.Equal(before.Tagger.Forward!.Shape.Stack.Hidden, after.Tagger.Forward!.Shape.Stack.Hidden);
        Assert.Equal(before.Tagger.Forward.Scale?.ToArray(), after.Tagger.Forward.Scale?.ToArray());
        Assert.Equal(before.Tagger.Backward!.Scale?.ToArray(), after.Tagger.Backward!.Scale?.ToArray());
    }

    [Fact]
    public void FoldsTestEverySentenceOnce()
    {
        var output = tiny.PathOf("folds");
        string[] names = ["Anna", "Ben", "Zoë"];
        var text = tiny.Write("folds.conll", string.Concat(
            Enumerable.Range(0, 24).Select(i => $"{names[i % 3]}\tB-PER\n{(i % 2 == 0 ? "sleeps" : "runs")}\tO\n\n")));
        string[] command = ["tagger", "train", "--train", text, "--folds", "3", "--by", "sentence", "--json",
            "--out", output, .. tiny.TaggerTraining(output).SkipWhile(word => word != "--set"),
            "--set", "batch_size=2", "--set", "dropout=0", "--set", "optimizer=adam", "--set", "learning_rate=0.02",
            "--set", "max_epochs=8"];
        var json = Ldnet.Run(command).Succeeded().Json;
        Assert.Equal(3, json["folds"]!.AsArray().Count);
        var scored = Ldnet.Run("score", Path.Combine(output, "predictions.conll"), "--json").Succeeded().Json;
        Assert.True(scored["f1"]!.GetValue<double>() > 0);
        Assert.Equal(scored["f1"]!.GetValue<double>(), json["test_f1_together"]!.GetValue<double>(), 1e-9);
        Assert.Equal(24, File.ReadLines(Path.Combine(output, "predictions.conll")).Count(line => line.Length == 0));
        var words = File.ReadLines(text).Select(line => line.Split('\t')[0]);
        Assert.Equal(words, File.ReadLines(Path.Combine(output, "predictions.conll"))
            .Select(line => line.Split('\t')[0]));
        var before = ResumeTests.Bytes(output);
        Ldnet.Run(command).Failed(1);
        Ldnet.Run([.. command, "--resume"]).Succeeded();
        Assert.Equal(before, ResumeTests.Bytes(output));
        // An interrupted second fold goes on to the same bits.
        string[] torn = [.. command.Select(word => word == output ? tiny.PathOf("folds-torn") : word)];
        Assert.Equal(130, Ldnet.RunUntil(80, torn).ExitCode);
        Ldnet.Run([.. torn, "--resume"]).Succeeded();
        Assert.Equal(before, ResumeTests.Bytes(tiny.PathOf("folds-torn")));
    }

    [Theory]
    [InlineData("""[{"dropout": 0.1}, {"dropout": 0.4, "unit": "gru"}]""", 2)]
    [InlineData("""{"dropout": [0.1, 0.4], "unit": ["gru", "rnn"]}""", 4)]
    public void ASweepTrainsEachSettingsOnce(string json, int count)
    {
        var output = tiny.PathOf($"sweep{count}");
        string[] command = tiny.TaggerTraining(output, "--set", "max_epochs=1", "--sweep",
            tiny.Write($"sweep{count}.json", json), "--json");
        var swept = Ldnet.Run(command).Succeeded().Json;
        var runs = swept["runs"]!.AsArray();
        Assert.Equal(count, runs.Count);
        // After one epoch so small a tagger finds nothing, and none is the best.
        Assert.All(runs, run => Assert.Equal(0, run!["dev_f1"]!.GetValue<double>()));
        Assert.Null(swept["best_run"]);
        var last = JsonNode.Parse(File.ReadAllText(Path.Combine(output, $"run-{count}", "settings.json")))!;
        Assert.Equal("0.4", last["dropout"]!.GetValue<string>());
        Assert.Equal(runs[^1]!["settings"]!["unit"]!.GetValue<string>(), last["unit"]!.GetValue<string>());
        var before = ResumeTests.Bytes(output);
        var again = Ldnet.Run([.. command, "--resume"]).Succeeded();
        Assert.Equal(before, ResumeTests.Bytes(output));
        Assert.DoesNotContain("epoch 1:", again.Error, StringComparison.Ordinal);
        Ldnet.Run(command).Failed(1, "run-1", "already holds a model");
    }

    [Fact]
    public void TheBestRunOfASweepIsChosenByWhatItsRunsStopBy()
    {
        var sweep = tiny.Write("by-loss.json", """{"learning_rate": [0.001, 1]}""");
        string[] command = tiny.TaggerTraining(tiny.PathOf("sweep-by-loss"), "--set", "max_epochs=1", "--sweep", sweep,
            "--set", "stop_by=loss");
        var swept = Ldnet.Run([.. command, "--json"]).Json;
        var losses = swept["runs"]!.AsArray().Select(run => (double)run!["dev_loss"]!).ToList();
        Assert.NotEqual(losses[0], losses[1]);
        Assert.Equal(("loss", losses.IndexOf(losses.Min()) + 1),
            ((string?)swept["best_by"], (int)swept["best_run"]!));
        var table = Ldnet.Run([.. command, "--resume"]).Succeeded().Output;
        Assert.Contains(" dev loss ", table, StringComparison.Ordinal);
        Assert.Contains($"{losses.Min():f4}", table, StringComparison.Ordinal);
        Assert.Contains($"Lowest dev loss: run {swept["best_run"]},", table, StringComparison.Ordinal);
        // Runs that differ in it have F1 in common.
        var mixed = Ldnet.Run([.. command.SkipLast(2).Select(word => word.Replace("by-loss", "mixed",
            StringComparison.Ordinal)).SkipLast(1), tiny.Write("mixed.json", """{"stop_by": ["loss", "f1"]}"""),
            "--json"]).Json;
        Assert.Equal("f1", (string?)mixed["best_by"]);
        Assert.Null(mixed["best_run"]);
    }

    [Fact]
    public void ASweepGoesOnBehindARunThatDiverges()
    {
        var run = Ldnet.Run(tiny.TaggerTraining(tiny.PathOf("sweep-diverging"), "--set", "max_epochs=1", "--sweep",
            tiny.Write("diverging.json", """{"learning_rate": [1000, 0.1], "clip_norm": [0], "optimizer": ["adam"]}"""),
            "--json")).Succeeded();
        var runs = run.Json["runs"]!.AsArray();
        Assert.Equal(2, runs.Count);
        Assert.NotNull(runs[1]!["dev_f1"]);
    }

    [Theory]
    [InlineData("""[{"dropout": 2}]""", "run 1", "dropout: '2'")]
    [InlineData("""[{"dropout": 0.5}, {"dropot": 0.5}]""", "run 2", "did you mean dropout?")]
    [InlineData("""[{"dropout": 0.1}, {"dropout": 0.1}]""", "run 2: the same settings as run 1")]
    [InlineData("""[]""", "holds no run")]
    [InlineData("""{"dropout": []}""", "holds no run")]
    [InlineData("""{"dropout": 0.1}""", "expected a list of objects")]
    [InlineData("""[0.1]""", "run 1: expected a list of objects")]
    [InlineData("""[{"dropout": 0.1}""", "line 1", "not valid JSON")]
    public void ASweepThatIsNoneIsRefused(string json, params string[] words) =>
        Ldnet.Run(tiny.TaggerTraining(tiny.PathOf("no-sweep"), "--sweep", tiny.Write("wrong.json", json)))
            .Failed(1, ["wrong.json", .. words]);

    [Fact]
    public void TheBestEpochByLossHasTheLowestLoss()
    {
        var output = tiny.PathOf("by-loss");
        // The rate is so high that losses rise again.
        var json = Ldnet.Run(tiny.TaggerTraining(output, "--set", "stop_by=loss", "--set", "learning_rate=1", "--set",
            "max_epochs=12", "--set", "patience=2", "--json")).Succeeded().Json["seeds"]![0]!;
        var losses = Metrics(output).Select(line => line["dev_loss"]!.GetValue<double>()).ToArray();
        var best = Array.IndexOf(losses, losses.Min()) + 1;
        Assert.Equal(best, json["best_epoch"]!.GetValue<int>());
        Assert.True(losses.Length == 12 || losses.Length == best + 2, $"{losses.Length} epochs, the best is {best}.");
    }

    [Fact]
    public void StoppingByALossThatThereIsNotIsRefused() => Ldnet.Run("tagger", "train", "--train", tiny.TrainFile,
        "--dev",
        tiny.Write("planets-only.conll", "Mars B-PLANET\n\n"), "--out", tiny.PathOf("no-loss"), "--set",
        "stop_by=loss")
        .Failed(1, "no dev loss", "planets-only.conll");

    [Fact]
    public void WarmUpRaisesTheRateStepByStep()
    {
        var output = tiny.PathOf("warm");
        // Five steps an epoch; the rate is 0.1/(1 + 0.3·e).
        Ldnet.Run(tiny.TaggerTraining(output, "--set", "warmup_steps=8")).Succeeded();
        var rates = Metrics(output).Select(line => line["learning_rate"]!.GetValue<double>()).ToArray();
        Assert.Equal([0.1 * 5 / 8, 0.1 / 1.3, 0.1 / 1.6], rates);
    }

    [Fact]
    public void WarmUpIsResumedToTheSameBits()
    {
        string[] Of(string name, params string[] more) => tiny.TaggerTraining(tiny.PathOf(name),
            ["--set", "warmup_steps=8", "--set", "label_weights=O=0.3", "--set", "stop_by=loss", .. more]);
        Ldnet.Run(Of("warm-whole")).Succeeded();
        Assert.Equal(130, Ldnet.RunUntil(3, Of("warm-torn")).ExitCode);
        Ldnet.Run(Of("warm-torn", "--resume")).Succeeded();
        Assert.Equal(ResumeTests.Bytes(tiny.PathOf("warm-whole")), ResumeTests.Bytes(tiny.PathOf("warm-torn")));
    }

    [Theory, InlineData("0.001", 5), InlineData("1000", 0), InlineData("0", 0)]
    public void ClippedStepsAreCounted(string clipNorm, int clipped)
    {
        var output = tiny.PathOf("clip" + clipNorm);
        var run = Ldnet.Run(tiny.TaggerTraining(output, "--set", "clip_norm=" + clipNorm)).Succeeded();
        Assert.All(Metrics(output), line =>
        {
            Assert.Equal(clipped, line["clipped_steps"]!.GetValue<int>());
            Assert.InRange(line["gradient_norm"]!.GetValue<double>(), 0.01, 100);
        });
        if (clipNorm == "0") Assert.DoesNotContain("clipped", run.Error, StringComparison.Ordinal);
        else Assert.Contains($"{clipped} of 5 steps clipped", run.Error, StringComparison.Ordinal);
    }

    static JsonNode[] Metrics(string output) =>
        [.. File.ReadLines(Path.Combine(output, "metrics.jsonl")).Select(line => JsonNode.Parse(line)!)];
}
