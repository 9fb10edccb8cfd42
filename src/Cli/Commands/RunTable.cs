using System.Text.Json.Nodes;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Commands;

/// <summary>What tables of several runs have of each.</summary>
static class RunTable
{
    public static readonly string[] Columns = ["dev F1", "dev loss", "test F1", "best epoch", "epochs", "words/s"];

    /// <summary>In the order of <see cref="Columns"/>.</summary>
    public static string[] Cells(RunResult result) => result.Training is not { } training
        ? ["diverged", "", "", "", "", ""]
        :
        [
            training.BestF1 < 0 ? "none yet" : training.BestF1.ToString("f2"),
            training.BestDevLoss?.ToString("f4") ?? "",
            result.Test?.F1.ToString("f2") ?? Untested(training),
            $"{training.BestEpoch}", $"{training.Epochs}", training.WordsPerSecond.ToString("f0"),
        ];

    /// <summary>In place of the test's figure, where there is none.</summary>
    public static string Untested(TaggerResult training) => training.WasInterrupted ? "interrupted" : "";

    public static JsonObject ToJson(string name, RunResult result) => new()
    {
        [name] = int.Parse(result.Run.Name, System.Globalization.CultureInfo.InvariantCulture),
        ["folder"] = result.Run.Folder.Root,
        ["seed"] = result.Run.Seed,
        ["dev_f1"] = result.Training is { BestF1: >= 0 } scored ? scored.BestF1 : null,
        ["dev_loss"] = result.Training?.BestDevLoss,
        ["best_epoch"] = result.Training?.BestEpoch,
        ["epochs"] = result.Training?.Epochs,
        ["words_per_second"] = result.Training is { } training ? Math.Round(training.WordsPerSecond, 1) : null,
        ["test_f1"] = result.Test?.F1,
        ["interrupted"] = result.WasInterrupted,
        ["diverged"] = result.Diverged,
    };
}
