using System.Text.Json.Nodes;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Cli.Commands;

/// <summary>
/// Result of a sweep: each run with the settings that tell it from the others. The best is chosen by what every run
/// stops by; where they differ in that, by F1.
/// </summary>
static class SweepResults
{
    public static void Report(CommandContext context, IReadOnlyList<SweptSettings> swept,
        IReadOnlyList<RunResult> results)
    {
        var isByLoss = swept.All(settings =>
            settings.Source.Read<TaggerOptions>().StopBy == StopCriterion.Loss);
        var best = isByLoss
            ? results.Where(result => result.Training is { BestDevLoss: not null })
                .MinBy(result => result.Training!.BestDevLoss)
            : results.Where(result => result.Training is { BestF1: > 0 }).MaxBy(result => result.Training!.BestF1);
        SweptSettings Of(RunResult result) =>
            swept[int.Parse(result.Run.Name, System.Globalization.CultureInfo.InvariantCulture) - 1];

        string[] names = [.. swept.SelectMany(settings => settings.Values.Select(value => value.Name)).Distinct()];
        var json = new JsonObject
        {
            ["runs"] = new JsonArray([.. results.Select(result =>
            {
                var row = RunTable.ToJson("run", result);
                row["settings"] = new JsonObject(Of(result).Values.Select(value =>
                    KeyValuePair.Create(value.Name, (JsonNode?)value.Value)));
                return (JsonNode)row;
            })]),
            ["best_by"] = (isByLoss ? StopCriterion.Loss : StopCriterion.F1).ToString().ToLowerInvariant(),
            ["best_run"] = best is null ? null
                : int.Parse(best.Run.Name, System.Globalization.CultureInfo.InvariantCulture),
        };
        context.Report(json, writer =>
        {
            var table = new TextTable(["run", .. names, .. RunTable.Columns]);
            foreach (var result in results)
                table.Add([result.Run.Name, .. names.Select(name => Of(result).Find(name) ?? ""),
                    .. RunTable.Cells(result)]);
            table.WriteTo(writer);
            if (best is not null) writer.WriteLine(
                $"{(isByLoss ? "Lowest dev loss" : "Highest dev F1")}: run {best.Run.Name}, {best.Run.Folder.Root}");
        });
    }
}
