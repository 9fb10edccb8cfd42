using System.Text.Json.Nodes;
using LdNetGpu.Train.Metrics;

namespace LdNetGpu.Cli.Commands;

/// <summary>Result of a cross-validation: each fold, mean ± standard deviation, and all folds together.</summary>
static class FoldResults
{
    /// <summary>In the command's folder: word, gold tag and predicted tag of the whole file.</summary>
    public const string FileName = "predictions.conll";

    /// <param name="context">Of the command.</param>
    /// <param name="results">Of the folds that were begun.</param>
    /// <param name="together">Spans of the whole file; null where a fold was interrupted.</param>
    /// <param name="predictions">The file of predictions; null where a fold was interrupted.</param>
    public static void Report(CommandContext context, IReadOnlyList<RunResult> results, SpanReport? together,
        string? predictions)
    {
        double[] known = [.. results.Select(result => result.Test?.F1).OfType<double>()];
        var mean = known.Length == 0 ? null : MeanAndDeviation.Of(known);
        var json = new JsonObject
        {
            ["folds"] = new JsonArray([.. results.Select(result => (JsonNode)RunTable.ToJson("fold", result))]),
            ["test_f1_mean"] = mean?.Mean,
            ["test_f1_deviation"] = mean?.Count > 1 ? mean.StandardDeviation : null,
            ["test_f1_together"] = together?.F1,
            ["predictions"] = predictions,
        };
        context.Report(json, writer =>
        {
            var table = new TextTable(["fold", .. RunTable.Columns]);
            foreach (var result in results) table.Add([result.Run.Name, .. RunTable.Cells(result)]);
            if (mean is not null) table.Add("mean", "", "", mean.ToString(), "", "", "");
            table.WriteTo(writer);
            if (together is null) return;
            writer.WriteLine($"All folds together, {predictions}:");
            foreach (var line in SpanReportText.Lines(together)) writer.WriteLine(line);
        });
    }
}
