using System.Globalization;
using System.Text.Json;
using LdNetGpu.Devices;
using LdNetGpu.Model.Configuration;
using LdNetGpu.Train.Checkpoints;

namespace LdNetGpu.Train.Training;

/// <summary>
/// A run's settings as text, kept beside the state to go on from, and which of them a run that goes on may change.
/// </summary>
static class RunSettings
{
    public const string FileName = "settings.json";

    // What bounds a run and no more: the same bits come of it up to where it ended.
    static readonly string[] Growing = ["max_epochs", "min_epochs", "max_tokens", "patience"];

    // What a run that diverged is mended with.
    static readonly string[] Free = ["learning_rate", "clip_norm"];

    /// <summary>Every setting by its name.</summary>
    public static SortedDictionary<string, string> Of<T>(T options) where T : class, ISettings, new() =>
        new(SettingsSchema<T>.Instance.Settings.ToDictionary(setting => setting.Name,
            setting => setting.TextIn(options)), StringComparer.Ordinal);

    /// <summary>Adds the settings to a checkpoint.</summary>
    public static void Write(CheckpointWriter writer, SortedDictionary<string, string> settings) =>
        writer.AddText(FileName, JsonSerializer.Serialize(settings, TrainingJson.Default.SortedDictionaryStringString));

    /// <summary>The settings in a checkpoint; null where they were not kept.</summary>
    /// <exception cref="UserException">The file is damaged.</exception>
    public static SortedDictionary<string, string>? Find(CheckpointFolder folder) => folder.Has(FileName)
        ? Parse(folder.ReadText(FileName), folder.PathOf(FileName)) : null;

    /// <summary>The same from their text; <paramref name="source"/> stands for the file in messages.</summary>
    /// <exception cref="UserException">It is not a run's settings.</exception>
    public static SortedDictionary<string, string> Parse(string text, string source)
    {
        try
        {
            var settings = JsonSerializer.Deserialize(text, TrainingJson.Default.SortedDictionaryStringString);
            return settings?.Values.All(value => value is not null) == true ? settings
                : throw new JsonException("a value is null.");
        }
        catch (JsonException error)
        {
            throw new UserException($"{source}: not a run's settings: {JsonProblem.Of(error)}", error);
        }
    }

    /// <summary>
    /// Options of what <see cref="Of"/> wrote; settings that were not known then have their defaults.
    /// </summary>
    /// <exception cref="UserException">They are those of another kind of run, or a value cannot be read.</exception>
    public static T Read<T>(IReadOnlyDictionary<string, string> settings, string source)
        where T : class, ISettings, new()
    {
        if (settings.Keys.FirstOrDefault(name => SettingsSchema<T>.Instance.Find(name) is null) is { } strange)
            throw new UserException($"{source}: saved by a run of another kind: its setting {strange} is none of this "
                + "one's.");
        var section = new SettingsSection(SettingsSchema<T>.Instance);
        var problems = new List<string>();
        foreach (var (name, value) in settings) section.Set(name, value, $"{source}: ", problems);
        var options = section.Build<T>(problems);
        return problems.Count == 0 ? options : throw new OptionsException(problems);
    }

    /// <summary>Makes sure that a run that goes on is the one that was saved; tells of what it may change.</summary>
    /// <param name="folder">Where the run is.</param>
    /// <param name="saved">Seed and settings that it began with, or was last resumed with.</param>
    /// <param name="here">Those now.</param>
    /// <param name="progress">Told of each change.</param>
    /// <exception cref="ResumeException">Others have changed than may.</exception>
    public static void RequireResumable(string folder, SavedRun saved, SavedRun here, IProgress<WorkProgress>? progress)
    {
        List<(string Name, string Saved, string Here)> changes = [];
        if (saved.Seed != here.Seed) changes.Add(("seed", Invariant($"{saved.Seed}"), Invariant($"{here.Seed}")));
        foreach (var (name, value) in here.Settings ?? new SortedDictionary<string, string>())
            if (saved.Settings?.GetValueOrDefault(name) is { } before && before != value)
                changes.Add((name, before, value));
        var refused = changes.Where(change => !MayChange(change.Name, change.Saved, change.Here)).ToArray();
        if (refused.Length > 0)
            throw new ResumeException(folder,
                string.Join(", ", refused.Select(change => $"{change.Name}={change.Saved}")),
                string.Join(", ", refused.Select(change => $"{change.Name}={change.Here}")));
        foreach (var (name, before, value) in changes)
            progress?.Report(WorkProgress.Note($"{folder}: goes on with {name}={value}; it was {before}."));
    }

    static bool MayChange(string name, string saved, string here) =>
        Free.Contains(name) || Growing.Contains(name) && Bound(name, here) > Bound(name, saved);

    // No tokens at most is no limit.
    static decimal Bound(string name, string value) =>
        name == "max_tokens" && value == "0" ? decimal.MaxValue : decimal.Parse(value, CultureInfo.InvariantCulture);
}
