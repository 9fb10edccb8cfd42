using System.Globalization;
using System.Text.Json.Nodes;
using LdNetGpu.Tests.Commands;

namespace LdNetGpu.Tests.Training;

/// <summary>The last line of a work's progress has the figures that it ended with.</summary>
public sealed class FinalProgressTests(TinyModels tiny)
{
    [Fact]
    public void OfALanguageModel()
    {
        var output = tiny.PathOf("last-line-lm");
        var run = Ldnet.Run(tiny.LanguageModelTraining(output, "--direction", "forward")).Succeeded();
        var (last, metrics) = Last(run, "forward language model: ", Path.Combine(output, "forward"));
        Assert.Contains(
            FormattableString.Invariant($"valid perplexity {metrics["valid_perplexity"]!.GetValue<double>():f2}"), last,
            StringComparison.Ordinal);
        Assert.Contains("(100 %)", last, StringComparison.Ordinal);
        // All of it was trained before: this run has no speed.
        var (again, _) = Last(Ldnet.Run(tiny.LanguageModelTraining(output, "--direction", "forward", "--resume"))
            .Succeeded(), "forward language model: ", Path.Combine(output, "forward"));
        Assert.Contains("(100 %), in ", again, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void OfATagger(bool prunes)
    {
        var output = tiny.PathOf($"last-line-{prunes}");
        var run = Ldnet.Run(prunes ? tiny.Pruning(output, "--layers", "6")
            : tiny.TaggerTraining(output)).Succeeded();
        var (last, metrics) = Last(run, prunes ? "layer selection, seed 1: " : "tagger, seed 1: ", output);
        string Figure(string key, string digits) =>
            metrics[key]!.GetValue<double>().ToString(digits, CultureInfo.InvariantCulture);
        Assert.Contains($"epoch 3, loss {Figure("train_loss", "f3")}, dev loss {Figure("dev_loss", "f3")}, "
            + $"dev F1 {Figure("dev_f1", "f2")}", last, StringComparison.Ordinal);
        Assert.Contains("best dev F1 ", last, StringComparison.Ordinal);
    }

    static (string Line, JsonNode Metrics) Last(Ldnet run, string label, string folder) =>
        (run.Error.Split('\n').Last(line => line.StartsWith(label, StringComparison.Ordinal)),
            JsonNode.Parse(File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Last())!);
}
