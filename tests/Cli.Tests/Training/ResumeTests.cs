using System.Text.Json.Nodes;
using LdNetGpu.Tests.Commands;

namespace LdNetGpu.Tests.Training;

/// <summary>A run that was interrupted and resumed leaves the same bytes as one that was not.</summary>
public sealed class ResumeTests(TinyModels tiny)
{
    [Theory, InlineData(1), InlineData(17), InlineData(20), InlineData(43)]
    public void LanguageModel(int steps) =>
        SameBits($"lm{steps}", [steps], output => tiny.LanguageModelTraining(output, "--direction", "forward"),
            "forward");

    [Fact]
    public void BothDirectionsInterruptedInEach() =>
        SameBits("both", [23, 57], output => tiny.LanguageModelTraining(output), "forward", "backward");

    [Theory, InlineData("gru", 33), InlineData("rnn", 5)]
    public void LanguageModelOfOtherUnits(string unit, int steps) => SameBits(unit, [steps],
        output => tiny.LanguageModelTraining(output, "--direction", "backward", "--set", "unit=" + unit, "--set",
            "optimizer=adagrad"),
        "backward");

    [Theory, InlineData(2), InlineData(5), InlineData(8), InlineData(14)]
    public void TaggerWithoutLanguageModels(int steps) =>
        SameBits($"nolm{steps}", [steps], output => tiny.TaggerTraining(output), "");

    [Theory, InlineData(3), InlineData(7), InlineData(11)]
    public void TaggerOnLanguageModels(int steps) =>
        SameBits($"tagger{steps}", [steps, 2], output => tiny.TaggerTraining(output, "--lm", tiny.LanguageModels), "");

    [Fact]
    public void TaggerThatMixesLayers() =>
        SameBits("elmo", [6],
            output => tiny.TaggerTraining(output, "--lm", tiny.LanguageModels, "--set", "lm_mixing=elmo"), "");

    [Fact]
    public void SecondOfTwoSeeds() =>
        SameBits("seeds", [19], output => tiny.TaggerTraining(output, "--seeds", "2"), "seed-1", "seed-2");

    [Theory, InlineData("z", "2", 4), InlineData("z", "2", 9), InlineData("l1", "3", 7)]
    [InlineData("group-lasso", "3", 3), InlineData("group-lasso", "3", 12)]
    public void LayerSelection(string method, string lambda, int steps) => SameBits($"{method}{steps}", [steps],
        output => tiny.Pruning(output, "--layers", "4", "--lambda0", lambda, "--method", method), "");

    [Fact]
    public void FinishedRunResumedStaysAsItIs()
    {
        var output = tiny.PathOf("finished");
        Ldnet.Run(tiny.TaggerTraining(output)).Succeeded();
        var before = Bytes(output);
        Ldnet.Run(tiny.TaggerTraining(output, "--resume")).Succeeded();
        Assert.Equal(before, Bytes(output));
    }

    [Fact]
    public void ResumeOfNothingStartsAndSaysSo()
    {
        var run = Ldnet.Run(tiny.TaggerTraining(tiny.PathOf("nothing"), "--resume", "--set", "max_epochs=1"))
            .Succeeded();
        Assert.Contains("nothing to resume", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void InterruptedRunSaysHowToGoOn()
    {
        var output = tiny.PathOf("message");
        var run = Ldnet.RunUntil(3, tiny.LanguageModelTraining(output));
        Assert.Equal(130, run.ExitCode);
        Assert.Contains("--resume", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void LearningRateCanBeLoweredOnResume()
    {
        var output = tiny.PathOf("lower");
        Ldnet.RunUntil(3, tiny.LanguageModelTraining(output, "--direction", "forward"));
        Ldnet.Run(tiny.LanguageModelTraining(output, "--direction", "forward", "--resume", "--set",
            "learning_rate=0.002")).Succeeded();
        var last = JsonNode.Parse(File.ReadLines(Path.Combine(output, "forward", "metrics.jsonl")).Last())!;
        Assert.Equal(0.002, last["learning_rate"]!.GetValue<double>());
    }

    [Fact]
    public void AnotherTextOrBatchSizeCannotBeResumed()
    {
        var output = tiny.PathOf("other");
        Ldnet.RunUntil(3, tiny.LanguageModelTraining(output, "--direction", "forward"));
        Ldnet Resumed(params string[] change) =>
            Ldnet.Run(tiny.LanguageModelTraining(output, ["--direction", "forward", "--resume", .. change]));
        Resumed("--set", "steps=5").Failed(1, "with steps=10; this one has steps=5");
        Resumed("--train", tiny.ValidText).Failed(1, "saved by a run with", "streams of 10 steps");
        Resumed("--set", "hidden_size=4").Failed(1, "forward", "with hidden_size=5; this one has hidden_size=4");
    }

    /// <summary>
    /// Runs once through, and once interrupted after each of the given steps, and compares what the folders hold.
    /// </summary>
    void SameBits(string name, int[] interruptions, Func<string, string[]> command, params string[] folders)
    {
        var (whole, torn) = (tiny.PathOf(name + "-whole"), tiny.PathOf(name + "-torn"));
        Ldnet.Run(command(whole)).Succeeded();
        string[] resume = [];
        foreach (var steps in interruptions)
        {
            Assert.Equal(130, Ldnet.RunUntil(steps, [.. command(torn), .. resume]).ExitCode);
            resume = ["--resume"];
        }
        Ldnet.Run([.. command(torn), .. resume]).Succeeded();
        foreach (var folder in folders)
        {
            var (expected, found) = (Bytes(Path.Combine(whole, folder)), Bytes(Path.Combine(torn, folder)));
            Assert.Equal(expected.Keys, found.Keys);
            foreach (var (file, bytes) in expected) Assert.True(bytes == found[file], $"{folder}/{file} differs.");
        }
    }

    /// <summary>A checkpoint's files as hexadecimal text, what depends on the clock left out.</summary>
    internal static SortedDictionary<string, string> Bytes(string folder) =>
        new(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "manifest.json")
            .ToDictionary(file => Path.GetRelativePath(folder, file), file => Path.GetFileName(file) == "metrics.jsonl"
                ? string.Join('\n', File.ReadLines(file).Select(WithoutRates))
                : Convert.ToHexString(File.ReadAllBytes(file))), StringComparer.Ordinal);

    static string WithoutRates(string line)
    {
        var record = JsonNode.Parse(line)!.AsObject();
        record.Remove("tokens_per_second");
        record.Remove("words_per_second");
        return record.ToJsonString();
    }
}
