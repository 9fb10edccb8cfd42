using System.Text.Json.Nodes;

namespace LdNetGpu.Tests.Training;

/// <summary>What the dev text chooses, where it can choose, and what is said where it cannot.</summary>
public sealed class DevTextTests : IDisposable
{
    readonly SmallFiles files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void EpochsOfF1ZeroNeitherEndTheRunNorLeaveTheFirstModel()
    {
        var result = files.Train(SmallFiles.Names, SmallFiles.Names, "--set", "max_epochs=99", "--set", "patience=3",
            "--set", "learning_rate=0.05", "--json").Json;
        var seed = result["seeds"]![0]!;
        Assert.True(seed["dev_f1"]!.GetValue<double>() > 0, result.ToJsonString());
        var metrics = Metrics();
        var firstAboveZero = Array.FindIndex(metrics, line => F1(line) > 0);
        // More epochs of F1 0 than the patience went before it.
        Assert.True(firstAboveZero > 3, $"F1 above 0 in epoch {firstAboveZero + 1}");
        Assert.True(seed["best_epoch"]!.GetValue<int>() > firstAboveZero);
    }

    [Fact]
    public void AmongEpochsOfOneF1TheLowestDevLossIsBest()
    {
        var result = files.Train(SmallFiles.Names, SmallFiles.Names, "--set", "max_epochs=9", "--json").Json;
        var metrics = Metrics();
        Assert.All(metrics, line => Assert.Equal(0, F1(line)));
        var losses = Array.ConvertAll(metrics, line => line["dev_loss"]!.GetValue<double>());
        var best = result["seeds"]![0]!["best_epoch"]!.GetValue<int>();
        Assert.Equal(Array.IndexOf(losses, losses.Min()) + 1, best);
        Assert.NotEqual(1, best);
    }

    [Fact]
    public void DevTextWithoutSpansIsSaidAtTheStart()
    {
        var run = files.Train(SmallFiles.Names, "Ann O\nran O\n\nbob O\n").Succeeded();
        var lines = run.Error.Split('\n');
        var said = Array.FindIndex(lines, line => line.Contains("dev.conll: holds no spans", StringComparison.Ordinal));
        Assert.InRange(said, 0, Array.FindIndex(lines, line => line.StartsWith("epoch 1:", StringComparison.Ordinal)));
        Assert.Contains("The loss alone tells the epochs apart.", lines[said], StringComparison.Ordinal);
    }

    [Fact]
    public void TypesThatTrainingNeverShowsAreSaidAtTheStart()
    {
        var dev = SmallFiles.Names.Replace("PER", "per").Replace("LOC", "loc").Replace("ORG", "org");
        var run = files.Train(SmallFiles.Names, dev).Succeeded();
        Assert.Contains("dev.conll: types loc, org, per do not occur in ", run.Error, StringComparison.Ordinal);
        Assert.Contains("train.conll: F1 on it is 0 whatever is predicted.", run.Error, StringComparison.Ordinal);
        // No dev loss either: the training loss, which falls, decides.
        Assert.All(Metrics(), line => Assert.Null(line["dev_loss"]));
    }

    [Fact]
    public void OneUnknownTypeOfSeveralIsNamedAlone()
    {
        var run = files.Train(SmallFiles.Names, SmallFiles.Names.Replace("LOC", "GPE")).Succeeded();
        Assert.Contains("dev.conll: type GPE does not occur in ", run.Error, StringComparison.Ordinal);
        Assert.Contains("their spans count as missed", run.Error, StringComparison.Ordinal);
        Assert.All(Metrics(), line => Assert.True(line["dev_loss"]!.GetValue<double>() > 0));
    }

    [Fact]
    public void TestTextAndEvaluationSayTheSame()
    {
        var test = files.Write("test.conll", "Ann\tB-per\nran\tO\n");
        var run = files.Train(SmallFiles.Names, SmallFiles.Names, "--test", test).Succeeded();
        Assert.Contains("test.conll: type per does not occur in ", run.Error, StringComparison.Ordinal);
        var score = Commands.Ldnet.Run("eval", "--model", files.PathOf("out"), "--data", test).Succeeded();
        Assert.Contains("test.conll: type per does not occur in the tagger's tags", score.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TextThatKnowsEveryTypeIsNotSpokenOf() => Assert.DoesNotContain("dev.conll:",
        files.Train(SmallFiles.Names, SmallFiles.Names).Succeeded().Error, StringComparison.Ordinal);

    JsonNode[] Metrics() =>
        [.. File.ReadLines(Path.Combine(files.PathOf("out"), "metrics.jsonl")).Select(line => JsonNode.Parse(line)!)];

    static double F1(JsonNode line) => line["dev_f1"]!.GetValue<double>();
}
