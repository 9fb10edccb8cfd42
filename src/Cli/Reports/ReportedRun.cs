using System.Text.Json;
using System.Text.Json.Nodes;
using LdNetGpu.Devices;
using LdNetGpu.Train.Checkpoints;
using LdNetGpu.Train.Models;
using LdNetGpu.Train.Training;

namespace LdNetGpu.Cli.Reports;

/// <summary>A run as its folder has it.</summary>
/// <param name="Name">The folder, as it was found.</param>
/// <param name="Kind"><c>tagger</c> or <c>language_model</c>.</param>
/// <param name="Seed">Null where the folder does not tell.</param>
/// <param name="Settings">By name.</param>
/// <param name="Metrics">An object for each epoch, or evaluation.</param>
sealed record ReportedRun(string Name, CheckpointFolder Folder, string Kind, ulong? Seed,
    IReadOnlyDictionary<string, string> Settings, IReadOnlyList<JsonObject> Metrics)
{
    // lm/forward, seed-3/forward: no run lies deeper.
    const int DeepestFolder = 3;

    /// <summary>More than anyone looks at side by side.</summary>
    public const int MostRuns = 64;

    public bool IsTagger => Kind == TaggerConfig.KindName;

    /// <summary>Whether layers were selected in it.</summary>
    public bool HasScales => Metrics.Any(line => line["scales"] is JsonArray);

    /// <summary>In words; runs of one work have the same settings.</summary>
    public string Work => !IsTagger ? "language model" : HasScales ? "layer selection" : "tagger";

    /// <summary>What passes are counted by: <c>epoch</c>, or a language model's <c>pass</c>.</summary>
    public string Pass => IsTagger ? "epoch" : "pass";

    /// <summary>A figure over the passes.</summary>
    public IReadOnlyList<(double Pass, double Figure)> Of(string metric) =>
        [.. Metrics.Select(line => (Number(line[Pass]), Number(line[metric])))
            .Where(pair => double.IsFinite(pair.Item1) && double.IsFinite(pair.Item2))];

    /// <summary>The runs of folders: those that are one, and those that lie in them, in their names' order.</summary>
    /// <exception cref="UserException">A folder holds none, or a run cannot be read; says which.</exception>
    public static IReadOnlyList<ReportedRun> Find(IEnumerable<string> folders)
    {
        var runs = new List<ReportedRun>();
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder)) throw new UserException($"{folder}: there is no such folder.");
            var found = Under(folder, DeepestFolder).ToList();
            if (found.Count == 0)
                throw new UserException($"{folder}: no model in it, or in folders within. Name what training wrote.");
            runs.AddRange(found);
        }
        runs = [.. runs.DistinctBy(run => Path.TrimEndingDirectorySeparator(Path.GetFullPath(run.Folder.Root)))];
        return runs.Count <= MostRuns ? runs
            : throw new UserException($"{runs.Count} runs; a report takes {MostRuns} at most. Name fewer folders.");
    }

    static IEnumerable<ReportedRun> Under(string path, int deep)
    {
        var folder = new CheckpointFolder(path);
        if (folder.Exists) return [Read(folder)];
        return deep == 0 ? [] : Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal)
            .Where(inner => (File.GetAttributes(inner) & FileAttributes.ReparsePoint) == 0)
            .SelectMany(inner => Under(inner, deep - 1));
    }

    static ReportedRun Read(CheckpointFolder folder)
    {
        var kind = ModelConfigJson.KindOf(folder)
            ?? throw new UserException($"{folder.PathOf("config.json")}: names no kind of model.");
        var saved = SavedRun.Find(folder);
        return new(folder.Root, folder, kind, saved?.Seed, saved?.Settings ?? Options(folder), Metric(folder));
    }

    // A language model's settings stand in its configuration alone.
    static IReadOnlyDictionary<string, string> Options(CheckpointFolder folder) =>
        JsonNode.Parse(folder.ReadText("config.json"))?["options"] is JsonObject options
            ? options.ToDictionary(option => option.Key, option => option.Value?.ToJsonString() ?? "null")
            : new Dictionary<string, string>();

    static List<JsonObject> Metric(CheckpointFolder folder)
    {
        var lines = new List<JsonObject>();
        foreach (var line in folder.ReadMetrics())
            try
            {
                lines.Add(JsonNode.Parse(line) as JsonObject ?? throw new JsonException("it is no object."));
            }
            catch (JsonException error)
            {
                throw new UserException($"{folder.Root}: line {lines.Count + 1} of {MetricsLog.FileName} is not what "
                    + $"training writes: {error.Message}", error);
            }
        return lines;
    }

    /// <summary>Which pass a line of metrics is of; 0 where it does not say.</summary>
    public double PassOf(JsonObject line) => Number(line[Pass]) is var pass && double.IsFinite(pass) ? pass : 0;

    /// <summary>How many layers' z were written.</summary>
    public int ScaledLayers => Metrics.Max(line => (line["scales"] as JsonArray)?.Count ?? 0);

    /// <summary>z of a layer over the passes.</summary>
    /// <param name="layer">From 0: the forward model's, then the backward one's.</param>
    public IReadOnlyList<(double Pass, double Scale)> ScaleOf(int layer) =>
        [.. Metrics.Where(line => line["scales"] is JsonArray scales && layer < scales.Count)
            .Select(line => (PassOf(line), Number(line["scales"]![layer])))
            .Where(pair => double.IsFinite(pair.Item2))];

    static double Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number ? node.GetValue<double>() : double.NaN;
}
