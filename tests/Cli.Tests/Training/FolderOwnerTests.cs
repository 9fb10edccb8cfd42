using System.Text.Json.Nodes;
using LdNetGpu.Tests.Commands;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Tests.Training;

/// <summary>One folder, one run at a time; the end of a run, of any kind, gives the folder free.</summary>
public sealed class FolderOwnerTests(TinyModels tiny)
{
    [Theory, InlineData("tagger"), InlineData("lm"), InlineData("prune"), InlineData("seeds")]
    public void SecondRunIsRefusedAtOnceAndTheFirstGoesOn(string command)
    {
        var output = tiny.PathOf($"{command}-owned");
        var folder = Path.Combine(output, command switch { "lm" => "backward", "seeds" => "seed-2", _ => "" });
        string[] Command(params string[] more) => command switch
        {
            "tagger" => tiny.TaggerTraining(output, ["--set", "max_epochs=100000", .. more]),
            "seeds" => tiny.TaggerTraining(output, ["--seeds", "3", "--set", "max_epochs=100000", .. more]),
            "lm" => tiny.LanguageModelTraining(output, ["--set", "max_epochs=100000", .. more]),
            _ => tiny.Pruning(output, ["--layers", "4", "--set", "max_epochs=100000", .. more]),
        };
        using var first = LdnetProcess.Start([.. Command("--set", "patience=100000"), "--threads", "1"]);
        var messages = first.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (!File.Exists(Path.Combine(folder, ".lock")) && !first.HasExited) Thread.Sleep(5);
        foreach (var resume in new string[][] { [], ["--resume"] })
            Ldnet.Run([.. Command("--set", "patience=100000"), .. resume]).Failed(1, "in use", "another --out");
        Assert.False(first.HasExited);
        first.Kill();
        first.WaitForExit();
        // Death gives it free.
        Assert.Equal(130, Ldnet.RunUntil(3, [.. Command("--set", "patience=100000"), "--resume"]).ExitCode);
    }

    [Fact]
    public void QuickstartLeavesTheTextsOfAnotherAlone()
    {
        var output = tiny.PathOf("quickstarts");
        var text = tiny.Write(Path.Combine("quickstarts", "data", "train.conll"), SmallFiles.Names);
        using (OutputFolder.Claim(new(output), kind: null, resume: false))
            Ldnet.Run("quickstart", "--out", output).Failed(1, "in use", "another --out");
        tiny.Write(Path.Combine("quickstarts", "lm", "backward", "config.json"), "{}");
        var taken = Ldnet.Run("quickstart", "--out", output).Failed(1, "already holds a model", "another --out");
        Assert.DoesNotContain("--resume", taken.Error, StringComparison.Ordinal);
        Assert.Equal(SmallFiles.Names, File.ReadAllText(text));
    }

    [Fact]
    public void RunsAfterEachOtherInOneProcessMeetNoLock()
    {
        var output = tiny.PathOf("one-after-the-other");
        Ldnet.RunUntil(3, tiny.TaggerTraining(output));
        Ldnet.Run(tiny.TaggerTraining(output)).Failed(1, "already holds a model");
        Ldnet.Run(tiny.TaggerTraining(output, "--set", "dropout=0.1", "--resume")).Failed(1, "dropout=0.5");
        Ldnet.Run(tiny.TaggerTraining(output, "--resume")).Succeeded();
        var epochs = File.ReadLines(Path.Combine(output, "metrics.jsonl"))
            .Select(line => JsonNode.Parse(line)!["epoch"]!.GetValue<int>());
        Assert.Equal([1, 2, 3], epochs);
    }

    [Fact]
    public void ReadersOfALiveRunMeetNoLock()
    {
        var output = tiny.PathOf("read-while-written");
        using var first = LdnetProcess.Start([.. tiny.TaggerTraining(output, "--set", "max_epochs=100000", "--set",
            "patience=100000"), "--threads", "1"]);
        var messages = first.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (!File.Exists(Path.Combine(output, "manifest.json")) && !first.HasExited) Thread.Sleep(5);
        Ldnet.Run("tag", "--model", output, tiny.Write("read.txt", "Ann lives here .\n")).Succeeded();
        Assert.False(first.HasExited);
        first.Kill();
    }

    [Fact]
    public void TheTwoDirectionsMayBeTrainedSideBySide()
    {
        var output = tiny.PathOf("side-by-side");
        using var forward = LdnetProcess.Start(
            [.. tiny.LanguageModelTraining(output, "--direction", "forward", "--set", "max_epochs=100000"), "--threads",
                "1"]);
        var messages = forward.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (!File.Exists(Path.Combine(output, "forward", "manifest.json")) && !forward.HasExited) Thread.Sleep(5);
        Ldnet.Run(tiny.LanguageModelTraining(output, "--direction", "backward")).Succeeded();
        Assert.False(forward.HasExited);
        forward.Kill();
    }
}
